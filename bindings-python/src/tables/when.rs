//! The arguments for time: `at`, `time_zone` and `at_unit`.

use std::convert::Infallible;

use bailiwick::Instant;
use bailiwick::columns::TimeUnit;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString};

use crate::arrow::column_names::ColumnName;
use crate::arrow::error::TableError;
use crate::arrow::instant::Times;
use crate::arrow::zone::Zone;
use crate::clock::now;
use crate::error::py_table_error;
use crate::value::instant_of;

/// The argument `at`: the name of a column, or an instant for all rows.
#[derive(Debug)]
pub(crate) enum At {
    Column(ColumnName),
    /// `None` for a datetime that is not an instant.
    Instant(Option<Instant>),
}

impl<'py> FromPyObject<'_, 'py> for At {
    type Error = Infallible;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        if object.cast::<PyDateTime>().is_ok() {
            return Ok(Self::Instant(instant_of(&object)));
        }
        object.extract().map(Self::Column)
    }
}

/// The times of a table's rows: a column, and how its values are read.
#[derive(Debug)]
pub(crate) struct When {
    pub(super) column: ColumnName,
    pub(super) times: Times,
}

impl When {
    pub(crate) fn new(py: Python<'_>, at: At, time_zone: Option<&Bound<'_, PyAny>>, at_unit: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let read = || {
            let zone =
                option(time_zone, "/time_zone", Zone::named, "expected `UTC`, an offset such as `+02:00`, or the name of a time zone")?;
            let unit = option(at_unit, "/at_unit", TimeUnit::named, "expected `s`, `ms`, `us` or `ns`")?;
            Ok((zone, unit.unwrap_or_default()))
        };
        let (zone, unit) = read().map_err(|fault| py_table_error(py, &fault))?;
        let (column, now) = match at {
            At::Column(column) => (column, now()?),
            At::Instant(Some(instant)) => (ColumnName::None, instant),
            At::Instant(None) => return Err(py_table_error(py, &TableError::not_an_instant("/at"))),
        };
        Ok(Self { column, times: Times { now, zone, unit } })
    }
}

fn option<T>(
    given: Option<&Bound<'_, PyAny>>,
    path: &str,
    of: impl FnOnce(&str) -> Option<T>,
    wanted: &str,
) -> Result<Option<T>, TableError> {
    let Some(given) = given else { return Ok(None) };
    let found = given.cast::<PyString>().ok().and_then(|text| text.to_str().ok().and_then(of));
    found.map(Some).ok_or_else(|| TableError::wrong_type(path, wanted))
}
