//! The moments of a table's rows, without answering them.

use bailiwick::Instant;

use super::column_names::RequestedColumn;
use super::error::TableError;
use super::import::Table;
use super::input::InstantInput;
use super::instant::Times;

/// As many rows are read at a time.
const CHUNK: usize = 1 << 16;

/// The first and the last moment of some rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    pub(crate) first: Instant,
    /// `None` if a row has something else instead of an instant: it is answered by the last state.
    pub(crate) last: Option<Instant>,
}

/// The moments of a table; `None` if it has no rows.
pub(crate) fn of_table(table: Table, at: &RequestedColumn, times: Times) -> Result<Option<Moments>, TableError> {
    let mut found: Option<Moments> = None;
    each(table, at, times, |at| {
        let Moments { first, last } = found.unwrap_or(Moments { first: Instant::LATEST, last: at });
        found = Some(Moments { first: at.map_or(first, |at| first.min(at)), last: at.zip(last).map(|(at, last)| last.max(at)) });
    })?;
    Ok(found)
}

/// The moment of each row of a table, in order; none where a row has something else.
pub(crate) fn each(table: Table, at: &RequestedColumn, times: Times, mut tell: impl FnMut(Option<Instant>)) -> Result<(), TableError> {
    let mut input = InstantInput::new(at, &table.schema, times)?;
    for batch in table.batches {
        let batch = batch?;
        input.open(&batch)?;
        for start in (0..batch.num_rows()).step_by(CHUNK) {
            input.read(start..start.saturating_add(CHUNK).min(batch.num_rows()))?;
            input.cells.iter().for_each(|at| tell(at.get()));
        }
    }
    Ok(())
}
