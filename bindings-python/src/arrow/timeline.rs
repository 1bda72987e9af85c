//! Attribution of whole tables by a timeline: each row by the revision in force at its own instant.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use bailiwick::columns::AttributionColumns;
use bailiwick::{Timeline, TimelineAttribution, TimelineNames};

use super::attribution::Naming;
use super::attribution_answers::AttributionAnswers;
use super::column_names::RequestedUsage;
use super::error::TableError;
use super::focus::Focus;
use super::input::{InstantInput, UsageInput};
use super::instant::Times;
use super::output::Encoding;
use super::reader::Evaluator;

/// The most rows that are put into the order of time together: the directory moves through the steps once for all of them. Their cells take some 80 bytes a
/// row.
const MOST_ROWS: usize = 1 << 20;

pub(crate) struct TimelineEvaluator {
    attribution: TimelineAttribution,
    requested: RequestedUsage,
    schema: SchemaRef,
    /// The columns as each era reads them.
    eras: Vec<Option<EraInput>>,
    at: InstantInput,
    batch: Option<RecordBatch>,
    /// How many batches there have been.
    batches: u64,
    focus: Option<Focus>,
    answers: AttributionAnswers,
}

struct EraInput {
    usage: UsageInput,
    /// The batch that is open, and the generation of the names that its cells were found by.
    open: Option<(u64, u64)>,
}

/// An evaluator for a table with this schema.
pub(crate) fn attribute(
    timeline: &Timeline,
    schema: &Schema,
    requested: RequestedUsage,
    naming: Naming,
    encoding: Encoding,
    times: Times,
) -> Result<TimelineEvaluator, TableError> {
    let (usage, present) = (UsageInput::new(&requested, schema)?, timeline.present());
    let focus = match naming {
        Naming::Bailiwick => None,
        Naming::Focus(form) => Some(Focus::new(form, &requested, schema, present, Arc::new(TimelineNames::new(timeline)))?),
    };
    Ok(TimelineEvaluator {
        at: InstantInput::new(&requested.at, schema, times)?,
        eras: vec![Some(EraInput { usage, open: None })],
        answers: AttributionAnswers::new(Arc::clone(present), encoding),
        attribution: TimelineAttribution::new(timeline.clone()).map_err(|error| TableError::of_core(&error))?,
        focus,
        requested,
        schema: Arc::new(schema.clone()),
        batch: None,
        batches: 0,
    })
}

impl TimelineEvaluator {
    /// Reads some rows with the names of an era.
    fn push(&mut self, era: usize, rows: Range<usize>) -> Result<(), TableError> {
        if self.eras.len() <= era {
            self.eras.resize_with(era.saturating_add(1), || None);
        }
        let Some((place, batch)) = self.eras.get_mut(era).zip(self.batch.as_ref()) else { return Ok(()) };
        let input = match place {
            Some(input) => input,
            None => place.insert(EraInput { usage: UsageInput::new(&self.requested, &self.schema)?, open: None }),
        };
        let names = self.attribution.names(era).map_err(|error| TableError::of_core(&error))?;
        let wanted = (self.batches, names.generation());
        if input.open != Some(wanted) {
            // Cells from before a compaction stand for something else.
            if input.open.is_some_and(|(_, generation)| generation != wanted.1) {
                input.usage.forget();
            }
            input.usage.open(batch, names)?;
            input.open = Some(wanted);
        }
        input.usage.read(rows, names)?;
        self.attribution.push(era, &input.usage.columns(&self.at));
        Ok(())
    }
}

impl Evaluator for TimelineEvaluator {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.answers.encoding;
        let (mut fields, revision) = match &self.focus {
            Some(focus) => (focus.fields(encoding), Focus::REVISION),
            None => (AttributionAnswers::fields(encoding), "revision"),
        };
        fields.push(Field::new(revision, DataType::UInt64, true));
        fields
    }

    fn reasons(&self) -> (Vec<&'static str>, usize) {
        (AttributionColumns::reasons().collect(), AttributionColumns::RULES)
    }

    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        self.batches = self.batches.wrapping_add(1);
        self.batch = Some(batch.clone());
        if let Some(focus) = &mut self.focus {
            focus.open(batch, self.answers.encoding)?;
        }
        self.at.open(batch)
    }

    fn begin(&mut self, rows: usize) {
        self.answers.begin(rows);
        self.attribution.begin(&self.answers.rows, rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError> {
        if let Some(focus) = &mut self.focus {
            focus.read(&rows)?;
        }
        self.at.read(rows.clone())?;
        let eras = self.attribution.place(&self.at.cells).to_vec();
        eras.into_iter().try_for_each(|era| self.push(era, rows.clone()))
    }

    fn finish(&mut self) -> Result<(), TableError> {
        self.attribution.finish(&mut self.answers.rows).map_err(|error| TableError::of_core(&error))
    }

    fn most_rows(&self) -> usize {
        MOST_ROWS
    }

    fn gathers(&self) -> bool {
        true
    }

    fn row_reasons(&self) -> &[u8] {
        &self.answers.rows.reason
    }

    fn columns(&mut self, _: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
        let mut columns = match &mut self.focus {
            Some(focus) => focus.columns(&mut self.answers),
            None => self.answers.columns(),
        };
        columns.push(Arc::new(self.attribution.revisions().collect::<UInt64Array>()));
        Ok(columns)
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        match &mut self.focus {
            Some(focus) => focus.words(&mut self.answers),
            None => self.answers.words(),
        }
    }
}
