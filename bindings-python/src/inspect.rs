//! What snapshots and deltas say of themselves.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::{plain, text_of_json};
use crate::bytes::Argument;
use crate::error::answer;

/// Say what the envelope of a snapshot or delta says, as a dict, without a key and without loading it.
///
/// It is whole, but its signature is not verified: anyone may have made it.
/// Raises BailiwickError `snapshot_corrupt`, `snapshot_version`, `wrong_type`.
#[pyfunction]
pub(crate) fn inspect_snapshot<'py>(py: Python<'py>, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let data = Argument::new(Some(data));
    let inspection = answer(py, || py.detach(|| boundary::inspect_snapshot(data.bytes())))?;
    plain(py, &text_of_json(&inspection))
}
