//! Rows that the core works out while they are read, as batches of columns. Memory stays bounded however many there are.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::panics::catch_panic;

use super::error::TableError;
use super::reader::Progress;

/// The most rows of one batch.
const MOST_ROWS: usize = 1 << 14;

/// A source of rows.
pub(crate) trait Rows: Send + 'static {
    fn fields(&self) -> Vec<Field>;
    /// Every kind of row.
    fn kinds(&self) -> Vec<&'static str>;
    /// The next rows as columns, at most so many, and the number of those of each kind. No columns after the last row.
    fn next_columns(&mut self, most: usize, counts: &mut [u64]) -> Vec<ArrayRef>;
}

/// The rows of a source, as they are read.
pub(crate) struct RowReader<R> {
    rows: R,
    schema: SchemaRef,
    progress: Arc<Progress>,
    is_over: bool,
}

impl<R: Rows> RowReader<R> {
    pub(crate) fn new(rows: R) -> Self {
        let (schema, kinds) = (Arc::new(Schema::new(rows.fields())), rows.kinds());
        let count = kinds.len();
        Self { rows, schema, progress: Arc::new(Progress::new(kinds, count)), is_over: false }
    }

    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let mut counts = vec![0; self.progress.reasons.len()];
        let columns = self.rows.next_columns(MOST_ROWS, &mut counts);
        if columns.is_empty() {
            return Ok(None);
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|error| TableError::unreadable(&error))?;
        self.progress.add(&counts);
        Ok(Some(batch))
    }
}

impl<R: Rows> Iterator for RowReader<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        // C code may be the caller, so a panic must become an error.
        let next = catch_panic(|| self.next_batch()).unwrap_or_else(|place| Err(TableError::internal(&place)));
        self.is_over = !matches!(next, Ok(Some(_)));
        if let Err(fault) = &next {
            self.progress.end(fault);
        }
        next.map_err(TableError::into_arrow).transpose()
    }
}

impl<R: Rows> RecordBatchReader for RowReader<R> {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
