//! Directory → directory document, with defaults written out.

use std::sync::Arc;

use serde::Serialize;

use crate::collections::order;

use super::document::{
    ApiKeyDocument, DirectoryDocument, FORMAT, MembershipRow, OrganizationDocument, PolicyField, ProjectDocument, ResourceDocument,
    UserDocument,
};
use super::indices::{ApiKey, Organization, Project, Resource, Text, User};
use super::rows::Home;
use super::tables::Tables;
use super::versioned::Directory;
use crate::collections::table::Maybe;
use crate::policy::ProjectRole;

impl Directory {
    /// The document of this directory, ready to be serialized: in the order in which it was read, with every default written out.
    ///
    /// A directory that is written and read again gives the same answers. A policy that is not built in is written as a document.
    #[must_use]
    pub fn to_document(&self) -> impl Serialize + '_ {
        let tables = self.tables();
        DirectoryDocument {
            format: FORMAT,
            revision: self.revision(),
            issued_at: self.issued_at(),
            max_age_seconds: self.max_age_seconds(),
            policy: Some(if tables.policy.is_built_in() {
                PolicyField::BuiltIn(tables.policy.id())
            } else {
                PolicyField::Document(Arc::clone(tables.policy.document()))
            }),
            users: tables.listed_users.iter().map(|user| tables.user_document(*user)).collect(),
            organizations: tables.organization_rows.iter().map(|(organization, _)| tables.organization_document(organization)).collect(),
        }
    }
}

impl Tables {
    fn user_document(&self, user: User) -> UserDocument<'_> {
        let row = &self.user_rows[user];
        let organization = match row.home {
            Home::Unknown => None,
            Home::Outside(organization) => Some(self.texts.get(organization)),
            Home::Member(organization, _) => Some(self.organizations.name(organization)),
        };
        UserDocument { id: self.users.name(user), email: self.optional_text(row.email), organization }
    }

    fn organization_document(&self, organization: Organization) -> OrganizationDocument<'_> {
        let row = &self.organization_rows[organization];
        let member = |user: &User| MembershipRow {
            user: self.users.name(*user),
            // INVARIANT: every listed member has this organization as home.
            role: self.membership(*user, organization).map_or("", |role| self.policy.organization_role_name(role)),
        };
        OrganizationDocument {
            id: self.organizations.name(organization),
            name: self.optional_text(row.name),
            owner: self.users.name(row.owner),
            membership: row.membership,
            multi_project: row.multi_project,
            projects_since: row.projects_since,
            members: self.members_in_order(organization).iter().map(member).collect(),
            projects: self.projects_in_order(organization).into_iter().map(|project| self.project_document(project)).collect(),
        }
    }

    fn project_document(&self, project: Project) -> ProjectDocument<'_> {
        let row = &self.project_rows[project];
        let collaborator =
            |(user, role): (User, ProjectRole)| MembershipRow { user: self.users.name(user), role: self.policy.project_role_name(role) };
        ProjectDocument {
            id: self.projects.name(project),
            name: self.optional_text(self.project_contents[project].name),
            default: row.is_default,
            allow_external_collaborators: row.allows_externals,
            collaborators: self.collaborators_in_order(project).into_iter().map(collaborator).collect(),
            api_keys: self.api_keys_in_order(project).into_iter().map(|key| self.api_key_document(key)).collect(),
            resources: self.resources_in_order(project).into_iter().map(|resource| self.resource_document(resource)).collect(),
        }
    }

    fn api_key_document(&self, key: ApiKey) -> ApiKeyDocument<'_> {
        let row = &self.api_key_rows[key];
        let facts = &self.api_key_facts[key];
        ApiKeyDocument {
            id: self.api_keys.name(key),
            name: self.optional_text(facts.name),
            created_by: row.created_by.map(|user| self.users.name(user)),
            created_at: facts.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            digest: facts.digest,
            kind: row.kind,
        }
    }

    fn resource_document(&self, resource: Resource) -> ResourceDocument<'_> {
        let row = &self.resource_rows[resource];
        ResourceDocument {
            id: self.resources.name(resource),
            kind: self.policy.kind_name(row.kind),
            name: self.optional_text(self.resource_names.get(resource)),
            created_by: self.resource_creators.get(resource).get().map(|user| self.users.name(user)),
            created_at: self.resource_times.get(resource).get(),
        }
    }

    pub(super) fn optional_text(&self, text: Maybe<Text>) -> Option<&str> {
        text.get().map(|text| self.texts.get(text))
    }
}

/// Lists in document order: the order in which the rows were added.
impl Tables {
    pub(super) fn members_in_order(&self, organization: Organization) -> Vec<User> {
        order::by_key(self.organization_rows[organization].members.iter().map(|user| (self.user_rows[*user].joined, *user)))
    }

    pub(super) fn projects_in_order(&self, organization: Organization) -> Vec<Project> {
        in_order(&self.organization_rows[organization].projects)
    }

    pub(super) fn collaborators_in_order(&self, project: Project) -> Vec<(User, ProjectRole)> {
        let users = &self.project_contents[project].collaborators;
        let keyed = users.iter().filter_map(|user| Some((self.collaborator(project, *user)?.order, *user)));
        order::by_key(keyed).into_iter().filter_map(|user| Some((user, self.collaborator_role(project, user)?))).collect()
    }

    pub(super) fn api_keys_in_order(&self, project: Project) -> Vec<ApiKey> {
        in_order(&self.project_contents[project].api_keys)
    }

    pub(super) fn resources_in_order(&self, project: Project) -> Vec<Resource> {
        in_order(&self.project_contents[project].resources)
    }
}

/// Tables grow at their end, and compaction keeps the order, so the order of indices is that in which the rows were added.
fn in_order<I: Copy + From<u32> + Into<u32>>(sorted_by_id: &[I]) -> Vec<I> {
    order::by_key(sorted_by_id.iter().map(|index| (0, *index)))
}
