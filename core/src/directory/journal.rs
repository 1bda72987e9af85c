//! The journal: what a change alters, entry by entry, with what each entry was. A change that fails is undone from it, deltas are made from it,
//! and previews tell it.

use super::indices::{ApiKey, Group, Organization, Project, Resource, User};
use super::tables::Tables;

/// One entry of a directory: what a `put_…` change sets, without the lists below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The row of a user in a project.
    Collaborator(Project, User),
    /// The row of a group in a project.
    Grant(Project, Group),
    ApiKey(ApiKey),
    Resource(Resource),
}

impl Tables {
    /// Notes an entry before it is created, altered or removed. Every edit calls this first, for each entry that it alters.
    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "the journal follows")]
    pub(super) fn touch(&mut self, _entry: EntryIndex) {}
}
