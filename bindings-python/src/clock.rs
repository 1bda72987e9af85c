//! The clock, which gives `at` where a call does not. The core has none.

use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::{Error, Instant};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::error::py_error;

pub(crate) fn now() -> PyResult<Instant> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let now = since.and_then(|since| Instant::from_unix_milliseconds(since.as_secs_f64() * 1_000.0));
    now.ok_or_else(|| PyRuntimeError::new_err("the clock of this machine gives no usable time"))
}

/// What a question can fail with that reads the clock: bad input, or the clock itself.
pub(crate) enum Failure {
    Input(Error),
    Clock(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Input(error)
    }
}

impl Failure {
    pub(crate) fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Input(error) => py_error(py, &error),
            Self::Clock(error) => error,
        }
    }
}
