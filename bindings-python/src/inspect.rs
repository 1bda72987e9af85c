//! The envelopes of snapshots and deltas.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::{parse_json, to_json};
use crate::bytes::BytesArgument;
use crate::error::answer;

/// Read the envelope of a snapshot or delta, as a dict, without a key and without loading it.
///
/// The checksum is verified, but not the signature: anyone may have made it.
/// Raises BailiwickError `snapshot_corrupt`, `snapshot_version`, `wrong_type`.
#[pyfunction]
pub(crate) fn inspect_snapshot<'py>(py: Python<'py>, data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let data = BytesArgument::new(Some(data));
    let inspection = answer(py, || py.detach(|| boundary::inspect_snapshot(data.bytes())))?;
    parse_json(py, &to_json(&inspection))
}
