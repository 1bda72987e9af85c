//! Attribution of usage.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::construct;
use crate::attribution::Attribution;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::request::request;
use crate::value::value_of;

#[pymethods]
impl Bailiwick {
    /// To which organization and project usage belongs, and where the platform books it (rules B1 to B6).
    ///
    /// It does not check whether the usage was allowed. `project` is an id; `resource` is a reference; `surface` and `at` are as for
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

    /// Attribute a list of usages, each a dict with the arguments of attribute. There is one answer for each, in order, all by one revision.
    ///
    /// A row that cannot be attributed has an error code as its reason; `.unattributed` of the list counts such rows.
    /// Raises BailiwickError `wrong_type` if `usages` is not a list.
    ///
    /// >>> rows = guard.attribute_many([{"principal": "api_key:key_ci", "kind": "batch"}, {"principal": "user:nobody", "kind": "batch"}])
    /// >>> [row.reason for row in rows], rows.unattributed
    /// (['project_scoped', 'unknown_principal'], 1)
    fn attribute_many<'py>(&self, py: Python<'py>, usages: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (usages, now) = (value_of(usages), now()?);
        let (rows, unattributed) = self.ask(py, |directory| {
            let answers = boundary::attribute_many(directory, &usages, now)?;
            Ok((answers.rows.into_iter().map(Attribution::from).collect::<Vec<_>>(), answers.unattributed))
        })?;
        construct(py, "Attributions", (rows, unattributed))
    }
}
