//! Indices: small typed numbers for the names of a policy, and the targets of actions.

use crate::collections::table::indices;

indices! {
    /// A surface: the way a product is reached.
    Surface;
    /// An organization role; a smaller number is a stronger role.
    OrganizationRole;
    /// A project role; a smaller number is a stronger role.
    ProjectRole;
    /// An action.
    Action;
    /// A kind of resource.
    Kind;
    /// A visibility of projects.
    Visibility;
    /// A scope of API keys.
    Scope;
}

impl OrganizationRole {
    /// Policies list the strongest role first.
    pub(crate) const STRONGEST: Self = Self(0);
}

impl ProjectRole {
    /// Policies list the strongest role first.
    pub(crate) const STRONGEST: Self = Self(0);
}

/// The type of object that an action applies to (A7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A user: only the principal itself.
    User,
    Organization,
    Project,
    /// A resource of the kind, or a project, for every resource of the kind in it.
    Kind(Kind),
    /// Only a project: the resource does not exist yet.
    NewOfKind(Kind),
}
