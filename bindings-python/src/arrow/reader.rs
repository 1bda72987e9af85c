//! Answers a table batch by batch and slice by slice, in the order of its rows. Memory stays bounded however long the table is.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader, StringArray};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::panics::catch_panic;

use super::error::TableError;
use super::import::Table;
use super::output::{finished, unfinished};

/// The most rows of one batch of answers: as plain text they stay below two gigabytes.
const SLICE: usize = 1 << 17;
/// How many rows are looked up and answered at a time: few enough that their cells stay in the cache.
const CHUNK: usize = 2_048;

/// Answers the batches of one table: decisions or attributions.
pub(crate) trait Evaluator: Send + 'static {
    /// The columns of answers.
    fn fields(&self) -> Vec<Field>;
    /// Every reason that a row can have. Those from `rules` on are error codes.
    fn reasons(&self) -> (Vec<&'static str>, usize);
    /// Moves to the next batch.
    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError>;
    /// Forgets the answers so far, and reserves memory for so many.
    fn begin(&mut self, rows: usize);
    /// Answers a few rows of the batch.
    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError>;
    /// Answers what `answer` has put off, after the last row since `begin`.
    fn finish(&mut self) -> Result<(), TableError> {
        Ok(())
    }
    /// The most rows from `begin` to `columns`.
    fn most_rows(&self) -> usize {
        SLICE
    }
    /// Whether these are rows of several batches.
    fn gathers(&self) -> bool {
        false
    }
    /// The number of the reason of every row that was answered since `begin`.
    fn row_reasons(&self) -> &[u8];
    /// The answers since `begin`, which are those of these rows, as columns.
    fn columns(&mut self, rows: Range<usize>) -> Result<Vec<ArrayRef>, TableError>;
    /// The words of the columns of ids, in the order of the columns, after the last row ([`Encoding::Dictionary`]).
    ///
    /// [`Encoding::Dictionary`]: super::output::Encoding::Dictionary
    fn words(&mut self) -> Vec<Arc<StringArray>>;
}

/// The progress of the answers, which other threads can read.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) rules: usize,
    counts: Vec<AtomicU64>,
    fault: OnceLock<TableError>,
}

impl Progress {
    /// Those from `rules` on are error codes.
    pub(super) fn new(reasons: Vec<&'static str>, rules: usize) -> Self {
        let counts = reasons.iter().map(|_| AtomicU64::new(0)).collect();
        Self { reasons, rules, counts, fault: OnceLock::new() }
    }

    pub(super) fn add(&self, counts: &[u64]) {
        for (sum, rows) in self.counts.iter().zip(counts) {
            sum.fetch_add(*rows, Ordering::Relaxed);
        }
    }

    /// The answers ended early.
    pub(super) fn end(&self, fault: &TableError) {
        self.fault.get_or_init(|| fault.clone());
    }

    /// The number of rows of each reason so far.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.reasons.iter().copied().zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed)))
    }

    /// The number of rows so far.
    pub(crate) fn rows(&self) -> u64 {
        self.counts().fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// The number of rows with an error code so far.
    pub(crate) fn faulty_rows(&self) -> u64 {
        self.counts().skip(self.rules).fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// The error that ended the answers early.
    pub(crate) fn fault(&self) -> Option<&TableError> {
        self.fault.get()
    }
}

/// The answers to a table, as they are read.
pub(crate) struct AnswerReader {
    table: Box<dyn Iterator<Item = Result<RecordBatch, TableError>> + Send>,
    batch: Option<(RecordBatch, usize)>,
    /// Answers that have not been read.
    ready: VecDeque<RecordBatch>,
    evaluator: Box<dyn Evaluator>,
    schema: SchemaRef,
    /// The columns as they are until [`finish`](AnswerReader::finish).
    unfinished: SchemaRef,
    keeps_input: bool,
    progress: Arc<Progress>,
    counts: Vec<u64>,
    is_over: bool,
}

impl AnswerReader {
    /// The answers to a table, after its own columns if these are kept.
    pub(crate) fn new(table: Table, evaluator: Box<dyn Evaluator>, keeps_input: bool, prefix: &str) -> Result<Self, TableError> {
        let Table { schema: input, batches: table } = table;
        let mut fields = if keeps_input { input.fields().to_vec() } else { Vec::new() };
        for answer in evaluator.fields() {
            let name = format!("{prefix}{}", answer.name());
            if fields.iter().any(|field| *field.name() == name) {
                return Err(TableError::duplicate_column(&name, "set `prefix`: the table already has a column"));
            }
            fields.push(Arc::new(answer.with_name(name)));
        }
        let (reasons, rules) = evaluator.reasons();
        let counts = vec![0; reasons.len()];
        let progress = Arc::new(Progress::new(reasons, rules));
        let kept = if keeps_input { input.fields().len() } else { 0 };
        let of_answers = fields.iter().skip(kept).map(|field| Arc::new(unfinished(field)));
        let unfinished = Arc::new(Schema::new(fields.iter().take(kept).cloned().chain(of_answers).collect::<Vec<_>>()));
        let schema = Arc::new(Schema::new(fields));
        Ok(Self {
            table,
            batch: None,
            ready: VecDeque::new(),
            evaluator,
            schema,
            unfinished,
            keeps_input,
            progress,
            counts,
            is_over: false,
        })
    }

    pub(crate) fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }

    /// The next batch of answers; none at the end. With dictionaries of ids ([`Evaluator::words`]) they have to be [`finish`](Self::finish)ed.
    pub(crate) fn advance(&mut self) -> Result<Option<RecordBatch>, TableError> {
        if self.is_over {
            return Ok(None);
        }
        // C code may be the caller, so a panic must become an error.
        let next = catch_panic(|| self.next_batch()).unwrap_or_else(|place| Err(TableError::internal(&place)));
        match &next {
            Ok(Some(_)) => {}
            Ok(None) => self.is_over = true,
            Err(fault) => {
                self.is_over = true;
                self.progress.end(fault);
            }
        }
        next
    }

    /// All batches of answers, with one dictionary for each column.
    pub(crate) fn finish(&mut self, batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>, TableError> {
        catch_panic(|| {
            let words = self.evaluator.words();
            batches.into_iter().map(|batch| self.finished(batch, &words)).collect()
        })
        .unwrap_or_else(|place| Err(TableError::internal(&place)))
    }

    fn finished(&self, batch: RecordBatch, words: &[Arc<StringArray>]) -> Result<RecordBatch, TableError> {
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let mut words = words.iter();
        let fields = self.schema.fields().iter().zip(self.unfinished.fields());
        let columns = fields.zip(batch.columns()).map(|((field, unfinished), column)| {
            let words = if field == unfinished { None } else { words.next() };
            words.map_or_else(|| column.clone(), |words| finished(column, words))
        });
        let answers = RecordBatch::try_new_with_options(self.schema.clone(), columns.collect(), &options);
        answers.map_err(|error| TableError::unreadable(&error))
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        if self.ready.is_empty() {
            let parts = self.answer_rows()?;
            self.write(&parts)?;
        }
        Ok(self.ready.pop_front())
    }

    /// Answers the next rows. Returns where they are.
    fn answer_rows(&mut self) -> Result<Vec<Part>, TableError> {
        let mut parts = Vec::new();
        let mut rest = self.evaluator.most_rows();
        loop {
            if let Some((batch, start)) = self.batch.take_if(|(batch, start)| *start < batch.num_rows()) {
                let end = start.saturating_add(rest).min(batch.num_rows());
                let count = end.saturating_sub(start);
                if parts.is_empty() {
                    self.evaluator.begin(count);
                }
                for start in (start..end).step_by(CHUNK) {
                    self.evaluator.answer(start..start.saturating_add(CHUNK).min(end))?;
                }
                parts.push(Part { batch: batch.clone(), rows: start..end });
                self.batch = Some((batch, end));
                rest = rest.saturating_sub(count);
                if rest == 0 || !self.evaluator.gathers() {
                    return Ok(parts);
                }
            }
            self.batch = None;
            let Some(batch) = self.table.next().transpose()? else { return Ok(parts) };
            self.evaluator.open(&batch)?;
            self.batch = Some((batch, 0));
        }
    }

    /// Writes the answers to the rows of these parts.
    fn write(&mut self, parts: &[Part]) -> Result<(), TableError> {
        let Some(first) = parts.first() else { return Ok(()) };
        self.evaluator.finish()?;
        self.counts.fill(0);
        for reason in self.evaluator.row_reasons() {
            if let Some(count) = self.counts.get_mut(usize::from(*reason)) {
                *count = count.saturating_add(1);
            }
        }
        let answers = self.evaluator.columns(first.rows.clone())?;
        let mut start = 0_usize;
        for Part { batch, rows } in parts {
            let count = rows.len();
            let kept = if self.keeps_input { batch.columns() } else { &[] };
            let mut columns =
                TableError::reading(|| Ok(kept.iter().map(|column| column.slice(rows.start, count)).collect::<Vec<ArrayRef>>()))?;
            columns.extend(answers.iter().map(|column| if parts.len() == 1 { column.clone() } else { column.slice(start, count) }));
            start = start.saturating_add(count);
            let options = RecordBatchOptions::new().with_row_count(Some(count));
            let answers = RecordBatch::try_new_with_options(self.unfinished.clone(), columns, &options);
            self.ready.push_back(answers.map_err(|error| TableError::unreadable(&error))?);
        }
        self.progress.add(&self.counts);
        Ok(())
    }
}

/// Some rows of a batch.
struct Part {
    batch: RecordBatch,
    rows: Range<usize>,
}

impl Iterator for AnswerReader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().map_err(TableError::into_arrow).transpose()
    }
}

impl RecordBatchReader for AnswerReader {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
