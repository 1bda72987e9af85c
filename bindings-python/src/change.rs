//! Changes.

use bailiwick::boundary;
use pyo3::prelude::*;

use crate::answer::construct;
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::request::request;
use crate::unset::MaybeUnset;
use crate::value::value_of;

#[pymethods]
impl Bailiwick {
    /// Make a change, a dict (rules C1 to C12 and C24), and return the new revision. The engine answers by it at once.
    ///
    /// With an `actor` the change is authorized as an action of theirs. Without one it is not checked for permission: it is the platform's own.
    /// `actor=None` is refused (`wrong_type`), so that an unset variable cannot skip the check. After an error nothing has changed.
    /// Raises ForbiddenError (with the decision), NotFoundError, and BailiwickError with the code of the rule that refuses:
    /// `already_exists`, `exceeds_own_role`, `owner_protected`, `external_collaborators_disabled` and others; `revision_conflict`
    /// if the directory is not at `expected_revision`; and for bad input as check_access, `unknown_change`, `missing_field`,
    /// `unknown_field`.
    ///
    /// >>> change = {"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"}
    /// >>> guard.apply(change, actor="user:usr_ada", expected_revision=0)
    /// 1
    /// >>> guard.apply(change)
    /// Traceback (most recent call last):
    /// bailiwick.NotFoundError: there is no such user (not_found at /user)
    #[pyo3(signature = (change, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn apply(
        &self,
        py: Python<'_>,
        change: &Bound<'_, PyAny>,
        actor: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
        expected_revision: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, now) = (value_of(change), now()?);
        self.write(py, |directory| boundary::apply(directory, &change, &terms, now))
    }

    /// Report what a change would do, without making it.
    ///
    /// Raises BailiwickError as apply.
    ///
    /// >>> preview = guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
    /// >>> preview.projects_lost, preview.live_api_keys
    /// ([LostProject(principal='user:usr_bob', project='prj_a')], ['key_ci'])
    #[pyo3(signature = (change, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn preview<'py>(
        &self,
        py: Python<'py>,
        change: &Bound<'py, PyAny>,
        actor: MaybeUnset<'py>,
        at: Option<&Bound<'py, PyAny>>,
        expected_revision: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
        let (change, now) = (value_of(change), now()?);
        let preview = self.write(py, |directory| boundary::preview(directory, &change, &terms, now))?;
        let lost: Vec<_> = preview.projects_lost.into_iter().map(|lost| (lost.principal, lost.project)).collect();
        construct(py, "preview", (preview.revision, lost, preview.live_api_keys, preview.booked_elsewhere))
    }
}
