//! Attribution of whole tables.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bailiwick::Directory;
use bailiwick::columns::AttributionColumns;

use super::attribution_answers::AttributionAnswers;
use super::column_names::RequestedUsage;
use super::error::TableError;
use super::focus::{Focus, FocusForm};
use super::input::{InstantInput, UsageInput};
use super::instant::Times;
use super::output::{Encoding, repeated};
use super::reader::Evaluator;

/// Which names the columns of answers have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    Bailiwick,
    Focus(FocusForm),
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
            Naming::Focus(form) => Some(Focus::new(form, requested, schema, &directory, Arc::<Directory>::clone(&directory))?),
        },
        answers: AttributionAnswers::new(Arc::clone(&directory), encoding),
        directory,
    })
}

impl Evaluator for AttributionEvaluator {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.answers.encoding;
        let Some(focus) = &self.focus else { return AttributionAnswers::fields(encoding) };
        let mut fields = focus.fields(encoding);
        fields.push(Field::new(Focus::REVISION, DataType::UInt64, false));
        fields
    }

    fn reasons(&self) -> (Vec<&'static str>, usize) {
        (AttributionColumns::reasons().collect(), AttributionColumns::RULES)
    }

    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        self.usage.open(batch, &*self.directory)?;
        self.at.open(batch)?;
        if let Some(focus) = &mut self.focus {
            focus.open(batch, self.answers.encoding)?;
        }
        Ok(())
    }

    fn begin(&mut self, rows: usize) {
        self.answers.begin(rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError> {
        self.usage.read(rows.clone(), &*self.directory)?;
        if let Some(focus) = &mut self.focus {
            focus.read(&rows)?;
        }
        self.at.read(rows)?;
        self.answers.attribute(&self.usage.columns(&self.at));
        Ok(())
    }

    fn row_reasons(&self) -> &[u8] {
        &self.answers.rows.reason
    }

    fn columns(&mut self, rows: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
        let Some(focus) = &mut self.focus else { return Ok(self.answers.columns()) };
        let mut columns = focus.columns(&mut self.answers);
        columns.push(repeated(self.directory.revision(), rows.len()));
        Ok(columns)
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        match &mut self.focus {
            Some(focus) => focus.words(&mut self.answers),
            None => self.answers.words(),
        }
    }
}
