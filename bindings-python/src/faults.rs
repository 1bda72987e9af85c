//! All faults of a document at once.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::construct;
use crate::error::answer;
use crate::value::{json_of, value_of};

/// Find the faults of a directory document, or of a policy document (its `format` tells which), as JSON. If the list is empty, the document loads.
///
/// `policy`, a document or the id of a built-in one, replaces the directory's own; a fault of it is raised. The list is in document order: loading
/// raises the first. It has at most MOST_FAULTS. If the shape of the document has faults, its meaning is not checked, and if its policy has faults,
/// the directory is not. Raises BailiwickError `wrong_type` if `text` is not str or bytes.
#[pyfunction]
#[pyo3(signature = (text, *, policy=None))]
pub(crate) fn find_faults<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyAny>,
    policy: Option<&Bound<'py, PyAny>>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let policy = policy.map(value_of);
    let text = json_of(text);
    let faults = answer(py, || py.detach(|| boundary::find_faults(text, policy.as_ref())))?;
    let fault = |fault: boundary::Fault| {
        let error = fault.error;
        construct(py, "Fault", (error.code().as_str(), error.path(), error.message(), fault.line, fault.column))
    };
    faults.into_iter().map(fault).collect()
}
