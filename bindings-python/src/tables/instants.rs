//! The instants of a table's rows: what summaries and clusters need of usage beside the answers.

use bailiwick::Instant;
use pyo3::prelude::*;

use super::capsule::batches;
use super::{At, ColumnName, When};
use crate::arrow::column_names;
use crate::arrow::moments::{Moments, each, of_table};
use crate::error::py_table_error;

/// The instant of each row in milliseconds since 1970: a list, None where a row has something else. The arguments are those of attribute_table.
///
/// Raises BailiwickError as attribute_table for the column of instants.
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
    let read = batches(table, "/table")?;
    let mut instants = Vec::new();
    let told = py.detach(|| each(read, &column_names::instant(column)?, times, |at| instants.push(at.map(Instant::unix_milliseconds))));
    told.map_err(|fault| py_table_error(py, &fault))?;
    Ok(instants)
}

/// The first and the last moment of a table's rows (RFC 3339, UTC), which say what part of a journal they need. The last is None if a row has something else
/// instead of an instant: it is answered by the last state. None if there are no rows. The arguments are those of Timeline.attribute_table.
///
/// Raises BailiwickError as Timeline.attribute_table for the column of instants.
#[pyfunction]
#[pyo3(signature = (table, *, at, time_zone=None, at_unit=None))]
pub(crate) fn moments_of(
    table: &Bound<'_, PyAny>,
    at: At,
    time_zone: Option<&Bound<'_, PyAny>>,
    at_unit: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<(String, Option<String>)>> {
    let py = table.py();
    let When { column, times } = When::new(py, at, time_zone, at_unit)?;
    let read = batches(table, "/table")?;
    let found = py.detach(|| of_table(read, &column_names::instant(column)?, times));
    let moments = found.map_err(|fault| py_table_error(py, &fault))?;
    Ok(moments.map(|Moments { first, last }| (first.to_string(), last.map(|last| last.to_string()))))
}
