//! Changes, one by one, as a list, or from a document.

use bailiwick::{Instant, Value, boundary};
use pyo3::prelude::*;

use crate::answer::{construct, parse_json, to_json};
use crate::clock::now;
use crate::engine::Bailiwick;
use crate::memory;
use crate::request::request;
use crate::unset::MaybeUnset;
use crate::value::{json_of, value_of};

/// A change or a list of them, its circumstances, and the present.
type Arguments = (Value<'static>, Value<'static>, Instant);

fn arguments<'py>(
    changes: &Bound<'py, PyAny>,
    actor: &MaybeUnset<'py>,
    at: Option<&Bound<'py, PyAny>>,
    expected_revision: Option<&Bound<'py, PyAny>>,
) -> PyResult<Arguments> {
    let terms = request(&[], &[("actor", actor.given()), ("at", at), ("expected_revision", expected_revision)]);
    Ok((value_of(changes), terms, now()?))
}

#[pymethods]
impl Bailiwick {
    /// Make a change, a dict (rules C1 to C24), and return the new revision. The engine answers by it at once.
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
    /// bailiwick.NotFoundError: the user has no row in the project (not_found at /user)
    #[pyo3(signature = (change, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn apply(
        &self,
        py: Python<'_>,
        change: &Bound<'_, PyAny>,
        actor: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
        expected_revision: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (change, terms, now) = arguments(change, &actor, at, expected_revision)?;
        self.write(py, |directory| boundary::apply(directory, &change, &terms, now))
    }

    /// Make a list of changes, all or none, and return the new revision: each change adds one. Each is authorized on its own, and sees those
    /// before it. `expected_revision` is the revision before the first one. Other threads run meanwhile.
    ///
    /// Raises BailiwickError as apply; the path begins with the position of the change that failed.
    ///
    /// >>> joining = {"type": "add_member", "organization": "org_acme", "user": "usr_new"}
    /// >>> guard.apply_many([joining, {"type": "add_collaborator", "project": "prj_a", "user": "usr_new"}])
    /// 2
    /// >>> guard.apply_many([{"type": "remove_member", "organization": "org_acme", "user": "usr_new"}, joining, joining])
    /// Traceback (most recent call last):
    /// bailiwick.InvalidInputError: `user` already exists (already_exists at /2/user)
    /// >>> guard.revision
    /// 2
    #[pyo3(signature = (changes, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn apply_many(
        &self,
        py: Python<'_>,
        changes: &Bound<'_, PyAny>,
        actor: MaybeUnset<'_>,
        at: Option<&Bound<'_, PyAny>>,
        expected_revision: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (changes, terms, now) = arguments(changes, &actor, at, expected_revision)?;
        self.write(py, |directory| boundary::apply_many(directory, &changes, &terms, now))
    }

    /// Report what a change, or a list of changes, would do, without making it. With an `actor`, it tells only about the organizations that the
    /// changes are asked of.
    ///
    /// Raises BailiwickError as apply, and for a list as apply_many.
    ///
    /// >>> preview = guard.preview({"type": "remove_collaborator", "project": "prj_a", "user": "usr_bob"})
    /// >>> preview.projects_lost, preview.live_api_keys
    /// ([LostProject(principal='user:usr_bob', project='prj_a')], ['key_ci'])
    /// >>> [(row.entry["table"], row.after) for row in preview.rows]
    /// [('collaborators', None)]
    #[pyo3(signature = (change_or_list, *, actor=MaybeUnset::Unset, at=None, expected_revision=None))]
    fn preview<'py>(
        &self,
        py: Python<'py>,
        change_or_list: &Bound<'py, PyAny>,
        actor: MaybeUnset<'py>,
        at: Option<&Bound<'py, PyAny>>,
        expected_revision: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (changes, terms, now) = arguments(change_or_list, &actor, at, expected_revision)?;
        let preview = self.write(py, |directory| boundary::preview(directory, &changes, &terms, now).map(|preview| to_json(&preview)))?;
        construct(py, "preview", (parse_json(py, &preview)?,))
    }

    /// Turn the directory into that of a document (a dict, or JSON as str or bytes), by the changes that are needed: all or none, as the
    /// platform's own. Use it where a database is the truth. With `dry_run`, the changes are only listed.
    ///
    /// There are at most as many changes as entries differ. The document's `revision` is not read: each change adds one. Its `issued_at` and
    /// `max_age_seconds` are taken over if it has them. With `quarantine`, an organization with a fault keeps its last good state, where
    /// otherwise the document is refused; None means as the engine was loaded. The limits of JSON are those of
    /// from_directory. Other threads run meanwhile.
    /// Raises BailiwickError as from_directory; then nothing has changed.
    ///
    /// >>> document = guard.to_directory()
    /// >>> document["organizations"][0]["members"][1]["role"] = "admin"
    /// >>> guard.reconcile(document, dry_run=True).changes[0]["type"]
    /// 'put_member'
    /// >>> guard.reconcile(document).revision, guard.reconcile(document).changes
    /// (1, [])
    #[pyo3(
        signature = (document, *, dry_run=MaybeUnset::Unset, quarantine=None, max_bytes=None, max_values=None),
        text_signature = "($self, document, *, dry_run=False, quarantine=None, max_bytes=None, max_values=None)"
    )]
    fn reconcile<'py>(
        &self,
        py: Python<'py>,
        document: &Bound<'py, PyAny>,
        dry_run: MaybeUnset<'py>,
        quarantine: Option<&Bound<'py, PyAny>>,
        max_bytes: Option<&Bound<'py, PyAny>>,
        max_values: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // `dry_run=None` is refused: an unset variable must not turn a dry run into changes.
        let optional = [("dry_run", dry_run.given()), ("quarantine", quarantine), ("max_bytes", max_bytes), ("max_values", max_values)];
        let options = request(&[], &optional);
        let now = now()?;
        let reconciliation = match json_of(document) {
            Some(text) => self.write(py, |directory| {
                let reconciliation = boundary::reconcile(directory, text, &options, now).map(|reconciliation| to_json(&reconciliation));
                memory::give_back(text.len());
                reconciliation
            }),
            None => {
                let value = value_of(document);
                self.write(py, |directory| {
                    boundary::reconcile(directory, &value, &options, now).map(|reconciliation| to_json(&reconciliation))
                })
            }
        };
        construct(py, "reconciliation", (parse_json(py, &reconciliation?)?,))
    }
}
