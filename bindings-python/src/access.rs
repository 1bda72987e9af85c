//! Questions of access.

use std::sync::Arc;

use bailiwick::{Directory, Value, boundary};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::clock::{Failure, now};
use crate::decision::Decision;
use crate::engine::Bailiwick;
use crate::fast_path;
use crate::request::request;
use crate::value::{instant_of, text_of, value_of};

#[pymethods]
impl Bailiwick {
    /// Whether a principal may do an action on a resource, and why (rules A1 to A30). A denial is an answer, never an error.
    ///
    /// References are `type:id` or `{"type": …, "id": …}`; `surface` defaults to `ui` for a user and `api` for an API key; `at` is RFC 3339
    /// text or an aware datetime, and defaults to now. A directory of a lower revision than `min_revision`, or one that was
    /// not issued within the `max_age_seconds` before `at`, denies with `snapshot_stale`.
    /// Raises BailiwickError with the code and path of the first fault: `wrong_type`, `invalid_reference`, `invalid_id`,
    /// `invalid_timestamp`, `unknown_surface`, `limit_exceeded`.
    ///
    /// >>> guard.check_access("user:usr_bob", "instant_cluster.ssh", "instant_cluster:cl_1")  # doctest: +NORMALIZE_WHITESPACE
    /// Decision(allowed=True, reason='project_role', role='member', organization='org_acme', project='prj_a', caveats=[],
    ///          policy='projects-2026-02', revision=0)
    /// >>> bool(guard.check_access("api_key:key_ci", "file.read", {"type": "project", "id": "prj_default"}))
    /// False
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
        let is_plain = surface.or(at).or(min_revision).or(max_age_seconds).is_none();
        if let (true, Some(principal), Some(action), Some(resource)) = (is_plain, text_of(principal), text_of(action), text_of(resource)) {
            let now = now()?;
            return self.ask(py, |directory| boundary::check_access(directory, [principal, action, resource], now).map(Decision::from));
        }
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        let (request, now) = (request(&required, &optional), now()?);
        self.ask(py, |directory| boundary::check_access(directory, &request, now).map(Decision::from))
    }

    /// Whether a principal may do an action on a resource: `check_access(…).allowed`, faster. It is fastest with strings.
    ///
    /// Raises BailiwickError as check_access.
    ///
    /// >>> guard.is_allowed("user:usr_bob", "instant_cluster.delete", "instant_cluster:cl_1")
    /// False
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
        let is_plain = surface.or(min_revision).or(max_age_seconds).is_none();
        if let (true, Some(principal), Some(action), Some(resource)) = (is_plain, text_of(principal), text_of(action), text_of(resource)) {
            // The time zone of an instant is code of the caller, so the instant is read before the directory is locked.
            let at = at.map(instant_of);
            // What is no instant takes the general path, which says so.
            if at != Some(None) {
                let clock = || at.flatten().map_or_else(|| now().map_err(Failure::Clock), Ok);
                let answer = |directory: &Arc<Directory>| boundary::is_allowed(directory, [principal, action, resource], clock);
                return self.directory.ask(py, answer)?.map_err(|failure| failure.raised(py));
            }
        }
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        let (request, now) = (request(&required, &optional), now()?);
        self.ask(py, |directory| boundary::is_allowed(directory, &request, now))
    }

    /// Whether the directory is stale, so that it denies every question as `snapshot_stale` (rule A1).
    ///
    /// `at` is RFC 3339 text or an aware datetime, and defaults to now. Raises BailiwickError `wrong_type`, `invalid_timestamp`.
    ///
    /// >>> guard.is_stale()  # it has no `max_age_seconds`
    /// False
    #[pyo3(signature = (at=None))]
    fn is_stale(&self, py: Python<'_>, at: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
        let (at, now) = (at.map_or(Value::Null, value_of), now()?);
        self.ask(py, |directory| boundary::is_stale(directory, &at, now))
    }

    /// Decide a list of requests, each a dict with the arguments of check_access. One revision answers all of them.
    ///
    /// Raises BailiwickError for the first bad request; the path begins with its index in the list.
    ///
    /// >>> request = {"principal": "user:usr_bob", "action": "instant_cluster.ssh", "resource": "instant_cluster:cl_1"}
    /// >>> [decision.allowed for decision in guard.check_many([request, {**request, "action": "instant_cluster.scale"}])]
    /// [True, False]
    fn check_many<'py>(&self, py: Python<'py>, requests: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let now = now()?;
        let decide =
            |questions: &_, decided: &mut _| self.directory.ask(py, |directory| fast_path::decide(directory, questions, now, decided));
        if let Some(decisions) = fast_path::decide_all(requests, decide)? {
            return Ok(decisions);
        }
        let requests = value_of(requests);
        let decisions: Vec<_> =
            self.ask(py, |directory| Ok(boundary::check_many(directory, &requests, now)?.into_iter().map(Decision::from).collect()))?;
        PyList::new(py, decisions)
    }
}
