//! All faults of a document.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::construct;
use crate::error::answer;
use crate::value::{json_of, value_of};

/// Find the faults of a directory document, or of a policy document (its `format` tells which), given as JSON. An empty list: it loads.
///
/// `policy`, a document or the id of a built-in one, takes the place of the directory's own; its own faults are raised. They come in document
/// order. The first is what loading raises, and there are at most MOST_FAULTS. Faults of shape hide those of meaning, and those of a policy hide
/// those of its directory. Raises BailiwickError `wrong_type` where `text` is no str or bytes.
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
