//! The class `Bailiwick`.

use bailiwick::{Directory, Error, Instant, boundary};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString, PyType};

use crate::answer::plain;
use crate::attribution::Attribution;
use crate::clock::now;
use crate::decision::Decision;
use crate::error::raised;
use crate::request::request;
use crate::value::{instant_of, value_of};

/// The engine: one directory at one revision, under one policy. It answers from memory and never changes; threads may share it.
#[pyclass(frozen, module = "bailiwick")]
#[derive(Debug)]
pub(crate) struct Bailiwick {
    directory: Directory,
}

#[pymethods]
impl Bailiwick {
    /// Load a directory document: a dict, or JSON as str or bytes. All of it or nothing.
    ///
    /// `policy`, a document or the id of a built-in one, takes the place of the directory's own.
    /// Raises BailiwickError with the code and path of the first fault.
    #[staticmethod]
    #[pyo3(signature = (document, *, policy=None))]
    fn from_directory(py: Python<'_>, document: &Bound<'_, PyAny>, policy: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let policy = policy.map(value_of);
        let directory = match json_of(document) {
            Some(text) => py.detach(|| boundary::directory_from_json(text, policy.as_ref(), None)),
            None => boundary::directory_from_value(&value_of(document), policy.as_ref(), None),
        };
        Ok(Self { directory: answer(py, directory)? })
    }

    /// Whether a principal may do an action on a resource, and why (rules A1 to A24). A denial is an answer, never an error.
    ///
    /// References are `type:id` or `{"type": …, "id": …}`; `at` is RFC 3339 text or an aware datetime, and defaults to now.
    /// Raises BailiwickError with the code and path of the first fault.
    #[pyo3(signature = (principal, action, resource, *, surface=None, at=None, min_revision=None, max_age_seconds=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a request")]
    fn check_access(
        &self,
        py: Python<'_>,
        principal: &Bound<'_, PyAny>,
        action: &Bound<'_, PyAny>,
        resource: &Bound<'_, PyAny>,
        surface: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
        min_revision: Option<&Bound<'_, PyAny>>,
        max_age_seconds: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Decision> {
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        answer(py, boundary::check_access(&self.directory, &request(&required, &optional), now()?)).map(Decision::from)
    }

    /// Whether a principal may do an action on a resource: `check_access(…).allowed`, and the quickest way to ask.
    ///
    /// Quickest of all with strings. Raises BailiwickError as check_access.
    #[pyo3(signature = (principal, action, resource, *, surface=None, at=None, min_revision=None, max_age_seconds=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a request")]
    fn is_allowed(
        &self,
        py: Python<'_>,
        principal: &Bound<'_, PyAny>,
        action: &Bound<'_, PyAny>,
        resource: &Bound<'_, PyAny>,
        surface: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
        min_revision: Option<&Bound<'_, PyAny>>,
        max_age_seconds: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<bool> {
        let plain = surface.or(min_revision).or(max_age_seconds).is_none();
        if let (true, Some(principal), Some(action), Some(resource)) = (plain, text_of(principal), text_of(action), text_of(resource))
            && let Some(at) = at.map_or_else(|| now().ok(), instant_of)
        {
            return answer(py, boundary::is_allowed(&self.directory, principal, action, resource, at));
        }
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        answer(py, boundary::is_allowed_request(&self.directory, &request(&required, &optional), now()?))
    }

    /// Decide on a list of requests, each a dict with the arguments of check_access, one after the other.
    ///
    /// Raises BailiwickError for the first bad request; its place in the list begins the path.
    fn check_many(&self, py: Python<'_>, requests: &Bound<'_, PyAny>) -> PyResult<Vec<Decision>> {
        let decisions = answer(py, boundary::check_many(&self.directory, &value_of(requests), now()?))?;
        Ok(decisions.into_iter().map(Decision::from).collect())
    }

    /// To which organization and project usage belongs, and where the platform books it (rules B1 to B6).
    ///
    /// `project` is an id; `resource` is a reference. Raises BailiwickError with the code and path of the first fault.
    #[pyo3(signature = (principal, kind, *, surface=None, project=None, resource=None, at=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a usage")]
    fn attribute(
        &self,
        py: Python<'_>,
        principal: &Bound<'_, PyAny>,
        kind: &Bound<'_, PyAny>,
        surface: Option<&Bound<'_, PyAny>>,
        project: Option<&Bound<'_, PyAny>>,
        resource: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Attribution> {
        let required = [("principal", principal), ("kind", kind)];
        let optional = [("surface", surface), ("project", project), ("resource", resource), ("at", at)];
        answer(py, boundary::attribute(&self.directory, &request(&required, &optional), now()?)).map(Attribution::from)
    }

    /// Attribute a list of usages, each a dict with the arguments of attribute, row for row.
    ///
    /// A row that cannot be attributed comes back with its error code as reason; `.unattributed` of the list counts them.
    fn attribute_many<'py>(&self, py: Python<'py>, usages: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let answers = answer(py, boundary::attribute_many(&self.directory, &value_of(usages), now()?))?;
        let rows: Vec<_> = answers.rows.into_iter().map(Attribution::from).collect();
        CLASS.import(py, "bailiwick._answers", "Attributions")?.call1((rows, answers.unattributed))
    }

    /// The directory as a document that loads to the same answers.
    fn to_directory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &self.directory.to_document())
    }

    /// The revision of the directory.
    #[getter]
    fn revision(&self) -> u64 {
        self.directory.revision()
    }

    /// The id of the policy.
    #[getter]
    fn policy(&self) -> &str {
        self.directory.policy_id()
    }

    /// When the directory was issued (RFC 3339, UTC), if it says so.
    #[getter]
    fn issued_at(&self) -> Option<String> {
        self.directory.issued_at().as_ref().map(Instant::to_string)
    }

    fn __repr__(&self) -> String {
        format!("<Bailiwick revision={} policy='{}'>", self.directory.revision(), self.directory.policy_id())
    }
}

fn answer<T>(py: Python<'_>, result: Result<T, Error>) -> PyResult<T> {
    result.map_err(|error| raised(py, &error))
}

fn text_of<'a>(host: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    host.cast::<PyString>().ok()?.to_str().ok()
}

/// JSON text as it is; none for anything else, and for a string that is not Unicode.
fn json_of<'a>(document: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    match document.cast::<PyBytes>() {
        Ok(bytes) => Some(bytes.as_bytes()),
        Err(_) => text_of(document).map(str::as_bytes),
    }
}
