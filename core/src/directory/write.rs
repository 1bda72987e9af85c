//! Directory → directory document: what was read, with its defaults written out.

use serde::Serialize;

use super::document::{
    ApiKeyDocument, DirectoryDocument, FORMAT, MembershipRow, OrganizationDocument, PolicyField, ProjectDocument, ResourceDocument,
    UserDocument,
};
use super::{ApiKey, Directory, Home, Organization, Project, Resource, User};

impl Directory {
    /// The document that this directory is, ready to be serialized: in the order in which it was read, with every default written out.
    ///
    /// A directory that is written and read again answers the same. A policy that is not built in is written whole.
    #[must_use]
    pub fn to_document(&self) -> impl Serialize + '_ {
        DirectoryDocument {
            format: FORMAT,
            revision: self.revision,
            issued_at: self.issued_at,
            max_age_seconds: self.max_age_seconds,
            policy: Some(if self.policy.is_built_in() {
                PolicyField::BuiltIn(self.policy.id())
            } else {
                PolicyField::Document(Box::new(self.policy.document().clone()))
            }),
            users: self.listed_users.iter().map(|user| self.user_document(*user)).collect(),
            organizations: self.organization_rows.iter().map(|(organization, _)| self.organization_document(organization)).collect(),
        }
    }

    fn user_document(&self, user: User) -> UserDocument<'_> {
        let row = &self.user_rows[user];
        let organization = match &row.home {
            Home::Unknown => None,
            Home::Outside(organization) => Some(organization.as_ref()),
            Home::Member(organization, _) => Some(self.organizations.name(*organization)),
        };
        UserDocument { id: self.users.name(user), email: row.email.as_deref(), organization }
    }

    fn organization_document(&self, organization: Organization) -> OrganizationDocument<'_> {
        let row = &self.organization_rows[organization];
        let member = |user: &User| MembershipRow {
            user: self.users.name(*user),
            // INVARIANT: whoever is listed as a member has this organization as home.
            role: self.membership(*user, organization).map_or("", |role| self.policy.organization_role_name(role)),
        };
        OrganizationDocument {
            id: self.organizations.name(organization),
            name: row.name.as_deref(),
            owner: self.users.name(row.owner),
            membership: row.membership,
            multi_project: row.multi_project,
            projects_since: row.projects_since,
            members: row.members.iter().map(member).collect(),
            projects: row.projects.iter().map(|project| self.project_document(*project)).collect(),
        }
    }

    fn project_document(&self, project: Project) -> ProjectDocument<'_> {
        let row = &self.project_rows[project];
        let collaborator =
            |(user, role): &(User, _)| MembershipRow { user: self.users.name(*user), role: self.policy.project_role_name(*role) };
        ProjectDocument {
            id: self.projects.name(project),
            name: row.name.as_deref(),
            default: self.is_default_project(project),
            allow_external_collaborators: row.allows_externals,
            collaborators: row.collaborators.iter().map(collaborator).collect(),
            api_keys: row.api_keys.iter().map(|key| self.api_key_document(*key)).collect(),
            resources: row.resources.iter().map(|resource| self.resource_document(*resource)).collect(),
        }
    }

    fn api_key_document(&self, key: ApiKey) -> ApiKeyDocument<'_> {
        let row = &self.api_key_rows[key];
        let facts = &self.api_key_facts[key];
        ApiKeyDocument {
            id: self.api_keys.name(key),
            name: facts.name.as_deref(),
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
        let facts = &self.resource_facts[resource];
        ResourceDocument {
            id: self.resources.name(resource),
            kind: self.policy.kind_name(row.kind),
            name: facts.name.as_deref(),
            created_by: facts.created_by.map(|user| self.users.name(user)),
            created_at: facts.created_at,
        }
    }
}
