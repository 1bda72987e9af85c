//! The class `Bailiwick`: loading, the document, and the engine as a Python object. Its other methods are in files of their own.

use bailiwick::{Directory, Error, Instant, boundary};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::answer::{parse_json, to_json};
use crate::error::{answer, py_error};
use crate::memory;
use crate::pickle;
use crate::random::seed;
use crate::request::request;
use crate::shared::Shared;
use crate::unset::MaybeUnset;
use crate::value::{json_of, value_of};

/// The engine: one directory at one revision, under one policy. It answers from memory. Threads may share it; each question is answered by one
/// revision.
///
/// Made by `Bailiwick.from_directory` or `Bailiwick.from_snapshot`. A copy (`copy.copy`) is independent of the engine that it was made from. So is
/// a pickle, which holds an unsigned snapshot with digests, for your own other processes. A restored engine still requires signed deltas if the
/// original did. Never load a pickle from an untrusted source.
///
/// >>> import pickle
/// >>> worker = pickle.loads(pickle.dumps(guard))
/// >>> worker.apply({"type": "add_member", "organization": "org_acme", "user": "usr_new"})
/// 1
/// >>> guard.revision
/// 0
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct Bailiwick {
    pub(crate) directory: Shared<Directory>,
}

impl Bailiwick {
    pub(crate) fn new(directory: Directory) -> Self {
        Self { directory: Shared::new(directory) }
    }

    pub(crate) fn ask<T>(&self, py: Python<'_>, question: impl FnOnce(&Directory) -> Result<T, Error>) -> PyResult<T> {
        self.directory.ask(py, |directory| question(directory))?.map_err(|error| py_error(py, &error))
    }

    pub(crate) fn write<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut Directory) -> Result<T, Error> + Send) -> PyResult<T> {
        self.directory.change(py, change)?.map_err(|error| py_error(py, &error))
    }
}

#[pymethods]
impl Bailiwick {
    /// Load a directory document: a dict, or JSON as str or bytes. A document with any fault is refused as a whole.
    ///
    /// `policy`, a document or the id of a built-in one, replaces the directory's own. With `quarantine=True`, an organization that has a fault is
    /// left out and listed in `quarantined`, and only a fault outside organizations refuses the document. JSON has at most `max_bytes` bytes (by default
    /// 2**28) and `max_values` values (2**25): reading it takes a multiple of its size.
    /// Raises BailiwickError with the code and path of the first fault, by shape (`invalid_json`, `unsupported_format`, `missing_field`,
    /// `unknown_field`, `wrong_type`, `invalid_id`, `invalid_timestamp`, `invalid_digest`, `limit_exceeded`) and then by meaning
    /// (`duplicate_id`, `unknown_reference`, `unknown_role`, `owner_not_admin` and others).
    ///
    /// >>> Bailiwick.from_directory({"format": "bailiwick/1", "organizations": []})
    /// <Bailiwick revision=0 policy='projects-2026-02'>
    /// >>> Bailiwick.from_directory('{"format": "bailiwick/1"}')
    /// Traceback (most recent call last):
    /// bailiwick.InvalidInputError: the field `organizations` is missing (missing_field)
    #[staticmethod]
    #[pyo3(
        signature = (document, *, policy=None, quarantine=MaybeUnset::Unset, max_bytes=None, max_values=None),
        text_signature = "(document, *, policy=None, quarantine=False, max_bytes=None, max_values=None)"
    )]
    fn from_directory(
        py: Python<'_>,
        document: &Bound<'_, PyAny>,
        policy: Option<&Bound<'_, PyAny>>,
        quarantine: MaybeUnset<'_>,
        max_bytes: Option<&Bound<'_, PyAny>>,
        max_values: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let optional = [("policy", policy), ("quarantine", quarantine.given()), ("max_bytes", max_bytes), ("max_values", max_values)];
        let options = &request(&[], &optional);
        let directory = answer(py, || match json_of(document) {
            Some(text) => py.detach(|| {
                let directory = boundary::load_directory_with(text, options, seed());
                memory::give_back(text.len());
                directory
            }),
            None => boundary::load_directory_with(&value_of(document), options, seed()),
        });
        directory.map(Self::new)
    }

    /// The directory as a document (a dict) that loads to the same answers.
    ///
    /// >>> [project["id"] for project in guard.to_directory()["organizations"][0]["projects"]]
    /// ['prj_a', 'prj_default']
    fn to_directory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = self.directory.ask(py, |directory| to_json(&directory.to_document()))?;
        parse_json(py, &document)
    }

    /// The revision of the directory, an int: each change adds one.
    #[getter]
    fn revision(&self, py: Python<'_>) -> PyResult<u64> {
        self.directory.ask(py, |directory| directory.revision())
    }

    /// The hash of the directory and its policy, 64 hexadecimal digits: equal for equal directories, whatever changes led there. Revision and age
    /// are not part of it. Two copies at one revision with different hashes have drifted apart.
    #[getter]
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        self.directory.ask(py, |directory| boundary::state(directory))
    }

    /// The id of the policy, such as `projects-2026-02`.
    #[getter]
    fn policy(&self, py: Python<'_>) -> PyResult<String> {
        self.directory.ask(py, |directory| directory.policy_id().to_owned())
    }

    /// The organizations that were left out because they have a fault, with `quarantine=True`: a list of dicts with `organization` (its id, or None),
    /// `code`, `path` and `message`, in document order. Empty if nothing was left out.
    ///
    /// >>> Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [{"id": "org_acme"}]}, quarantine=True).quarantined
    /// [{'organization': 'org_acme', 'code': 'missing_field', 'path': '/organizations/0', 'message': 'organization org_acme: the field `owner` is missing'}]
    #[getter]
    fn quarantined<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let quarantined = self.directory.ask(py, |directory| to_json(&directory.quarantined().unwrap_or_default()))?;
        parse_json(py, &quarantined)
    }

    /// When the directory was issued (RFC 3339, UTC); None if it does not say.
    #[getter]
    fn issued_at(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.directory.ask(py, |directory| directory.issued_at().as_ref().map(Instant::to_string))
    }

    /// The last instant at which the directory answers (RFC 3339, UTC); after it everything is denied as `snapshot_stale`. None if the directory
    /// never becomes stale, because it has no `issued_at` or no `max_age_seconds`.
    #[getter]
    fn fresh_until(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.directory.ask(py, |directory| directory.fresh_until().as_ref().map(Instant::to_string))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.directory.ask(py, |directory| format!("<Bailiwick revision={} policy='{}'>", directory.revision(), directory.policy_id()))
    }

    /// An independent engine at the same revision, which has the same history for deltas.
    fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
        self.directory.ask(py, |directory| Directory::clone(directory)).map(Self::new)
    }

    /// The same as a copy: engines share nothing.
    fn __deepcopy__(&self, py: Python<'_>, _memo: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.__copy__(py)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, pickle::Contents<'py>)> {
        let contents = self.ask(py, |directory| Ok(pickle::contents(directory)))?;
        Ok((py.import("bailiwick._bailiwick")?.getattr("restore")?, pickle::to_python(py, &contents)))
    }
}

/// Restore an engine from the contents of its pickle. Raises BailiwickError `snapshot_corrupt`, `snapshot_version`.
#[pyfunction]
pub(crate) fn restore(py: Python<'_>, snapshot: &Bound<'_, PyBytes>, public_keys: Option<Vec<[u8; 32]>>) -> PyResult<Bailiwick> {
    pickle::directory(py, snapshot.as_bytes(), public_keys).map(Bailiwick::new)
}
