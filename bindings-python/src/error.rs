//! Errors: the core's, raised as the exceptions that `_errors.py` defines.

use bailiwick::{Error, ErrorCode};
use pyo3::prelude::*;

use crate::arrow::error::TableError;
use crate::decision::Decision;
use crate::panics::catch_panic;

/// What to raise for an error of the core.
pub(crate) fn py_error(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).map_or_else(|fault| fault, PyErr::from_value)
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let classes = py.import("bailiwick._errors")?;
    let (code, path, message) = (error.code().as_str(), error.path(), error.message());
    match (error.code(), error.decision()) {
        (ErrorCode::Forbidden, Some(decision)) => {
            classes.getattr("ForbiddenError")?.call1((code, path, message, Py::new(py, Decision::from(decision))?))
        }
        (ErrorCode::NotFound, _) => classes.getattr("NotFoundError")?.call1((code, path, message)),
        _ => classes.getattr("InvalidInputError")?.call1((code, path, message)),
    }
}

/// What to raise for what is wrong with a table.
pub(crate) fn py_table_error(py: Python<'_>, fault: &TableError) -> PyErr {
    let classes = py.import("bailiwick._errors").and_then(|errors| errors.getattr(fault.class));
    let exception = classes.and_then(|class| class.call1((fault.code, fault.path.as_str(), fault.message.as_str())));
    exception.map_or_else(|fault| fault, PyErr::from_value)
}

/// What to raise for a panic.
#[cold]
pub(crate) fn internal(py: Python<'_>, place: &str) -> PyErr {
    py_table_error(py, &TableError::internal(place))
}

/// What to raise where a change has panicked before.
#[cold]
pub(crate) fn interrupted(py: Python<'_>) -> PyErr {
    py_table_error(py, &TableError::interrupted())
}

/// What the core answers where no engine is asked.
pub(crate) fn answer<T>(py: Python<'_>, ask: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    catch_panic(ask).map_err(|place| internal(py, &place))?.map_err(|error| py_error(py, &error))
}
