//! Secrets of API keys, and the keys that sign snapshots.

use bailiwick::boundary;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::answer::made;
use crate::bytes::Argument;
use crate::engine::answer;
use crate::random::secret_bytes;
use crate::request::request;

/// Make a secret for a new API key, and its digest. Show the secret once; `create_api_key` takes the digest.
///
/// A secret is the prefix (1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`), `_`, 43 base62 digits of 256 random bits, and a checksum.
/// Raises BailiwickError `wrong_type` for another prefix.
///
/// >>> made = new_api_key("acme")
/// >>> made.secret[:5], made.digest[:7], len(made.digest)
/// ('acme_', 'sha256:', 71)
#[pyfunction]
#[pyo3(signature = (prefix=None))]
pub(crate) fn new_api_key<'py>(py: Python<'py>, prefix: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let random = secret_bytes(py)?;
    let key = answer(py, || boundary::new_api_key(&request(&[], &[("prefix", prefix)]), random))?;
    made(py, "ApiKeySecret", (key.secret, key.digest))
}

/// The public key (32 bytes) of a signing key: what edges verify with.
///
/// Raises BailiwickError `wrong_type` for anything but 32 bytes (bytes, bytearray or memoryview).
///
/// >>> len(public_key_of(bytes(32)))
/// 32
#[pyfunction]
pub(crate) fn public_key_of<'py>(py: Python<'py>, signing_key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let key = answer(py, || boundary::public_key_of(Argument::new(Some(signing_key)).bytes()))?;
    Ok(PyBytes::new(py, &key))
}
