//! What a pickle of an engine holds: enough to be asked elsewhere, and whom to believe there.
//!
//! Like every pickle it is for one's own processes. It is not signed, and whoever can write one can run code.

use bailiwick::boundary::{self, Bytes};
use bailiwick::{Directory, PublicKey, Seal};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bytes::Argument;
use crate::engine::answer;
use crate::random::seed;
use crate::request::request;

/// As Python has it.
pub(crate) type Contents<'py> = (Bound<'py, PyBytes>, Option<Bound<'py, PyBytes>>);

/// A snapshot with digests, and the key that deltas must be signed with: without it, the demand would be lost on the way.
pub(crate) fn contents(directory: &Directory) -> (Vec<u8>, Option<[u8; 32]>) {
    (directory.to_snapshot(&Seal::default(), true), directory.demanded_key().map(|key| key.to_bytes()))
}

/// The directory of such contents.
pub(crate) fn directory(py: Python<'_>, snapshot: &Bound<'_, PyAny>, public_key: Option<[u8; 32]>) -> PyResult<Directory> {
    let (snapshot, seed) = (Argument::new(Some(snapshot)), seed());
    let load = || boundary::directory_from_snapshot(snapshot.bytes(), &request(&[], &[]), Bytes::Absent, seed);
    Ok(answer(py, || py.detach(load))?.demanding(public_key.map(PublicKey::from_bytes)))
}
