//! What a plan of changes asks about entries.

use std::ops::ControlFlow;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::document::KeyKind;
use crate::directory::indices::{Group, Organization, Project, User};
use crate::directory::tables::Tables;
use crate::input::error::Error;
use crate::input::json_text::JsonText;
use crate::input::path::Path;

use super::entry_index::EntryIndex;
use super::fields::Entry;
use super::images::Images;
use super::key::Key;

impl Tables {
    pub(crate) fn organization_ids(&self) -> impl Iterator<Item = &str> {
        self.organization_list.iter().map(|organization| self.organizations.name(*organization))
    }

    pub(crate) fn groups_of(&self, organization: Organization) -> impl Iterator<Item = Group> {
        self.organization_rows[organization].groups.iter().copied()
    }

    pub(crate) fn members_of_group(&self, group: Group) -> &[User] {
        &self.group_rows[group].members
    }

    pub(crate) fn grants_of(&self, project: Project) -> usize {
        self.project_contents[project].groups.len()
    }

    pub(crate) fn resources_of(&self, project: Project) -> usize {
        self.project_contents[project].resources.len()
    }

    pub(crate) fn projects_of_group(&self, group: Group) -> Vec<Project> {
        self.group_rows[group].projects.clone()
    }

    /// The id of a built-in policy, or the document.
    pub(crate) fn policy_to_json(&self) -> JsonText {
        if self.policy.is_built_in() { JsonText::of(&self.policy.id()) } else { JsonText::of(self.policy.document()) }
    }

    // Whole documents.

    pub(crate) fn organization_to_json(&self, organization: Organization) -> JsonText {
        JsonText::of(&self.organization_document(organization))
    }

    pub(crate) fn project_to_json(&self, project: Project) -> JsonText {
        JsonText::of(&self.project_document(project))
    }

    pub(crate) fn group_to_json(&self, group: Group) -> JsonText {
        JsonText::of(&self.group_document(group))
    }

    /// Whether a row says when it was added, or when it ends.
    pub(crate) fn has_dates(&self, row: EntryIndex) -> bool {
        let (added_at, expires_at) = match self.entry_at(row) {
            Some(Entry::Member(row)) => (row.added_at, row.expires_at),
            Some(Entry::GroupMember(row)) => (row.added_at, row.expires_at),
            Some(Entry::Collaborator(row)) => (row.added_at, row.expires_at),
            _ => (None, None),
        };
        added_at.is_some() || expires_at.is_some()
    }

    /// Whether a change that removes a row of a project may refuse it: it has ended or will end, or a member has it in the default project.
    pub(crate) fn is_protected_row(&self, row: EntryIndex) -> bool {
        let has_end = matches!(self.entry_at(row), Some(Entry::Collaborator(row)) if row.expires_at.is_some());
        let of_member = match row {
            EntryIndex::Collaborator(project, user) => {
                let place = self.project_rows[project];
                let member = self.member_row(user, place.organization);
                member.is_some_and(|member| place.is_default || self.has_end(member.period))
            }
            _ => false,
        };
        has_end || of_member
    }

    /// Whether an entry is an organization default key, which no change removes.
    pub(crate) fn is_default_key(&self, entry: EntryIndex) -> bool {
        matches!(entry, EntryIndex::ApiKey(key) if self.api_key_rows[key].kind == KeyKind::OrganizationDefault)
    }

    /// The home outside the directory that the entry of a user names.
    pub(crate) fn home_outside_of(&self, user: &str) -> Option<&str> {
        self.find_user_name(user).and_then(|user| self.optional_text(self.user_rows[user].outside))
    }

    /// Whether the entry of a user names a home.
    pub(crate) fn names_home(&self, user: &str) -> bool {
        self.find_user_name(user).is_some_and(|user| self.named_home(user).is_some())
    }

    pub(crate) fn says_something(&self, user: &str) -> bool {
        self.find_user_name(user).is_some_and(|user| self.user_rows[user].says_something())
    }

    /// The entries of users whose home, of several organizations, is this one.
    pub(crate) fn entries_with_home(&self, organization: &str) -> impl Iterator<Item = EntryIndex> {
        let is_home = move |user: &User| self.named_home(*user) == Some(organization);
        self.listed.iter().copied().filter(is_home).map(EntryIndex::User)
    }

    /// Takes over an organization as other tables have it, with everything in it.
    pub(crate) fn take_organization(&mut self, other: &Self, id: &str) -> Result<(), Error> {
        let homes = self.users_with_home_outside(id, std::iter::empty());
        let mut images = Images::new();
        let _ = other.walk(&Key::Organization(id).to_text(), &mut |entry| {
            let key = other.path_of(entry);
            if key.organization() != Some(id) {
                return ControlFlow::Break(());
            }
            images.insert(key.to_text(), other.image_of(entry));
            ControlFlow::Continue(())
        });
        let users = &Path::Root.field("users");
        let contradicted = |message| Error::new(ErrorCode::UserInTwoOrganizations, users, message);
        self.restore(&images).map_err(|damage| contradicted(damage.0))?;
        let Some(organization) = self.organization(id) else { return Ok(()) };
        for user in homes {
            if !self.come_home(user, organization) {
                let message = "the entry of a user names an organization that does not list the user as a member";
                return Err(Error::new(ErrorCode::UserNotMember, users, message));
            }
        }
        self.forget_bare_entries();
        self.sort_lists();
        Ok(())
    }
}
