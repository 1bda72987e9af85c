//! Entries by index: which one, its key, and its fields as a document has them.

use crate::collections::names::Space;
use crate::directory::document::UserDocument;
use crate::directory::indices::{Organization, Project};
use crate::directory::rows::ResourceRow;
use crate::directory::tables::Tables;

use super::bytes::write_entry;
use super::entry_index::EntryIndex;
use super::fields::Entry;
use super::key::Key;

impl Tables {
    /// The key of an entry. `None` if there is no such entry (any more, or yet).
    pub(crate) fn key_of(&self, entry: EntryIndex) -> Option<Key<'_>> {
        self.has(entry).then(|| self.path_of(entry))
    }

    fn has(&self, entry: EntryIndex) -> bool {
        match entry {
            EntryIndex::User(user) => self.has_entry(user),
            EntryIndex::Organization(organization) => self.has_organization(organization),
            EntryIndex::Member(organization, user) => self.member_row(user, organization).is_some(),
            EntryIndex::Group(group) => self.group_rows.find(group).is_some() && self.group(self.groups.name(group)) == Some(group),
            EntryIndex::GroupMember(group, user) => {
                self.user_rows[user].extra.as_ref().is_some_and(|extra| extra.place_in_group(group).is_ok())
            }
            EntryIndex::Project(project) => {
                self.project_rows.find(project).is_some() && self.project(self.projects.name(project)) == Some(project)
            }
            EntryIndex::Grant(project, group) => self.grant(project, group).is_some(),
            EntryIndex::Collaborator(project, user) => self.collaborator(project, user).is_some(),
            EntryIndex::ApiKey(key) => self.api_key_rows.find(key).is_some() && self.api_key(self.api_keys.name(key)) == Some(key),
            EntryIndex::Resource(resource) => self.resource_rows.find(resource).is_some_and(|row| {
                let id = self.resources.name(resource);
                self.resources.find_in(&self.hasher, Space::of(row.kind.into()), id) == Some(resource)
            }),
        }
    }

    fn has_organization(&self, organization: Organization) -> bool {
        self.organization_rows.find(organization).is_some()
            && self.organization(self.organizations.name(organization)) == Some(organization)
    }

    /// The key of an entry that is there, without looking it up.
    pub(crate) fn path_of(&self, entry: EntryIndex) -> Key<'_> {
        let of_project = |project: Project| (self.organizations.name(self.project_rows[project].organization), self.projects.name(project));
        match entry {
            EntryIndex::User(user) => Key::User(self.users.name(user)),
            EntryIndex::Organization(organization) => Key::Organization(self.organizations.name(organization)),
            EntryIndex::Member(organization, user) => Key::Member(self.organizations.name(organization), self.users.name(user)),
            EntryIndex::Group(group) => Key::Group(self.organizations.name(self.group_rows[group].organization), self.groups.name(group)),
            EntryIndex::GroupMember(group, user) => {
                let organization = self.organizations.name(self.group_rows[group].organization);
                Key::GroupMember(organization, self.groups.name(group), self.users.name(user))
            }
            EntryIndex::Project(project) => {
                let (organization, project) = of_project(project);
                Key::Project(organization, project)
            }
            EntryIndex::Grant(project, group) => {
                let (organization, project) = of_project(project);
                Key::Grant(organization, project, self.groups.name(group))
            }
            EntryIndex::Collaborator(project, user) => {
                let (organization, project) = of_project(project);
                Key::Collaborator(organization, project, self.users.name(user))
            }
            EntryIndex::ApiKey(key) => {
                let (organization, project) = of_project(self.api_key_rows[key].project);
                Key::ApiKey(organization, project, self.api_keys.name(key))
            }
            EntryIndex::Resource(resource) => {
                let ResourceRow { project, kind } = self.resource_rows[resource];
                let (organization, project) = of_project(project);
                Key::Resource(organization, project, self.policy.kind_name(kind), self.resources.name(resource))
            }
        }
    }

    /// The fields of an entry. `None` if there is no such entry.
    pub(crate) fn entry_at(&self, entry: EntryIndex) -> Option<Entry<'_>> {
        self.key_of(entry)?;
        self.fields_of(entry)
    }

    /// The fields of an entry that is there, without looking it up.
    pub(super) fn fields_of(&self, entry: EntryIndex) -> Option<Entry<'_>> {
        Some(match entry {
            EntryIndex::User(user) => Entry::User(UserDocument { organization: self.named_home(user), ..self.user_document(user) }),
            EntryIndex::Organization(organization) => Entry::Organization(self.organization_fields(organization)),
            EntryIndex::Member(organization, user) => Entry::Member(self.member_document(organization, user)?),
            EntryIndex::Group(group) => Entry::Group(self.group_fields(group)),
            EntryIndex::GroupMember(group, user) => Entry::GroupMember(self.group_member_document(group, user)),
            EntryIndex::Project(project) => Entry::Project(self.project_fields(project)),
            EntryIndex::Grant(project, group) => Entry::Collaborator(self.grant_document(project, group)?),
            EntryIndex::Collaborator(project, user) => Entry::Collaborator(self.collaborator_document(project, user)?),
            EntryIndex::ApiKey(key) => Entry::ApiKey(self.api_key_document(key)),
            EntryIndex::Resource(resource) => Entry::Resource(self.resource_document(resource)),
        })
    }

    /// The bytes of an entry: its fields without what is in its key. `None` if there is no such entry.
    pub(crate) fn image_of(&self, entry: EntryIndex) -> Option<Vec<u8>> {
        let mut image = Vec::new();
        write_entry(self.entry_at(entry)?, &mut image);
        Some(image)
    }

    /// The entry of a key.
    pub(crate) fn find_entry(&self, key: Key<'_>) -> Option<EntryIndex> {
        let found = match key {
            Key::User(user) => EntryIndex::User(self.find_user_name(user)?),
            Key::Organization(organization) => EntryIndex::Organization(self.organization(organization)?),
            Key::Member(organization, user) => EntryIndex::Member(self.organization(organization)?, self.find_user_name(user)?),
            Key::Group(_, group) => EntryIndex::Group(self.group(group)?),
            Key::GroupMember(_, group, user) => EntryIndex::GroupMember(self.group(group)?, self.find_user_name(user)?),
            Key::Project(_, project) => EntryIndex::Project(self.project(project)?),
            Key::Grant(_, project, group) => EntryIndex::Grant(self.project(project)?, self.group(group)?),
            Key::Collaborator(_, project, user) => EntryIndex::Collaborator(self.project(project)?, self.find_user_name(user)?),
            Key::ApiKey(.., key) => EntryIndex::ApiKey(self.api_key(key)?),
            Key::Resource(.., kind, id) => EntryIndex::Resource(self.resource(self.policy.resource_kind(kind)?, id)?),
        };
        // The name may stand elsewhere.
        (self.key_of(found)? == key).then_some(found)
    }
}
