//! Answers as Python values.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use serde::Serialize;

/// An answer as JSON text. (What the core answers with is made of texts and numbers, which JSON always takes.)
pub(crate) fn text_of_json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// A whole document, from JSON text.
pub(crate) fn plain<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOADS.import(py, "json", "loads")?.call1((text,))
}

/// An answer whose class, or the function that makes it, is written in Python.
pub(crate) fn made<'py>(py: Python<'py>, name: &str, arguments: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
    py.import("bailiwick._answers")?.getattr(name)?.call1(arguments)
}

/// `Name(field=value, …)`, as a dataclass would write it.
pub(crate) fn repr(name: &str, fields: &Bound<'_, PyDict>) -> PyResult<String> {
    let fields: PyResult<Vec<_>> = fields.iter().map(|(name, value)| Ok(format!("{name}={}", value.repr()?))).collect();
    Ok(format!("{name}({})", fields?.join(", ")))
}
