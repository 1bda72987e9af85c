//! Indices: the things that a policy names, each a small typed number, and what an action can be done to.

use crate::collections::table::indices;

indices! {
    /// How a product is used.
    Surface;
    /// An organization role; the smaller, the stronger.
    OrganizationRole;
    /// A project role; the smaller, the stronger.
    ProjectRole;
    /// Something that a principal may do.
    Action;
    /// What a resource is.
    Kind;
}

impl OrganizationRole {
    /// Policies list roles strongest first.
    pub(crate) const STRONGEST: Self = Self(0);
}

impl ProjectRole {
    /// Policies list roles strongest first.
    pub(crate) const STRONGEST: Self = Self(0);
}

/// What an action can be done to (A7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A user: the principal's own self.
    User,
    Organization,
    Project,
    /// A resource of the kind, or a project, meaning this kind in that project.
    Kind(Kind),
    /// A project alone: what would be done to a resource that does not exist yet.
    NewOfKind(Kind),
}
