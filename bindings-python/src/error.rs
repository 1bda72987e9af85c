//! Errors: the core's, raised as the exceptions that `_errors.py` defines.

use bailiwick::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// What to raise for an error of the core. All of them are about an argument so far, so all of them are a `ValueError` too.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let arguments = (error.code().as_str(), error.path().to_owned(), error.message().to_owned());
    match CLASS.import(py, "bailiwick._errors", "InvalidInputError") {
        Ok(class) => PyErr::from_type(class.clone(), arguments),
        Err(fault) => fault,
    }
}
