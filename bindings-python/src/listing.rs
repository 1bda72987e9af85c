//! Listings.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::construct;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::request::request;

#[pymethods]
impl Bailiwick {
    /// The ids of the projects in which a principal has a role, or that an API key reaches, in byte order.
    ///
    /// With an `action` on projects: those in which check_access allows it.
    /// Without `limit` it lists all of them. With one, pass `.next_cursor` as `cursor` for the next page, until it is None.
    /// Raises BailiwickError for bad input as check_access, and `cursor_invalid` and `cursor_mismatch` (a cursor of another listing or of other
    /// arguments).
    ///
    /// >>> first = guard.list_projects("user:usr_ada", limit=1)
    /// >>> first.items, guard.list_projects("user:usr_ada", limit=1, cursor=first.next_cursor).items
    /// (['prj_a'], ['prj_default'])
    #[pyo3(signature = (principal, *, action=None, at=None, limit=None, cursor=None))]
    fn list_projects<'py>(
        &self,
        py: Python<'py>,
        principal: &Bound<'py, PyAny>,
        action: Option<&Bound<'py, PyAny>>,
        at: Option<&Bound<'py, PyAny>>,
        limit: Option<&Bound<'py, PyAny>>,
        cursor: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let optional = [("action", action), ("at", at), ("limit", limit), ("cursor", cursor)];
        let request = request(&[("principal", principal)], &optional);
        let now = now()?;
        let page = self.ask(py, |directory| boundary::list_projects(directory, &request, now))?;
        construct(py, "Page", (page.items, page.next_cursor))
    }

    /// The resources on which check_access allows a principal an action, as references in byte order.
    ///
    /// `kind` and `project` filter them. Pages and errors are as for list_projects.
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
        construct(py, "Page", (page.items, page.next_cursor))
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
        construct(py, "Page", (page.items, page.next_cursor))
    }

    /// Every action that check_access allows a principal on a resource, in byte order. The list is never split into pages.
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
        construct(py, "Page", (page.items, page.next_cursor))
    }
}
