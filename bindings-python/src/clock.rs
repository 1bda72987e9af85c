//! The clock, which gives `at` where a call does not. The core has none.

use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::Instant;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

pub(crate) fn now() -> PyResult<Instant> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let now = since.and_then(|since| Instant::from_unix_milliseconds(since.as_secs_f64() * 1_000.0));
    now.ok_or_else(|| PyRuntimeError::new_err("the clock of this machine gives no usable time"))
}
