//! The contents of an engine's pickle: a snapshot, and the keys whose signatures it demands.
//!
//! Like every pickle it is for one's own processes. It is not signed, and whoever can write a pickle can run code.

use bailiwick::{Directory, PublicKey, PublicKeys, Seal, Trust};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::answer;
use crate::random::seed;

/// The contents as Python values.
pub(crate) type Contents<'py> = (Bound<'py, PyBytes>, Option<Vec<Bound<'py, PyBytes>>>);

/// A snapshot with digests, and the keys that deltas must be signed with: without the keys, the copy would accept unsigned deltas.
pub(crate) fn contents(directory: &Directory) -> (Vec<u8>, Option<Vec<[u8; 32]>>) {
    let keys = directory.demanded_keys().map(|keys| keys.as_slice().iter().map(PublicKey::to_bytes).collect());
    (directory.to_snapshot(&Seal::default()), keys)
}

/// The directory of such contents. The engine accepted it before, so its time of issue is not checked again.
pub(crate) fn directory(py: Python<'_>, snapshot: &[u8], public_keys: Option<Vec<[u8; 32]>>) -> PyResult<Directory> {
    let load = || Directory::from_snapshot(snapshot, Trust::default(), seed());
    let directory = answer(py, || py.detach(load))?;
    let keys = public_keys.map(|keys| PublicKeys::new(keys.into_iter().map(PublicKey::from_bytes).collect()));
    // No pickle of ours has an empty list of keys.
    let unfit = || PyValueError::new_err("the pickle demands signatures of no key");
    Ok(directory.demanding(keys.map(|keys| keys.ok_or_else(unfit)).transpose()?))
}
