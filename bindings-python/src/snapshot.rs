//! Snapshots and deltas, and the keys that sign them.

use bailiwick::boundary;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bytes::{BytesArgument, PublicKeys};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::answer;
use crate::random::seed;
use crate::request::request;
use crate::unset::MaybeUnset;
use crate::value::value_of;

#[pymethods]
impl Bailiwick {
    /// Load a snapshot (bytes, bytearray or memoryview). This is far faster than loading a document. With `public_key` (32 bytes, Ed25519), the
    /// snapshot and every later delta must be signed by that key; with `public_keys`, by any one of them. None is refused for both arguments. A
    /// snapshot that was issued more than 300 seconds after `at`, by default now, is refused too.
    ///
    /// Raises BailiwickError `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`,
    /// `wrong_type`.
    ///
    /// >>> signing_key = bytes(32)  # in production: os.urandom(32)
    /// >>> edge = Bailiwick.from_snapshot(guard.to_snapshot(signing_key), public_key_of(signing_key))
    /// >>> edge.is_allowed("user:usr_bob", "file.read", "project:prj_a")
    /// True
    /// >>> Bailiwick.from_snapshot(guard.to_snapshot(), public_key_of(signing_key))
    /// Traceback (most recent call last):
    /// bailiwick.InvalidInputError: a signature is required, but there is none (signature_missing)
    #[staticmethod]
    #[pyo3(signature = (data, public_key=MaybeUnset::Unset, *, public_keys=MaybeUnset::Unset, at=None))]
    fn from_snapshot(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (data, keys, options) =
            (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let (seed, now) = (seed(), now()?);
        let load = || boundary::directory_from_snapshot(data.bytes(), &options, &keys.as_keys(), seed, now);
        answer(py, || py.detach(load)).map(Self::new)
    }

    /// The directory and its policy as bytes. The same directory gives the same bytes on every platform.
    ///
    /// `signing_key` (32 bytes, an Ed25519 seed) signs it; `issued_at` (as `at` of check_access) and `max_age_seconds` replace those of
    /// the directory; `digests=False` omits the digests of API keys, and e-mails.
    /// `organizations` (a list of ids) limits the snapshot to these, with the users that they need. It answers every question about them as the
    /// whole does, and takes no deltas.
    /// If neither the call nor the directory has both `issued_at` and `max_age_seconds`, the snapshot never becomes stale: where no newer one
    /// arrives, users who were removed keep their access.
    /// Raises BailiwickError `wrong_type`, `invalid_timestamp`, `limit_exceeded`, and NotFoundError for an organization that does not exist.
    ///
    /// >>> snapshot = guard.to_snapshot(issued_at="2026-02-01T00:00:00Z", max_age_seconds=300)
    /// >>> Bailiwick.from_snapshot(snapshot).fresh_until
    /// '2026-02-01T00:05:00Z'
    #[pyo3(signature = (signing_key=None, *, issued_at=None, max_age_seconds=None, digests=None, organizations=None))]
    fn to_snapshot<'py>(
        &self,
        py: Python<'py>,
        signing_key: Option<&Bound<'py, PyAny>>,
        issued_at: Option<&Bound<'py, PyAny>>,
        max_age_seconds: Option<&Bound<'py, PyAny>>,
        digests: Option<&Bound<'py, PyAny>>,
        organizations: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let options = request(
            &[],
            &[("issued_at", issued_at), ("max_age_seconds", max_age_seconds), ("digests", digests), ("organizations", organizations)],
        );
        let key = BytesArgument::new(signing_key);
        let snapshot = self.ask(py, |directory| boundary::to_snapshot(directory, &options, key.bytes()))?;
        Ok(PyBytes::new(py, &snapshot))
    }

    /// The changes since a revision, as bytes, for copies that are at that revision. A snapshot or delta of it must have been made or loaded here.
    /// A delta since the present revision has no changes: it renews the age of the copies. `signing_key`, `issued_at` and `max_age_seconds` are
    /// as for to_snapshot.
    ///
    /// Raises BailiwickError as to_snapshot, and `delta_gap` if the history does not reach back to that revision: make a snapshot instead.
    ///
    /// >>> edge = Bailiwick.from_snapshot(guard.to_snapshot())
    /// >>> guard.apply({"type": "add_member", "organization": "org_acme", "user": "usr_new"})
    /// 1
    /// >>> edge.apply_delta(guard.to_delta(edge.revision))
    /// 1
    #[pyo3(signature = (since, *, signing_key=None, issued_at=None, max_age_seconds=None))]
    fn to_delta<'py>(
        &self,
        py: Python<'py>,
        since: &Bound<'py, PyAny>,
        signing_key: Option<&Bound<'py, PyAny>>,
        issued_at: Option<&Bound<'py, PyAny>>,
        max_age_seconds: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let options = request(&[], &[("issued_at", issued_at), ("max_age_seconds", max_age_seconds)]);
        let (since, key) = (value_of(since), BytesArgument::new(signing_key));
        let delta = self.ask(py, |directory| boundary::to_delta(directory, &since, &options, key.bytes()))?;
        Ok(PyBytes::new(py, &delta))
    }

    /// Carry out a delta, whole or not at all, take over its age, and return the new revision.
    ///
    /// `public_key` (32 bytes) or `public_keys` replace those that the snapshot was loaded with; `at` is as for from_snapshot.
    /// Raises BailiwickError `delta_gap` (it begins at another revision), `delta_fork` (at this one of another history),
    /// `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`, `wrong_type`.
    #[pyo3(signature = (data, *, public_key=MaybeUnset::Unset, public_keys=MaybeUnset::Unset, at=None))]
    fn apply_delta(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: MaybeUnset<'_>,
        public_keys: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (data, keys, options) =
            (BytesArgument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let now = now()?;
        self.write(py, |directory| boundary::apply_delta(directory, data.bytes(), &options, &keys.as_keys(), now))
    }
}

/// The public key (32 bytes) of a signing key. Edges verify signatures with it.
///
/// Raises BailiwickError `wrong_type` for anything but 32 bytes (bytes, bytearray or memoryview).
///
/// >>> len(public_key_of(bytes(32)))
/// 32
#[pyfunction]
pub(crate) fn public_key_of<'py>(py: Python<'py>, signing_key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let key = answer(py, || boundary::public_key_of(BytesArgument::new(Some(signing_key)).bytes()))?;
    Ok(PyBytes::new(py, &key))
}
