//! Insight: explanations.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::{insight, to_json};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::request::request;

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
        let told = self.write(py, |directory| boundary::explain(directory, &request, now).map(|told| to_json(&told)))?;
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
        let told = self.write(py, |directory| boundary::explain_usage(directory, &usage, now).map(|told| to_json(&told)))?;
        insight(py, "usage_explanation", &told)
    }
}
