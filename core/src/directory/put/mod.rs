//! Entries set as a whole (C13): read and checked as in a document, with the same codes, and put at once.

mod entries;
mod organizations;

use crate::catalogue::change_type::ChangeType;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{id, missing_field, object, unknown_field};
use crate::input::value::Value;

use super::document::{
    ApiKeyDocument, CollaboratorDocument, GroupDocument, MemberDocument, OrganizationDocument, ProjectDocument, ResourceDocument,
    UserDocument,
};
use super::indexer::Indexer;
use super::tables::Tables;

/// An entry to put, of valid shape, and the id of what it belongs to.
#[derive(Debug)]
pub(crate) enum Put<'p> {
    Organization(OrganizationDocument<'p>),
    /// In an organization.
    Project(&'p str, ProjectDocument<'p>),
    User(UserDocument<'p>),
    /// In an organization.
    Member(&'p str, MemberDocument<'p>),
    /// In an organization.
    Group(&'p str, GroupDocument<'p>),
    /// The row of a user or a group in a project.
    Collaborator(&'p str, CollaboratorDocument<'p>),
    /// In a project.
    ApiKey(&'p str, ApiKeyDocument<'p>),
    /// In a project.
    Resource(&'p str, ResourceDocument<'p>),
}

impl<'p> Put<'p> {
    /// Reads the change of a type. `None` if the type puts nothing.
    pub(crate) fn read(change: ChangeType, value: &'p Value<'p>, path: &Path<'_>) -> Option<Result<Self, Error>> {
        let organization = Some("organization");
        let project = Some("project");
        Some(match change {
            ChangeType::PutOrganization => {
                parts(value, path, None, "organization", OrganizationDocument::read).map(|(_, entry)| Self::Organization(entry))
            }
            ChangeType::PutProject => {
                parts(value, path, organization, "project", ProjectDocument::read).map(|(parent, entry)| Self::Project(parent, entry))
            }
            ChangeType::PutUser => parts(value, path, None, "user", UserDocument::read).map(|(_, entry)| Self::User(entry)),
            ChangeType::PutMember => {
                parts(value, path, organization, "member", MemberDocument::read).map(|(parent, entry)| Self::Member(parent, entry))
            }
            ChangeType::PutGroup => {
                parts(value, path, organization, "group", GroupDocument::read).map(|(parent, entry)| Self::Group(parent, entry))
            }
            ChangeType::PutCollaborator => parts(value, path, project, "collaborator", CollaboratorDocument::read)
                .map(|(parent, entry)| Self::Collaborator(parent, entry)),
            ChangeType::PutApiKey => {
                parts(value, path, project, "api_key", ApiKeyDocument::read).map(|(parent, entry)| Self::ApiKey(parent, entry))
            }
            ChangeType::PutResource => {
                parts(value, path, project, "resource", ResourceDocument::read).map(|(parent, entry)| Self::Resource(parent, entry))
            }
            _ => return None,
        })
    }

    pub(crate) const fn type_of(&self) -> ChangeType {
        match self {
            Self::Organization(_) => ChangeType::PutOrganization,
            Self::Project(..) => ChangeType::PutProject,
            Self::User(_) => ChangeType::PutUser,
            Self::Member(..) => ChangeType::PutMember,
            Self::Group(..) => ChangeType::PutGroup,
            Self::Collaborator(..) => ChangeType::PutCollaborator,
            Self::ApiKey(..) => ChangeType::PutApiKey,
            Self::Resource(..) => ChangeType::PutResource,
        }
    }
}

/// The id of what an entry belongs to, if it belongs to something, and the entry.
fn parts<'p, T>(
    value: &'p Value<'p>,
    path: &Path<'_>,
    parent: Option<&'static str>,
    entry: &'static str,
    read: impl Fn(&'p Value<'p>, &Path<'_>) -> Result<T, Error>,
) -> Result<(&'p str, T), Error> {
    let (mut belongs_to, mut found) = ("", None);
    let required = [entry, parent.unwrap_or(entry)];
    for (name, member) in object(value, path, &required)? {
        let at = &path.field(name);
        match name.as_ref() {
            "type" => {}
            name if Some(name) == parent => belongs_to = id(member, at)?,
            name if name == entry => found = Some(read(member, at)?),
            other => return Err(unknown_field(other, at)),
        }
    }
    found.map(|found| (belongs_to, found)).ok_or_else(|| missing_field(entry, path))
}

impl Tables {
    /// Puts an entry that was read from `value` at the root: it replaces what has its id, with everything in it, or is added. After an error the caller
    /// undoes what was done so far.
    pub(crate) fn put(&mut self, put: &Put<'_>, value: &Value<'_>) -> Result<(), Error> {
        let result = self.check_and_put(put, value);
        if result.is_err() {
            // Rows of what has a fault may have been appended anywhere; undoing finds them in sorted lists.
            self.sort_touched();
        }
        result
    }

    fn check_and_put(&mut self, put: &Put<'_>, value: &Value<'_>) -> Result<(), Error> {
        let root = &Path::Root;
        let indexer = Indexer::of(self, value, root);
        let at = |field| root.field(field);
        match put {
            Put::Organization(document) => indexer.put_organization(document, &at("organization")),
            Put::Project(organization, document) => indexer.put_project(organization, document, &at("project")),
            Put::User(document) => indexer.put_user(document, &at("user")),
            Put::Member(organization, row) => indexer.put_member(organization, row, &at("member")),
            Put::Group(organization, document) => indexer.put_group(organization, document, &at("group")),
            Put::Collaborator(project, row) => indexer.put_collaborator(project, row, &at("collaborator")),
            Put::ApiKey(project, document) => indexer.put_api_key(project, document, &at("api_key")),
            Put::Resource(project, document) => indexer.put_resource(project, document, &at("resource")),
        }
    }
}
