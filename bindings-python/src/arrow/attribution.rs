//! Attribution of whole tables.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use bailiwick::Directory;
use bailiwick::columns::AttributionColumns;

use super::attribution_answers::AttributionAnswers;
use super::column_names::RequestedUsage;
use super::error::TableError;
use super::focus::{Focus, FocusVersion};
use super::input::{InstantInput, UsageInput};
use super::instant::Times;
use super::output::Encoding;
use super::reader::Evaluator;

/// Which names the columns of answers have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    Bailiwick,
    Focus(FocusVersion),
}

pub(crate) struct AttributionEvaluator {
    directory: Arc<Directory>,
    usage: UsageInput,
    at: InstantInput,
    focus: Option<Focus>,
    answers: AttributionAnswers,
}

/// An evaluator for a table with this schema.
pub(crate) fn attribute(
    directory: Arc<Directory>,
    schema: &Schema,
    requested: &RequestedUsage,
    naming: Naming,
    encoding: Encoding,
    times: Times,
) -> Result<AttributionEvaluator, TableError> {
    Ok(AttributionEvaluator {
        usage: UsageInput::new(requested, schema)?,
        at: InstantInput::new(&requested.at, schema, times)?,
        focus: match naming {
            Naming::Bailiwick => None,
            Naming::Focus(version) => Some(Focus::new(version, requested, schema, &directory)?),
        },
        answers: AttributionAnswers::new(Arc::clone(&directory), encoding),
        directory,
    })
}

impl Evaluator for AttributionEvaluator {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.answers.encoding();
        self.focus.as_ref().map_or_else(|| AttributionAnswers::fields(encoding), |focus| focus.fields(encoding))
    }

    fn reasons(&self) -> (Vec<&'static str>, usize) {
        (AttributionColumns::reasons().collect(), AttributionColumns::RULES)
    }

    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        self.usage.open(batch, &*self.directory)?;
        self.at.open(batch)?;
        if let Some(focus) = &mut self.focus {
            focus.open(batch, &self.directory, self.answers.encoding())?;
        }
        Ok(())
    }

    fn begin(&mut self, rows: usize) {
        self.answers.begin(rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError> {
        self.usage.read(rows.clone(), &*self.directory)?;
        self.at.read(rows)?;
        self.answers.attribute(&self.usage.columns(&self.at));
        Ok(())
    }

    fn row_reasons(&self) -> &[u8] {
        &self.answers.rows.reason
    }

    fn columns(&mut self, rows: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
        match &mut self.focus {
            Some(focus) => focus.columns(rows, &mut self.answers),
            None => Ok(self.answers.columns()),
        }
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        match &mut self.focus {
            Some(focus) => focus.words(self.answers.places_words()),
            None => self.answers.words(),
        }
    }
}
