//! The instants of a table's rows, for summaries.

use bailiwick::Instant;
use pyo3::prelude::*;

use super::capsule::batches;
use super::{At, ColumnName, When};
use crate::arrow::column_names;
use crate::arrow::input::instants;
use crate::error::py_table_error;

/// The instant of each row in milliseconds since 1970, read as attribute_table reads it: a list, None where a row has no valid one.
///
/// Raises BailiwickError as Bailiwick.attribute_table.
#[pyfunction]
#[pyo3(
    signature = (table, *, at=At::Column(ColumnName::Default("at")), time_zone=None, at_unit=None),
    text_signature = "(table, *, at='at', time_zone=None, at_unit=None)"
)]
pub(crate) fn instants_of(
    table: &Bound<'_, PyAny>,
    at: At,
    time_zone: Option<&Bound<'_, PyAny>>,
    at_unit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<Option<i64>>> {
    let py = table.py();
    let When { column, times } = When::new(py, at, time_zone, at_unit)?;
    let rows = batches(table, "/table")?;
    let read = py.detach(|| column_names::instants(column).and_then(|named| instants(rows, &named, times)));
    let read = read.map_err(|fault| py_table_error(py, &fault))?;
    Ok(read.into_iter().map(|instant| instant.map(Instant::unix_milliseconds)).collect())
}
