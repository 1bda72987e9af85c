//! Which entry: by the indices of the tables.

use crate::directory::indices::{ApiKey, Group, Organization, Project, Resource, User};

/// One entry of a directory: what a `put_…` change sets, without the lists below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EntryIndex {
    /// The entry in `users`.
    User(User),
    /// The fields of an organization, without its lists.
    Organization(Organization),
    /// The member row of a user.
    Member(Organization, User),
    /// The fields of a group, without its members.
    Group(Group),
    GroupMember(Group, User),
    /// The fields of a project, without its lists.
    Project(Project),
    /// The row of a group in a project.
    Grant(Project, Group),
    /// The row of a user in a project.
    Collaborator(Project, User),
    ApiKey(ApiKey),
    Resource(Resource),
}

impl EntryIndex {
    /// The user whom the entry names as its own.
    pub(crate) const fn user(self) -> Option<User> {
        match self {
            Self::User(user) | Self::Member(_, user) | Self::GroupMember(_, user) | Self::Collaborator(_, user) => Some(user),
            _ => None,
        }
    }
}
