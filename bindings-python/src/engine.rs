//! The class `Bailiwick`.

use std::borrow::Cow;
use std::sync::Arc;

use bailiwick::{Directory, Error, Instant, Value, boundary};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList, PyString, PyType};

use crate::answer::{made, plain, text_of_json};
use crate::attribution::Attribution;
use crate::bytes::{Argument, PublicKeys};
use crate::caught::caught;
use crate::clock::now;
use crate::decision::Decision;
use crate::error::{internal, raised};
use crate::memory;
use crate::named::Named;
use crate::pickle;
use crate::question;
use crate::random::seed;
use crate::request::request;
use crate::shared::Shared;
use crate::tables::{self, AnswerTable, At, ColumnName, Form, When};
use crate::value::{instant_of, value_of};

/// The engine: one directory at one revision, under one policy. It answers from memory; threads may share it, and each of their questions
/// is answered by one revision.
///
/// Made by `Bailiwick.from_directory` or `Bailiwick.from_snapshot`. A copy (`copy.copy`) is an engine of its own. So is a pickle: a
/// snapshot with digests, unsigned, for other processes of one's own. It goes on demanding signatures of deltas; like any pickle it must
/// not come from strangers.
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
    directory: Shared,
}

impl Bailiwick {
    fn new(directory: Directory) -> Self {
        Self { directory: Shared::new(directory) }
    }

    fn ask<T>(&self, py: Python<'_>, question: impl FnOnce(&Directory) -> Result<T, Error>) -> PyResult<T> {
        self.directory.ask(py, |directory| question(directory))?.map_err(|error| raised(py, &error))
    }

    fn write<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut Directory) -> Result<T, Error> + Send) -> PyResult<T> {
        self.directory.change(py, change)?.map_err(|error| raised(py, &error))
    }
}

#[pymethods]
impl Bailiwick {
    /// Load a directory document: a dict, or JSON as str or bytes. All of it or nothing.
    ///
    /// `policy`, a document or the id of a built-in one, takes the place of the directory's own.
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
    #[pyo3(signature = (document, *, policy=None))]
    fn from_directory(py: Python<'_>, document: &Bound<'_, PyAny>, policy: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let policy = policy.map(value_of);
        let directory = answer(py, || match json_of(document) {
            Some(text) => py.detach(|| {
                let directory = boundary::directory_from_json(text, policy.as_ref(), seed());
                memory::give_back(text.len());
                directory
            }),
            None => boundary::directory_from_value(&value_of(document), policy.as_ref(), seed()),
        });
        directory.map(Self::new)
    }

    /// Whether a principal may do an action on a resource, and why (rules A1 to A24). A denial is an answer, never an error.
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
            return self.ask(py, |directory| boundary::check_access_of(directory, principal, action, resource, now).map(Decision::from));
        }
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        let (request, now) = (request(&required, &optional), now()?);
        self.ask(py, |directory| boundary::check_access(directory, &request, now).map(Decision::from))
    }

    /// Whether a principal may do an action on a resource: `check_access(…).allowed`, and the quickest way to ask.
    ///
    /// Quickest of all with strings. Raises BailiwickError as check_access.
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
            // The time zone of an instant is code, so that it is read before the directory is.
            let at = at.map(instant_of);
            let clock = || at.unwrap_or_else(|| now().ok());
            let answer = |directory: &Arc<Directory>| boundary::is_allowed_by_clock(directory, principal, action, resource, clock);
            if let Some(is_allowed) = self.directory.ask(py, answer)?
                && at.is_none_or(|at| at.is_some())
            {
                return Ok(is_allowed);
            }
        }
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        let (request, now) = (request(&required, &optional), now()?);
        self.ask(py, |directory| boundary::is_allowed_request(directory, &request, now))
    }

    /// Decide on a list of requests, each a dict with the arguments of check_access, one after the other; all by one revision.
    ///
    /// Raises BailiwickError for the first bad request; its place in the list begins the path.
    ///
    /// >>> request = {"principal": "user:usr_bob", "action": "instant_cluster.ssh", "resource": "instant_cluster:cl_1"}
    /// >>> [decision.allowed for decision in guard.check_many([request, {**request, "action": "instant_cluster.scale"}])]
    /// [True, False]
    fn check_many<'py>(&self, py: Python<'py>, requests: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let now = now()?;
        let decide =
            |questions: &_, decided: &mut _| self.directory.ask(py, |directory| question::decide(directory, questions, now, decided));
        if let Some(decisions) = question::decide_all(requests, decide)? {
            return Ok(decisions);
        }
        let requests = value_of(requests);
        let decisions: Vec<_> =
            self.ask(py, |directory| Ok(boundary::check_many(directory, &requests, now)?.into_iter().map(Decision::from).collect()))?;
        PyList::new(py, decisions)
    }

    /// To which organization and project usage belongs, and where the platform books it (rules B1 to B6).
    ///
    /// Whether the usage was allowed is not asked. `project` is an id; `resource` is a reference; `surface` and `at` are as for
    /// check_access.
    /// Raises BailiwickError with the code and path of the first fault: as check_access, and then the first that applies of
    /// `unknown_principal`, `unknown_kind`, `unknown_surface`, `unknown_project`, `unknown_resource`, `kind_mismatch`, `project_mismatch`,
    /// `project_required`.
    ///
    /// >>> usage = guard.attribute("api_key:key_ci", "serverless_inference")
    /// >>> (usage.project, usage.api_key, usage.reason)
    /// ('prj_a', 'key_ci', 'project_scoped')
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
        let (usage, now) = (request(&required, &optional), now()?);
        self.ask(py, |directory| boundary::attribute(directory, &usage, now).map(Attribution::from))
    }

    /// Attribute a list of usages, each a dict with the arguments of attribute, row for row; all by one revision.
    ///
    /// A row that cannot be attributed comes back with its error code as reason; `.unattributed` of the list counts them.
    /// Raises BailiwickError `wrong_type` where `usages` is no list.
    ///
    /// >>> rows = guard.attribute_many([{"principal": "api_key:key_ci", "kind": "batch"}, {"principal": "user:nobody", "kind": "batch"}])
    /// >>> [row.reason for row in rows], rows.unattributed
    /// (['project_scoped', 'unknown_principal'], 1)
    fn attribute_many<'py>(&self, py: Python<'py>, usages: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let (usages, now) = (value_of(usages), now()?);
        let (rows, unattributed) = self.ask(py, |directory| {
            let answers = boundary::attribute_many(directory, &usages, now)?;
            Ok((answers.rows.into_iter().map(Attribution::from).collect::<Vec<_>>(), answers.unattributed))
        })?;
        CLASS.import(py, "bailiwick._answers", "Attributions")?.call1((rows, unattributed))
    }

    /// Attribute a whole table of usage, row for row: none is dropped or moved, and one that cannot be attributed has an error code as its reason.
    ///
    /// `table` is anything with the Arrow PyCapsule interface: a table, a batch, or a stream, which is answered while the answers are read. The
    /// arguments name its columns. `principal` and `resource` hold references; instead of `principal`, `user` and `api_key` name columns of ids,
    /// of which the key counts where there is one. `surface`, `project`, `resource` and `at` may be absent. Text may be plain or with a dictionary;
    /// null means absent.
    ///
    /// `at` names a column, or is an aware datetime for all rows. A column holds timestamps, dates, numbers or text, in RFC 3339 or as databases
    /// write it (`2026-05-01 12:00:00+00`). What names no zone is read only with `time_zone` (`"UTC"`, `"+02:00"`, `"Europe/Zurich"`), and is
    /// `invalid_timestamp` where clocks were changed. Numbers count milliseconds since 1970, or the `at_unit`: `"s"`, `"ms"`, `"us"`, `"ns"`.
    ///
    /// `columns` names the answers: `"bailiwick"`, or the FinOps FOCUS dimensions of `"focus-1.4"` or `"focus-1.5-draft"`. With `keep_input` the
    /// table's own columns come first; `prefix` stands before the names of answers. Without `dictionaries` the answers are plain text; of a stream,
    /// ids always are.
    ///
    /// Raises BailiwickError with a column's name as path: `missing_field`, `duplicate_id` (two columns of that name), `wrong_type`; and
    /// `unreadable` where the table ends in an error.
    ///
    /// >>> import pyarrow
    /// >>> usage = pyarrow.table({"principal": ["user:usr_bob", "user:usr_gone"], "kind": ["batch", "batch"]})
    /// >>> answers = guard.attribute_table(usage)
    /// >>> answers.counts
    /// {'default_project_fallback': 1, 'unknown_principal': 1}
    /// >>> answers.to_pyarrow().column("project").to_pylist()
    /// ['prj_default', None]
    #[pyo3(
        signature = (
            table, *, principal=ColumnName::Default("principal"), kind=ColumnName::Default("kind"), surface=ColumnName::Default("surface"),
            project=ColumnName::Default("project"), resource=ColumnName::Default("resource"), at=At::Column(ColumnName::Default("at")),
            user=ColumnName::None, api_key=ColumnName::None, columns="bailiwick", keep_input=false, prefix="", dictionaries=true, time_zone=None,
            at_unit=None
        ),
        text_signature = "($self, table, *, principal='principal', kind='kind', surface='surface', project='project', resource='resource', at='at', user=None, api_key=None, columns='bailiwick', keep_input=False, prefix='', dictionaries=True, time_zone=None, at_unit=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "one for each column")]
    fn attribute_table(
        &self,
        table: &Bound<'_, PyAny>,
        principal: ColumnName,
        kind: ColumnName,
        surface: ColumnName,
        project: ColumnName,
        resource: ColumnName,
        at: At,
        user: ColumnName,
        api_key: ColumnName,
        columns: &str,
        keep_input: bool,
        prefix: &str,
        dictionaries: bool,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let when = When::new(table.py(), at, time_zone, at_unit)?;
        let (directory, form) = (self.directory.ask(table.py(), Arc::clone)?, Form { keep_input, prefix, dictionaries });
        let usage = [kind, surface, project, resource];
        tables::attribute_table(directory, table, [principal, user, api_key], usage, when, columns, &form)
    }

    /// Decide on a whole table of questions, row for row, as attribute_table attributes usage. A row that is no proper question is denied, and has an
    /// error code as its reason.
    ///
    /// The answers are `allowed`, `reason`, `role`, `organization`, `project` and `caveats`. `min_revision` and `max_age_seconds` hold for every row.
    /// Raises what attribute_table raises.
    ///
    /// >>> import pyarrow
    /// >>> questions = pyarrow.table({"principal": ["user:usr_ada"], "action": ["file.read"], "resource": ["project:prj_a"]})
    /// >>> guard.check_table(questions).counts
    /// {'organization_role': 1}
    #[pyo3(
        signature = (
            table, *, principal=ColumnName::Default("principal"), action=ColumnName::Default("action"),
            resource=ColumnName::Default("resource"), surface=ColumnName::Default("surface"), at=At::Column(ColumnName::Default("at")),
            user=ColumnName::None, api_key=ColumnName::None, min_revision=None, max_age_seconds=None, keep_input=false, prefix="",
            dictionaries=true, time_zone=None, at_unit=None
        ),
        text_signature = "($self, table, *, principal='principal', action='action', resource='resource', surface='surface', at='at', user=None, api_key=None, min_revision=None, max_age_seconds=None, keep_input=False, prefix='', dictionaries=True, time_zone=None, at_unit=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "one for each column")]
    fn check_table(
        &self,
        table: &Bound<'_, PyAny>,
        principal: ColumnName,
        action: ColumnName,
        resource: ColumnName,
        surface: ColumnName,
        at: At,
        user: ColumnName,
        api_key: ColumnName,
        min_revision: Option<&Bound<'_, PyAny>>,
        max_age_seconds: Option<&Bound<'_, PyAny>>,
        keep_input: bool,
        prefix: &str,
        dictionaries: bool,
        time_zone: Option<&Bound<'_, PyAny>>,
        at_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<AnswerTable> {
        let py = table.py();
        let when = When::new(py, at, time_zone, at_unit)?;
        let terms = answer(py, || boundary::terms(&request(&[], &[("min_revision", min_revision), ("max_age_seconds", max_age_seconds)])))?;
        let (directory, form) = (self.directory.ask(py, Arc::clone)?, Form { keep_input, prefix, dictionaries });
        let questions = [action, resource, surface];
        tables::check_table(directory, table, [principal, user, api_key], questions, when, terms, &form)
    }

    /// The ids of the projects in which a principal has a role or key scope, in byte order.
    ///
    /// Without `limit` it is all of them; with one, pass `.next_cursor` as `cursor` for the next page until it is None.
    /// Raises BailiwickError for bad input as check_access, `cursor_invalid`, and `cursor_mismatch` (another listing or other arguments).
    ///
    /// >>> first = guard.list_projects("user:usr_ada", limit=1)
    /// >>> first.items, guard.list_projects("user:usr_ada", limit=1, cursor=first.next_cursor).items
    /// (['prj_a'], ['prj_default'])
    #[pyo3(signature = (principal, *, at=None, limit=None, cursor=None))]
    fn list_projects<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        limit: Option<&Bound<'py, PyAny>>,
        cursor: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = request(&[("principal", principal)], &[("at", at), ("limit", limit), ("cursor", cursor)]);
        let now = now()?;
        let page = self.ask(py, |directory| boundary::list_projects(directory, &request, now))?;
        made(py, "Page", (page.items, page.next_cursor))
    }

    /// The resources on which check_access allows a principal an action, as references in byte order.
    ///
    /// `kind` and `project` narrow them. Pages and errors are as for list_projects.
    ///
    /// >>> guard.list_resources("user:usr_bob", "instant_cluster.read")
    /// Page(items=['instant_cluster:cl_1'], next_cursor=None)
    #[pyo3(signature = (principal, action, *, kind=None, project=None, surface=None, at=None, limit=None, cursor=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a request")]
    fn list_resources<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        action: &Bound<'py, PyAny>,
        kind: Option<&Bound<'py, PyAny>>,
        project: Option<&Bound<'py, PyAny>>,
        surface: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
        limit: Option<&Bound<'py, PyAny>>,
        cursor: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let optional = [("kind", kind), ("project", project), ("surface", surface), ("at", at), ("limit", limit), ("cursor", cursor)];
        let request = request(&[("principal", principal), ("action", action)], &optional);
        let now = now()?;
        let page = self.ask(py, |directory| boundary::list_resources(directory, &request, now))?;
        made(py, "Page", (page.items, page.next_cursor))
    }

    /// The principals whom check_access allows an action on a resource, as references in byte order.
    ///
    /// Pages and errors are as for list_projects.
    ///
    /// >>> guard.list_principals("file.read", "project:prj_a").items
    /// ['api_key:key_ci', 'user:usr_ada', 'user:usr_bob']
    #[pyo3(signature = (action, resource, *, surface=None, at=None, limit=None, cursor=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a request")]
    fn list_principals<'py>(
        &self,
        py: Python<'py>,
        action: &Bound<'py, PyAny>,
        resource: &Bound<'py, PyAny>,
        surface: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
        limit: Option<&Bound<'py, PyAny>>,
        cursor: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let optional = [("surface", surface), ("at", at), ("limit", limit), ("cursor", cursor)];
        let request = request(&[("action", action), ("resource", resource)], &optional);
        let now = now()?;
        let page = self.ask(py, |directory| boundary::list_principals(directory, &request, now))?;
        made(py, "Page", (page.items, page.next_cursor))
    }

    /// Every action that check_access allows a principal on a resource, in byte order; always the whole list.
    ///
    /// Raises BailiwickError as check_access.
    ///
    /// >>> guard.list_actions("api_key:key_ci", "instant_cluster:cl_1").items
    /// ['instant_cluster.read', 'instant_cluster.run_workloads', 'instant_cluster.submit_job']
    #[pyo3(signature = (principal, resource, *, surface=None, at=None))]
    fn list_actions<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        resource: &Bound<'py, PyAny>,
        surface: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let request = request(&[("principal", principal), ("resource", resource)], &[("surface", surface), ("at", at)]);
        let now = now()?;
        let page = self.ask(py, |directory| boundary::list_actions(directory, &request, now))?;
        made(py, "Page", (page.items, page.next_cursor))
    }

    /// Make a change, a dict (rules C1 to C12 and C24), and return the new revision, by which the engine answers at once.
    ///
    /// With an `actor` the change is authorised as every action is; left out, it is the platform's own. `actor=None` is refused
    /// (`wrong_type`), so that a variable that is not set does not pass for the platform. After an error nothing has changed.
    /// Raises ForbiddenError (with the decision), NotFoundError, and BailiwickError with the code of the rule that refuses:
    /// `already_exists`, `exceeds_own_role`, `owner_protected`, `external_collaborators_disabled` and others; `revision_conflict`
    /// where the directory is not at `expected_revision`; for bad input as check_access, `unknown_change`, `missing_field`,
    /// `unknown_field`.
    ///
    /// >>> change = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}
    /// >>> guard.apply(change, actor="user:usr_ada", expected_revision=0)
    /// 1
    /// >>> guard.apply(change)
    /// Traceback (most recent call last):
    /// bailiwick.NotFoundError: there is no such user (not_found at /user)
    #[pyo3(signature = (change, *, actor=Named::LeftOut, at=None, expected_revision=None))]
    fn apply(
        &self,
        py: Python<'_>,
        change: &Bound<'_, PyAny>,
        actor: Named<'_>,
        at: Option<&Bound<'_, PyAny>>,
        expected_revision: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, now) = (value_of(change), now()?);
        self.write(py, |directory| boundary::apply(directory, &change, &terms, now))
    }

    /// Tell what would follow from a change, and change nothing.
    ///
    /// Raises BailiwickError as apply.
    ///
    /// >>> preview = guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
    /// >>> preview.projects_lost, preview.live_api_keys
    /// ([LostProject(principal='user:usr_bob', project='prj_a')], ['key_ci'])
    #[pyo3(signature = (change, *, actor=Named::LeftOut, at=None, expected_revision=None))]
    fn preview<'py>(
        &self,
        py: Python<'py>,
        change: &Bound<'py, PyAny>,
        actor: Named<'py>,
        at: Option<&Bound<'py, PyAny>>,
        expected_revision: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, now) = (value_of(change), now()?);
        let preview = self.ask(py, |directory| boundary::preview(directory, &change, &terms, now))?;
        let lost: Vec<_> = preview.projects_lost.into_iter().map(|lost| (lost.principal, lost.project)).collect();
        made(py, "preview", (preview.revision, lost, preview.live_api_keys, preview.booked_elsewhere))
    }

    /// The API key whose secret this is, as a reference (a dict), or None. Revoked and expired keys are recognised too.
    ///
    /// Raises BailiwickError `wrong_type` where it is no str.
    ///
    /// >>> secret, digest = new_api_key()
    /// >>> change = {"type": "create_api_key", "project": "prj_a", "key": "key_new", "digest": digest}
    /// >>> guard.apply(change), guard.authenticate(secret), guard.authenticate("a guess")
    /// (1, {'type': 'api_key', 'id': 'key_new'}, None)
    fn authenticate<'py>(&self, py: Python<'py>, secret: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // Any text is answered, however long, so that it is not copied.
        let secret = text_of(secret).map_or_else(|| value_of(secret), |text| Value::Text(Cow::Borrowed(text)));
        let found = self.ask(py, |directory| Ok(text_of_json(&boundary::authenticate(directory, &secret)?)))?;
        plain(py, &found)
    }

    /// The same by a digest, for platforms that hash secrets in a way of their own (with a salt, or an HMAC): the directory then holds the 32
    /// bytes that they compute, as `sha256:` and 64 hexadecimal digits.
    ///
    /// Raises BailiwickError `invalid_digest`, and `wrong_type` where it is no str.
    ///
    /// >>> import hashlib, hmac
    /// >>> digest = "sha256:" + hmac.digest(b"pepper", b"a secret", hashlib.sha256).hex()
    /// >>> guard.apply({"type": "create_api_key", "project": "prj_a", "key": "key_hmac", "digest": digest})
    /// 1
    /// >>> guard.authenticate_digest(digest), guard.authenticate("a secret")
    /// ({'type': 'api_key', 'id': 'key_hmac'}, None)
    fn authenticate_digest<'py>(&self, py: Python<'py>, digest: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let digest = value_of(digest);
        let found = self.ask(py, |directory| Ok(text_of_json(&boundary::authenticate_digest(directory, &digest)?)))?;
        plain(py, &found)
    }

    /// Answer a request of the OpenID AuthZEN Authorization API 1.0 with the JSON text of the response: no transport, so that it serves
    /// any.
    ///
    /// `api` is access_evaluation, access_evaluations, search_subject, search_resource or search_action; `request` is a dict, or its JSON
    /// as str or bytes. With `reasons`, decisions say why, which can tell a stranger what exists. With `trust_context_time`, the request's
    /// `context.time` is when, so that its sender could revive an expired key; otherwise it is `at`, by default now.
    /// Raises BailiwickError for what the standard answers with 400: `invalid_json`, `missing_field`, `wrong_type`, `invalid_timestamp`,
    /// `limit_exceeded`, `cursor_invalid`, `cursor_mismatch`.
    ///
    /// >>> subject, resource = {"type": "user", "id": "usr_bob"}, {"type": "project", "id": "prj_a"}
    /// >>> guard.authzen("access_evaluation", {"subject": subject, "action": {"name": "file.read"}, "resource": resource})
    /// '{"decision":true}'
    #[pyo3(signature = (api, request, *, reasons=None, trust_context_time=None, at=None))]
    fn authzen(
        &self,
        py: Python<'_>,
        api: &Bound<'_, PyAny>,
        request: &Bound<'_, PyAny>,
        reasons: Option<&Bound<'_, PyAny>>,
        trust_context_time: Option<&Bound<'_, PyAny>>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let options = [("reasons", reasons), ("trust_context_time", trust_context_time), ("at", at)];
        let (api, options, now) = (value_of(api), crate::request::request(&[], &options), now()?);
        if let Some(text) = json_of(request) {
            return self.ask(py, |directory| boundary::authzen_json(directory, &api, text, &options, now));
        }
        let request = value_of(request);
        self.ask(py, |directory| boundary::authzen(directory, &api, &request, &options, now))
    }

    /// Load a snapshot (bytes, bytearray or memoryview): far faster than a document. With `public_key` (32 bytes, Ed25519), only one that
    /// its holder has signed, and later only such deltas; `public_keys` are several of which any will do. Once named, they have to be there:
    /// None is refused. What says that it was issued more than 300 seconds after `at`, by default now, is refused too.
    ///
    /// Raises BailiwickError `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`,
    /// `wrong_type`.
    ///
    /// >>> signing_key = bytes(32)  # in earnest: os.urandom(32)
    /// >>> edge = Bailiwick.from_snapshot(guard.to_snapshot(signing_key), public_key_of(signing_key))
    /// >>> edge.is_allowed("user:usr_bob", "file.read", "project:prj_a")
    /// True
    /// >>> Bailiwick.from_snapshot(guard.to_snapshot(), public_key_of(signing_key))
    /// Traceback (most recent call last):
    /// bailiwick.InvalidInputError: a signature is demanded, and there is none (signature_missing)
    #[staticmethod]
    #[pyo3(signature = (data, public_key=Named::LeftOut, *, public_keys=Named::LeftOut, at=None))]
    fn from_snapshot(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: Named<'_>,
        public_keys: Named<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (data, keys, options) = (Argument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let (seed, now) = (seed(), now()?);
        let load = || boundary::directory_from_snapshot(data.bytes(), &options, &keys.as_keys(), seed, now);
        answer(py, || py.detach(load)).map(Self::new)
    }

    /// The directory and its policy as bytes; the same directory gives the same bytes everywhere.
    ///
    /// `signing_key` (32 bytes, an Ed25519 seed) signs it; `issued_at` (as `at` of check_access) and `max_age_seconds` take the place of
    /// what the directory says; `digests=False` leaves the digests of API keys out.
    /// Without an instant and a greatest age, of the call or of the directory, it never becomes stale: where no newer one arrives, whoever is
    /// removed keeps access.
    /// Raises BailiwickError `wrong_type`, `invalid_timestamp`, `limit_exceeded`.
    ///
    /// >>> snapshot = guard.to_snapshot(issued_at="2026-02-01T00:00:00Z", max_age_seconds=300)
    /// >>> Bailiwick.from_snapshot(snapshot).fresh_until
    /// '2026-02-01T00:05:00Z'
    #[pyo3(signature = (signing_key=None, *, issued_at=None, max_age_seconds=None, digests=None))]
    fn to_snapshot<'py>(
        &self,
        py: Python<'py>,
        signing_key: Option<&Bound<'py, PyAny>>,
        issued_at: Option<&Bound<'py, PyAny>>,
        max_age_seconds: Option<&Bound<'py, PyAny>>,
        digests: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let options = request(&[], &[("issued_at", issued_at), ("max_age_seconds", max_age_seconds), ("digests", digests)]);
        let key = Argument::new(signing_key);
        let snapshot = self.ask(py, |directory| boundary::to_snapshot(directory, &options, key.bytes()))?;
        Ok(PyBytes::new(py, &snapshot))
    }

    /// The changes since a revision at which a snapshot or delta was made or loaded here, as bytes, for copies that are at it. Since the
    /// present revision there are none: that renews the age of the copies. `signing_key`, `issued_at` and `max_age_seconds` are as for
    /// to_snapshot.
    ///
    /// Raises BailiwickError as to_snapshot, and `delta_gap` where that revision is not remembered: make a snapshot instead.
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
        let (since, key) = (value_of(since), Argument::new(signing_key));
        let delta = self.ask(py, |directory| boundary::to_delta(directory, &since, &options, key.bytes()))?;
        Ok(PyBytes::new(py, &delta))
    }

    /// Carry out a delta, whole or not at all, take over its age, and return the new revision.
    ///
    /// `public_key` (32 bytes) or `public_keys` take the place of those that the snapshot was loaded with; `at` is as for from_snapshot.
    /// Raises BailiwickError `delta_gap` (it begins at another revision), `delta_fork` (at this one of another history),
    /// `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`, `wrong_type`.
    #[pyo3(signature = (data, *, public_key=Named::LeftOut, public_keys=Named::LeftOut, at=None))]
    fn apply_delta(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        public_key: Named<'_>,
        public_keys: Named<'_>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (data, keys, options) = (Argument::new(Some(data)), PublicKeys::new(&public_key, &public_keys), request(&[], &[("at", at)]));
        let now = now()?;
        self.write(py, |directory| boundary::apply_delta(directory, data.bytes(), &options, &keys.as_keys(), now))
    }

    /// The directory as a document (a dict) that loads to the same answers.
    ///
    /// >>> [project["id"] for project in guard.to_directory()["organizations"][0]["projects"]]
    /// ['prj_default', 'prj_a']
    fn to_directory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = self.directory.ask(py, |directory| text_of_json(&directory.to_document()))?;
        plain(py, &document)
    }

    /// The revision of the directory, an int: each change adds one.
    #[getter]
    fn revision(&self, py: Python<'_>) -> PyResult<u64> {
        self.directory.ask(py, |directory| directory.revision())
    }

    /// The id of the policy, such as `projects-2026-02`.
    #[getter]
    fn policy(&self, py: Python<'_>) -> PyResult<String> {
        self.directory.ask(py, |directory| directory.policy_id().to_owned())
    }

    /// When the directory was issued (RFC 3339, UTC), if it says so.
    #[getter]
    fn issued_at(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.directory.ask(py, |directory| directory.issued_at().as_ref().map(Instant::to_string))
    }

    /// The last instant at which the directory answers (RFC 3339, UTC): after it everything is denied, as `snapshot_stale`. None where that
    /// never comes, since it has no `issued_at` or no `max_age_seconds`.
    #[getter]
    fn fresh_until(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.directory.ask(py, |directory| directory.fresh_until().as_ref().map(Instant::to_string))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.directory.ask(py, |directory| format!("<Bailiwick revision={} policy='{}'>", directory.revision(), directory.policy_id()))
    }

    /// An engine of its own, at the same revision, that remembers the same changes for deltas.
    fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
        self.directory.ask(py, |directory| Directory::clone(directory)).map(Self::new)
    }

    /// As copy: no part of an engine is shared.
    fn __deepcopy__(&self, py: Python<'_>, _memo: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.__copy__(py)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, pickle::Contents<'py>)> {
        let (snapshot, keys) = self.ask(py, |directory| Ok(pickle::contents(directory)))?;
        let keys = keys.map(|keys| keys.iter().map(|key| PyBytes::new(py, key)).collect());
        Ok((py.import("bailiwick._bailiwick")?.getattr("restore")?, (PyBytes::new(py, &snapshot), keys)))
    }
}

/// Make an engine again from what its pickle holds. Raises BailiwickError `snapshot_corrupt`, `snapshot_version`.
#[pyfunction]
pub(crate) fn restore(py: Python<'_>, snapshot: &Bound<'_, PyBytes>, public_keys: Option<Vec<[u8; 32]>>) -> PyResult<Bailiwick> {
    pickle::directory(py, snapshot.as_bytes(), public_keys).map(Bailiwick::new)
}

/// What the core answers where no engine is asked.
pub(crate) fn answer<T>(py: Python<'_>, ask: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    caught(ask).map_err(|place| internal(py, &place))?.map_err(|error| raised(py, &error))
}

fn text_of<'a>(host: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    host.cast::<PyString>().ok()?.to_str().ok()
}

/// JSON text as it is; none for anything else, and for a string that is not Unicode.
pub(crate) fn json_of<'a>(document: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    match document.cast::<PyBytes>() {
        Ok(bytes) => Some(bytes.as_bytes()),
        Err(_) => text_of(document).map(str::as_bytes),
    }
}
