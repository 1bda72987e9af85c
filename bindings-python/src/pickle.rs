//! The contents of a pickle of an engine or a timeline: a snapshot or a journal, and the keys whose signatures it demands.
//!
//! Like every pickle it is for one's own processes. It is not signed, and whoever can write a pickle can run code.

use bailiwick::{Directory, Error, PublicKey, PublicKeys, Seal, Timeline, Trust};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::answer;
use crate::random::seed;

/// The contents as Python values.
pub(crate) type Contents<'py> = (Bound<'py, PyBytes>, Option<Vec<Bound<'py, PyBytes>>>);

/// A snapshot with digests, and the keys that deltas must be signed with: without the keys, the copy would accept unsigned deltas.
pub(crate) fn contents(directory: &Directory) -> (Vec<u8>, Keys) {
    (directory.to_snapshot(&Seal::default()), keys_of(directory))
}

/// The same for a timeline.
pub(crate) fn timeline_contents(timeline: &Timeline) -> Result<(Vec<u8>, Keys), Error> {
    Ok((timeline.to_journal(None)?, keys_of(timeline.present())))
}

/// The keys of contents.
type Keys = Option<Vec<[u8; 32]>>;

fn keys_of(directory: &Directory) -> Keys {
    directory.demanded_keys().map(|keys| keys.as_slice().iter().map(PublicKey::to_bytes).collect())
}

/// Contents as Python values.
pub(crate) fn to_python<'py>(py: Python<'py>, (bytes, keys): &(Vec<u8>, Keys)) -> Contents<'py> {
    (PyBytes::new(py, bytes), keys.as_ref().map(|keys| keys.iter().map(|key| PyBytes::new(py, key)).collect()))
}

/// The directory of such contents. The engine accepted it before, so its time of issue is not checked again.
pub(crate) fn directory(py: Python<'_>, snapshot: &[u8], public_keys: Keys) -> PyResult<Directory> {
    let load = || Directory::from_snapshot(snapshot, Trust::default(), seed());
    let directory = answer(py, || py.detach(load))?;
    Ok(directory.demanding(demanded(public_keys)?))
}

/// The timeline of such contents.
pub(crate) fn timeline(py: Python<'_>, journal: &[u8], public_keys: Keys) -> PyResult<Timeline> {
    let (keys, seed) = (demanded(public_keys)?, seed());
    let load = || Timeline::from_journal(journal, Trust::default(), seed);
    let (timeline, _) = answer(py, || py.detach(load))?;
    Ok(match keys {
        Some(keys) => timeline.demanding(&keys),
        None => timeline,
    })
}

fn demanded(keys: Keys) -> PyResult<Option<PublicKeys>> {
    let keys = keys.map(|keys| PublicKeys::new(keys.into_iter().map(PublicKey::from_bytes).collect()));
    // No pickle of ours has an empty list of keys.
    let unfit = || PyValueError::new_err("the pickle demands signatures of no key");
    keys.map(|keys| keys.ok_or_else(unfit)).transpose()
}
