//! The fields of an entry: the types of documents, without the lists below.

use crate::directory::document::{
    ApiKeyDocument, CollaboratorDocument, GroupDocument, GroupMemberDocument, MemberDocument, OrganizationDocument, ProjectDocument,
    ResourceDocument, UserDocument,
};

use super::codec::Codec;
use super::key::Key;

/// An entry with its fields. Where it belongs is in its key.
#[derive(Debug)]
pub(crate) enum Entry<'e> {
    User(UserDocument<'e>),
    Organization(OrganizationDocument<'e>),
    Member(MemberDocument<'e>),
    Group(GroupDocument<'e>),
    GroupMember(GroupMemberDocument<'e>),
    Project(ProjectDocument<'e>),
    /// The row of a user or a group.
    Collaborator(CollaboratorDocument<'e>),
    ApiKey(ApiKeyDocument<'e>),
    Resource(ResourceDocument<'e>),
}

impl<'e> Entry<'e> {
    /// An entry of that key whose other fields are empty.
    pub(super) fn of_key(key: Key<'e>) -> Self {
        match key {
            Key::User(id) => Self::User(UserDocument { id, ..UserDocument::default() }),
            Key::Organization(id) => Self::Organization(OrganizationDocument { id, ..OrganizationDocument::default() }),
            Key::Member(_, user) => Self::Member(MemberDocument { user, ..MemberDocument::default() }),
            Key::Group(_, id) => Self::Group(GroupDocument { id, ..GroupDocument::default() }),
            Key::GroupMember(.., user) => Self::GroupMember(GroupMemberDocument { user, ..GroupMemberDocument::default() }),
            Key::Project(_, id) => Self::Project(ProjectDocument { id, ..ProjectDocument::default() }),
            Key::Grant(.., group) => Self::Collaborator(CollaboratorDocument { group: Some(group), ..CollaboratorDocument::default() }),
            Key::Collaborator(.., user) => Self::Collaborator(CollaboratorDocument { user: Some(user), ..CollaboratorDocument::default() }),
            Key::ApiKey(.., id) => Self::ApiKey(ApiKeyDocument { id, ..ApiKeyDocument::default() }),
            Key::Resource(.., kind, id) => Self::Resource(ResourceDocument { id, kind, ..ResourceDocument::default() }),
        }
    }

    /// The display name, if it has one.
    #[cfg(feature = "timeline")]
    pub(crate) const fn name(&self) -> Option<&'e str> {
        match self {
            Self::Organization(organization) => organization.name,
            Self::Group(group) => group.name,
            Self::Project(project) => project.name,
            Self::ApiKey(key) => key.name,
            Self::Resource(resource) => resource.name,
            Self::User(_) | Self::Member(_) | Self::GroupMember(_) | Self::Collaborator(_) => None,
        }
    }

    /// The fields that are not in the key, in their order: read from the codec, or written to it.
    pub(super) fn transfer(&mut self, codec: &mut dyn Codec<'e>) {
        match self {
            Self::User(user) => {
                codec.optional_text(&mut user.email);
                codec.optional_id(&mut user.organization);
                codec.instant(&mut user.suspended_at);
            }
            Self::Organization(organization) => {
                codec.optional_text(&mut organization.name);
                codec.id(&mut organization.owner);
                codec.membership(&mut organization.membership);
                codec.boolean(&mut organization.multi_project);
                codec.instant(&mut organization.projects_since);
                codec.instant(&mut organization.suspended_at);
            }
            Self::Member(row) => {
                codec.id(&mut row.role);
                codec.instant(&mut row.added_at);
                codec.instant(&mut row.expires_at);
                codec.instant(&mut row.suspended_at);
            }
            Self::Group(group) => codec.optional_text(&mut group.name),
            Self::GroupMember(row) => {
                codec.instant(&mut row.added_at);
                codec.instant(&mut row.expires_at);
            }
            Self::Project(project) => {
                codec.optional_text(&mut project.name);
                codec.boolean(&mut project.default);
                codec.boolean(&mut project.allow_external_collaborators);
                codec.optional_id(&mut project.visibility);
                codec.instant(&mut project.suspended_at);
            }
            Self::Collaborator(row) => {
                codec.id(&mut row.role);
                codec.instant(&mut row.added_at);
                codec.instant(&mut row.expires_at);
            }
            Self::ApiKey(key) => {
                codec.optional_text(&mut key.name);
                codec.optional_id(&mut key.created_by);
                codec.instant(&mut key.created_at);
                codec.instant(&mut key.expires_at);
                codec.instant(&mut key.revoked_at);
                codec.digest(&mut key.digest);
                codec.key_kind(&mut key.kind);
                codec.optional_ids(&mut key.scopes);
                codec.optional_id(&mut key.acts_as);
                codec.key_projects(&mut key.projects);
            }
            Self::Resource(resource) => {
                codec.optional_text(&mut resource.name);
                codec.optional_id(&mut resource.created_by);
                codec.instant(&mut resource.created_at);
            }
        }
    }
}
