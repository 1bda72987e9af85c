//! Handles: what questions name, looked up once for many of them.
//!
//! A handle borrows its directory, so that nothing changes as long as there is one. Bindings keep numbers: see
//! [`boundary::number_of`](crate::boundary::number_of).

use std::ptr;

use crate::access::{Circumstances, Object, Principal};
use crate::decision::Decision;
use crate::directory::Directory;
use crate::id::Reference;
use crate::instant::Instant;
use crate::policy::Action;

/// A principal that has been found: whoever asks many questions for it saves looking it up.
///
/// ```
/// # let document = br#"{"format": "bailiwick/1", "organizations": [{"id": "org_acme", "owner": "usr_ada",
/// #   "members": [{"user": "usr_ada", "role": "admin"}], "projects": [{"id": "prj_a", "default": true}]}]}"#;
/// # use bailiwick::{Directory, Instant, Reference};
/// # let directory = Directory::from_json(document)?;
/// let ada = directory.principal_handle(Reference::parse("user:usr_ada")?).unwrap();
/// let read = directory.action_handle("file.read").unwrap();
/// let project = directory.resource_handle(Reference::parse("project:prj_a")?).unwrap();
/// assert!(ada.is_allowed(read, project, Instant::LATEST));
/// # Ok::<(), bailiwick::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PrincipalHandle<'d> {
    directory: &'d Directory,
    principal: Principal,
}

/// An action that has been found.
#[derive(Clone, Copy, Debug)]
pub struct ActionHandle<'d> {
    directory: &'d Directory,
    action: Action,
}

/// Something that can be asked about and has been found: a resource, a project, an organization or a user.
#[derive(Clone, Copy, Debug)]
pub struct ResourceHandle<'d> {
    directory: &'d Directory,
    object: Object,
}

impl Directory {
    /// Finds a principal. `None` for one that the directory does not hold (A3).
    #[must_use]
    pub fn principal_handle(&self, reference: Reference<'_>) -> Option<PrincipalHandle<'_>> {
        Some(PrincipalHandle { directory: self, principal: self.find_principal(reference)? })
    }

    /// Finds an action. `None` for one that the policy does not have (A2).
    #[must_use]
    pub fn action_handle(&self, name: &str) -> Option<ActionHandle<'_>> {
        Some(ActionHandle { directory: self, action: self.policy().action(name)? })
    }

    /// Finds what is asked about. `None` for what the directory does not hold (A6).
    #[must_use]
    pub fn resource_handle(&self, reference: Reference<'_>) -> Option<ResourceHandle<'_>> {
        Some(ResourceHandle { directory: self, object: self.find_object(reference)? })
    }
}

impl<'d> PrincipalHandle<'d> {
    /// Whether the principal may do the action on the resource at an instant, on its default surface: the `allowed` of
    /// [`check_access`](Self::check_access).
    #[must_use]
    #[inline]
    pub fn is_allowed(self, action: ActionHandle<'_>, resource: ResourceHandle<'_>, at: Instant) -> bool {
        let Self { directory, principal } = self;
        action
            .of(directory)
            .zip(resource.of(directory))
            .is_some_and(|(action, object)| directory.is_allowed_at(principal, action, object, at))
    }

    /// Decides on the principal's default surface, and says why (A1 to A24). An action or a resource of another directory is one that this
    /// directory does not know.
    #[must_use]
    pub fn check_access(self, action: ActionHandle<'_>, resource: ResourceHandle<'_>, at: Instant) -> Decision<'d> {
        let Self { directory, principal } = self;
        let circumstances = Circumstances { at, surface: None, min_revision: None, max_age_seconds: None };
        directory.explain(&directory.decide_on_found(&circumstances, action.of(directory), Some(principal), resource.of(directory)))
    }
}

impl ActionHandle<'_> {
    /// The action, in its own directory. A number means something else in another one.
    #[inline]
    fn of(self, directory: &Directory) -> Option<Action> {
        ptr::eq(self.directory, directory).then_some(self.action)
    }
}

impl ResourceHandle<'_> {
    #[inline]
    fn of(self, directory: &Directory) -> Option<Object> {
        ptr::eq(self.directory, directory).then_some(self.object)
    }
}
