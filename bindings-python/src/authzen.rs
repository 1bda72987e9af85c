//! Metadata of AuthZEN decision points.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::engine::answer;
use crate::value::value_of;

/// The metadata of an AuthZEN decision point at an address, as JSON text.
///
/// An address is `https://` and a host, perhaps with a path; `http://` only for the machine itself. Raises BailiwickError `wrong_type` for
/// others.
///
/// >>> import json
/// >>> json.loads(authzen_metadata("https://pdp.example.com"))["access_evaluation_endpoint"]
/// 'https://pdp.example.com/access/v1/evaluation'
#[pyfunction]
pub(crate) fn authzen_metadata(py: Python<'_>, base_url: &Bound<'_, PyAny>) -> PyResult<String> {
    answer(py, || boundary::authzen_metadata(&value_of(base_url)))
}
