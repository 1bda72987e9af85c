//! Answers as Python values.

use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyDict, PyInt, PyTuple, PyType};
use serde::Serialize;

/// An answer as JSON text. (Answers of the core consist of texts and numbers, which JSON can always hold.)
pub(crate) fn to_json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// JSON text as Python values. The function is not kept: a fork while another thread looks it up would leave the lock of what keeps it behind.
pub(crate) fn parse_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.getattr("loads")?.call1((text,))
}

/// Calls a class or function of `_answers.py`, for answers that are written in Python.
pub(crate) fn construct<'py>(py: Python<'py>, name: &str, arguments: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
    py.import("bailiwick._answers")?.getattr(name)?.call1(arguments)
}

/// Calls a function of `_insight.py` with what an answer is as JSON.
pub(crate) fn insight<'py>(py: Python<'py>, name: &str, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("bailiwick._insight")?.getattr(name)?.call1((parse_json(py, json)?,))
}

/// `Name(field=value, …)`, as of a dataclass: Python can evaluate it.
pub(crate) fn repr(name: &str, fields: &Bound<'_, PyDict>) -> PyResult<String> {
    let fields: PyResult<Vec<_>> = fields.iter().map(|(name, value)| Ok(format!("{name}={}", value.repr()?))).collect();
    Ok(format!("{name}({})", fields?.join(", ")))
}

/// For `copy` and `pickle`: the class, and the fields in the order of its arguments.
pub(crate) fn reduced<'py, T: PyTypeInfo>(fields: &Bound<'py, PyDict>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
    Ok((T::type_object(fields.py()), fields.values().to_tuple()))
}

/// For `copy.replace`: the answer with other values for some of its fields.
pub(crate) fn replaced<'py, T: PyTypeInfo>(
    fields: &Bound<'py, PyDict>,
    changes: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(changes) = changes {
        fields.update(changes.as_mapping())?;
    }
    T::type_object(fields.py()).call((), Some(fields))
}

/// The code of a field's word. The word could be from another release, or forged.
pub(crate) fn code_of<T: Copy>(field: &str, codes: &[T], as_str: fn(T) -> &'static str, word: &str) -> PyResult<T> {
    let unknown = || PyValueError::new_err(format!("this release does not know the word in `{field}`"));
    codes.iter().copied().find(|code| as_str(*code) == word).ok_or_else(unknown)
}

/// A revision that was passed from Python.
pub(crate) fn revision_of(number: &Bound<'_, PyInt>) -> PyResult<u64> {
    number.extract().map_err(|_| PyValueError::new_err("no directory has this `revision`"))
}
