//! Errors: the core's, raised as the exceptions that `_errors.py` defines.

use bailiwick::{Error, ErrorCode};
use pyo3::prelude::*;

use crate::arrow::error::TableError;
use crate::decision::Decision;
use crate::panics::catch_panic;

/// The exception for an error of the core.
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

/// The exception for an error of a table.
pub(crate) fn py_table_error(py: Python<'_>, fault: &TableError) -> PyErr {
    let classes = py.import("bailiwick._errors").and_then(|errors| errors.getattr(fault.class));
    let exception = classes.and_then(|class| class.call1((fault.code, fault.path.as_str(), fault.message.as_str())));
    exception.map_or_else(|fault| fault, PyErr::from_value)
}

/// The exception for a panic.
#[cold]
pub(crate) fn internal(py: Python<'_>, place: &str) -> PyErr {
    py_table_error(py, &TableError::internal(place))
}

/// The exception of an engine in which a change has panicked.
#[cold]
pub(crate) fn interrupted(py: Python<'_>) -> PyErr {
    py_table_error(py, &TableError::interrupted())
}

/// The answer of a function of the core that needs no engine.
pub(crate) fn answer<T>(py: Python<'_>, ask: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    catch_panic(ask).map_err(|place| internal(py, &place))?.map_err(|error| py_error(py, &error))
}
