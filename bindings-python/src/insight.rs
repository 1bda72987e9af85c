//! Insight: explanations, impacts, reviews, findings, and policies.

use std::sync::Arc;

use bailiwick::{Directory, Error, boundary};
use pyo3::prelude::*;

use crate::answer::{insight, parse_json, to_json};
use crate::arrow::error::TableError;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::error::{answer, py_table_error};
use crate::request::request;
use crate::value::value_of;

impl Bailiwick {
    /// The directories of this engine and of another one, as they are now.
    pub(crate) fn with_other(&self, other: &Bound<'_, PyAny>) -> PyResult<[Arc<Directory>; 2]> {
        let py = other.py();
        let wrong_type = || py_table_error(py, &TableError::wrong_type("/other", "expected another engine (a Bailiwick)"));
        let other = other.cast::<Self>().map_err(|_| wrong_type())?.get();
        Ok([self.directory.ask(py, Arc::clone)?, other.directory.ask(py, Arc::clone)?])
    }

    /// An answer for which changes are tried out. They are made to a copy: trying can take long, and meanwhile nobody shall wait for the engine.
    fn try_on_copy<T: Send>(&self, py: Python<'_>, ask: impl FnOnce(&mut Directory) -> Result<T, Error> + Send) -> PyResult<T> {
        let directory = self.directory.ask(py, Arc::clone)?;
        answer(py, || py.detach(|| ask(&mut Directory::clone(&directory))))
    }
}

#[pymethods]
impl Bailiwick {
    /// Explain a decision: the rule, the rows that it looked at, and of a denial the single changes that would allow it. The arguments are those
    /// of check_access. Explanations are for administrators: they name rows, people and permissions that the one who asks may not know of.
    ///
    /// Each of `would_allow` has been tried on the directory, which is the same afterwards: weakest role first, switches and wider grants last.
    /// Raises BailiwickError as check_access.
    ///
    /// >>> why = guard.explain("user:usr_bob", "instant_cluster.scale", "instant_cluster:cl_1")
    /// >>> why.rule, why.decision.reason
    /// ('A19', 'role_lacks_permission')
    /// >>> why.would_allow[0].change["type"], why.would_allow[0].by
    /// ('set_collaborator_role', ['user:usr_ada'])
    #[pyo3(signature = (principal, action, resource, *, surface=None, at=None, min_revision=None, max_age_seconds=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a request")]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        action: &Bound<'py, PyAny>,
        resource: &Bound<'py, PyAny>,
        surface: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
        min_revision: Option<&Bound<'py, PyAny>>,
        max_age_seconds: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let required = [("principal", principal), ("action", action), ("resource", resource)];
        let optional = [("surface", surface), ("at", at), ("min_revision", min_revision), ("max_age_seconds", max_age_seconds)];
        let (request, now) = (request(&required, &optional), now()?);
        let told = self.try_on_copy(py, |copy| boundary::explain(copy, &request, now).map(|told| to_json(&told)))?;
        insight(py, "explanation", &told)
    }

    /// Explain where usage is booked: the rule, the rows that it looked at, and what each remedy would lead to. The arguments are those of attribute.
    ///
    /// Raises BailiwickError as attribute.
    ///
    /// >>> why = guard.explain_usage("user:usr_bob", "fine_tuning", surface="ui", project="prj_a")
    /// >>> why.rule, why.remedies
    /// ('B6', [RemedyOutcome(remedy='use_project_api_key', organization='org_acme', project='prj_a', matches_intended=True)])
    #[pyo3(signature = (principal, kind, *, surface=None, project=None, resource=None, at=None))]
    #[expect(clippy::too_many_arguments, reason = "one for each field of a usage")]
    fn explain_usage<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        kind: &Bound<'py, PyAny>,
        surface: Option<&Bound<'py, PyAny>>,
        project: Option<&Bound<'py, PyAny>>,
        resource: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let optional = [("surface", surface), ("project", project), ("resource", resource), ("at", at)];
        let (usage, now) = (request(&[("principal", principal), ("kind", kind)], &optional), now()?);
        let told = self.try_on_copy(py, |copy| boundary::explain_usage(copy, &usage, now).map(|told| to_json(&told)))?;
        insight(py, "usage_explanation", &told)
    }

    /// What each remedy of each usage of a list would lead to, as explain_usage tells it, for summaries: a list of lists of dicts.
    ///
    /// Raises BailiwickError as attribute, with the position as path.
    fn _try_remedies<'py>(&self, py: Python<'py>, usages: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (usages, now) = (value_of(usages), now()?);
        let told = self.try_on_copy(py, |copy| boundary::try_remedies(copy, &usages, now).map(|told| to_json(&told)))?;
        parse_json(py, &told)
    }

    /// What differs between this engine and another one, exactly and for every principal: `other` is the state afterwards. Their age makes no
    /// difference, and actions on oneself are left out.
    ///
    /// `access` tells what principals may do afterwards and not before, and the reverse, on their default surface; `bookings` the usage that is booked
    /// elsewhere. `counts` and `widens` (whether anything is gained) are about all rows, whatever the page; `limit=0` tells no rows. Pages are as for
    /// list_projects: rows of access come before those of bookings. Other threads run meanwhile.
    /// Raises BailiwickError `wrong_type`, `invalid_timestamp`, `cursor_invalid`, `cursor_mismatch`; and `limit_exceeded` at `/limit` for more than a
    /// million rows without a limit: page through them, or use impact_table.
    ///
    /// >>> import copy
    /// >>> after = copy.copy(guard)
    /// >>> after.apply({"type": "set_collaborator_role", "project": "prj_a", "user": "usr_bob", "role": "admin"})
    /// 1
    /// >>> impact = guard.impact(after)
    /// >>> impact.widens, impact.counts.principals, impact.access[0].principal, impact.access[0].lost
    /// (True, 1, 'user:usr_bob', [])
    #[pyo3(signature = (other, *, at=None, limit=None, cursor=None))]
    fn impact<'py>(
        &self,
        py: Python<'py>,
        other: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
        limit: Option<&Bound<'py, PyAny>>,
        cursor: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (request, now) = (request(&[], &[("at", at), ("limit", limit), ("cursor", cursor)]), now()?);
        let [before, after] = self.with_other(other)?;
        let told = answer(py, || py.detach(|| boundary::impact(&before, &after, &request, now).map(|impact| to_json(&impact))))?;
        insight(py, "impact", &told)
    }

    /// Who has what, why and since when: a list of rows, one for each source that gives a principal something in an organization or a project.
    /// Somebody is allowed something in a project exactly if there is an `effective` row.
    ///
    /// The order is by organization, project (the organization itself first) and principal. With an `organization`, only what is in it. A long review
    /// is better read as a table: review_table.
    /// Raises BailiwickError `invalid_id`, `wrong_type`, `invalid_timestamp`; NotFoundError for an unknown `organization`; and `limit_exceeded` for more
    /// than a million rows.
    ///
    /// >>> [(row.principal, row.project, row.role, row.source) for row in guard.review() if row.project == "prj_a"]
    /// [('api_key:key_ci', 'prj_a', None, 'api_key_scope'), ('user:usr_ada', 'prj_a', 'admin', 'organization_role'), ('user:usr_bob', 'prj_a', 'member', 'project_role')]
    #[pyo3(signature = (*, organization=None, at=None))]
    fn review<'py>(
        &self,
        py: Python<'py>,
        organization: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (options, now) = (request(&[], &[("organization", organization), ("at", at)]), now()?);
        let directory = self.directory.ask(py, Arc::clone)?;
        let told = answer(py, || py.detach(|| boundary::review(&directory, &options, now).map(|rows| to_json(&rows))))?;
        insight(py, "review", &told)
    }

    /// What is risky or useless in the directory, and the changes that mend it: a list in byte order of finding, subject and place.
    ///
    /// Each `fix` is a list of changes for apply_many, and has been tried on a copy. It is empty if no change mends the finding by itself.
    /// Raises BailiwickError `wrong_type`, `invalid_timestamp`.
    ///
    /// >>> [(finding.finding, finding.severity, finding.subject) for finding in guard.findings()]
    /// [('key_never_expires', 'medium', 'api_key:key_ci'), ('organization_with_one_admin', 'medium', 'organization:org_acme')]
    #[pyo3(signature = (*, at=None))]
    fn findings<'py>(&self, py: Python<'py>, at: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let (options, now) = (request(&[], &[("at", at)]), now()?);
        let directory = self.directory.ask(py, Arc::clone)?;
        let told = answer(py, || py.detach(|| boundary::findings(&directory, &options, now).map(|findings| to_json(&findings))))?;
        insight(py, "findings", &told)
    }

    /// A second engine: the same directory at the same revision under another `policy`, a document or the id of a built-in one.
    ///
    /// `renames` is a dict of `organization_roles`, `project_roles`, `kinds`, `scopes` and `visibilities`, each from old names to new ones: for names of
    /// the policy in force that the new one spells differently. Deltas of the one engine do not apply to the other.
    /// Raises BailiwickError as the change `set_policy` (C23): the first fault of the policy, of the renames, or of the directory under the new policy.
    ///
    /// >>> guard.with_policy("projects-2026-09", renames={"project_roles": {"member": "editor"}})
    /// <Bailiwick revision=0 policy='projects-2026-09'>
    #[pyo3(signature = (policy, *, renames=None))]
    fn with_policy(&self, py: Python<'_>, policy: &Bound<'_, PyAny>, renames: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let (policy, options) = (value_of(policy), request(&[], &[("renames", renames)]));
        let directory = self.directory.ask(py, Arc::clone)?;
        answer(py, || py.detach(|| boundary::with_policy(&directory, &policy, &options))).map(Self::new)
    }

    /// The policy in force, as a document (a dict).
    ///
    /// >>> [role["role"] for role in guard.policy_document["organization_roles"]]
    /// ['admin', 'member']
    #[getter]
    fn policy_document<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = self.directory.ask(py, |directory| boundary::policy_document(directory))?;
        parse_json(py, document.as_str())
    }
}

/// A built-in policy, as a document (a dict).
///
/// Raises BailiwickError `unknown_policy` at `/id` if there is none, `wrong_type`, `invalid_id`.
///
/// >>> built_in_policy("projects-2026-02")["id"]
/// 'projects-2026-02'
#[pyfunction]
#[pyo3(signature = (id))]
pub(crate) fn built_in_policy<'py>(py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let id = value_of(id);
    let document = answer(py, || boundary::built_in_policy(&id))?;
    parse_json(py, document.as_str())
}

/// What a policy gives to nobody, and by which rule it books each usage. `policy` is a document (a dict) or the id of a built-in one.
///
/// Raises BailiwickError with the first fault of the policy, below `/policy`.
///
/// >>> analysis = analyse_policy("projects-2026-02")
/// >>> analysis.actions_nobody_has, analysis.is_complete
/// ([], True)
#[pyfunction]
#[pyo3(signature = (policy))]
pub(crate) fn analyse_policy<'py>(py: Python<'py>, policy: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let policy = value_of(policy);
    let told = answer(py, || py.detach(|| boundary::analyse_policy(&policy).map(|analysis| to_json(&analysis))))?;
    insight(py, "policy_analysis", &told)
}
