//! Directory → directory document, with defaults written out. Every list is in byte order, so equal directories give equal documents.

use std::sync::Arc;

use serde::Serialize;

use crate::collections::table::Maybe;
use crate::input::instant::Instant;
use crate::policy::Visibility;

use super::document::{
    ApiKeyDocument, CollaboratorDocument, DirectoryDocument, FORMAT, GroupDocument, GroupMemberDocument, KeyProjects, MemberDocument,
    OrganizationDocument, PolicyField, ProjectDocument, ResourceDocument, UserDocument,
};
use super::indices::{ApiKey, Group, Organization, Period, Project, Resource, Text, User};
use super::rows::{KeyLimits, Reach, UserExtra};
use super::tables::Tables;
use super::versioned::Directory;

impl Directory {
    /// The document of this directory, ready to be serialized: in byte order, with every default written out.
    ///
    /// A directory that is written and read again gives the same answers. A policy that is not built in is written as a document.
    #[must_use]
    pub fn to_document(&self) -> impl Serialize + '_ {
        self.tables().to_document_of(self.revision(), self.issued_at(), self.max_age_seconds())
    }
}

impl Tables {
    pub(super) fn to_document_of(&self, revision: u64, issued_at: Option<Instant>, max_age_seconds: Option<u64>) -> DirectoryDocument<'_> {
        DirectoryDocument {
            format: FORMAT,
            revision,
            issued_at,
            max_age_seconds,
            policy: Some(if self.policy.is_built_in() {
                PolicyField::BuiltIn(self.policy.id())
            } else {
                PolicyField::Document(Arc::clone(self.policy.document()))
            }),
            users: self.listed.iter().map(|user| self.user_document(*user)).collect(),
            organizations: self.organization_list.iter().map(|organization| self.organization_document(*organization)).collect(),
        }
    }

    /// Whether the user has an entry in `users`: it says something, or is the only mention of the user.
    pub(super) fn has_entry(&self, user: User) -> bool {
        self.user_rows.find(user).is_some_and(|row| row.is_bare || row.says_something())
    }

    /// The users who have an entry, sorted by id.
    pub(super) fn listed_users(&self) -> Vec<User> {
        let mut users: Vec<_> = self.user_rows.iter().map(|(user, _)| user).filter(|user| self.has_entry(*user)).collect();
        self.users.sort(&mut users);
        users
    }

    /// The home that a user's entry names.
    pub(super) fn named_home(&self, user: User) -> Option<&str> {
        let row = &self.user_rows[user];
        let inside = || row.extra.as_ref()?.home.get().map(|organization| self.organizations.name(organization));
        self.optional_text(row.outside).or_else(inside)
    }

    /// The organization of a member, where nobody is a member of several.
    fn only_organization(&self, user: User) -> Option<&str> {
        let organization = self.user_rows[user].organization.get().filter(|_| !self.policy.has_multiple_organizations());
        organization.map(|organization| self.organizations.name(organization))
    }

    pub(super) fn user_document(&self, user: User) -> UserDocument<'_> {
        let row = &self.user_rows[user];
        UserDocument {
            id: self.users.name(user),
            email: self.optional_text(row.email),
            organization: self.named_home(user).or_else(|| self.only_organization(user)),
            suspended_at: self.suspension_of_user(user),
        }
    }

    pub(super) fn organization_document(&self, organization: Organization) -> OrganizationDocument<'_> {
        let row = &self.organization_rows[organization];
        OrganizationDocument {
            members: row.members.iter().filter_map(|user| self.member_document(organization, *user)).collect(),
            groups: row.groups.iter().map(|group| self.group_document(*group)).collect(),
            projects: row.projects.iter().map(|project| self.project_document(*project)).collect(),
            ..self.organization_fields(organization)
        }
    }

    /// An organization without its lists.
    pub(super) fn organization_fields(&self, organization: Organization) -> OrganizationDocument<'_> {
        let row = &self.organization_rows[organization];
        OrganizationDocument {
            id: self.organizations.name(organization),
            name: self.optional_text(row.name),
            owner: self.users.name(row.owner),
            membership: row.membership,
            multi_project: row.multi_project,
            projects_since: row.projects_since,
            suspended_at: row.suspended_at,
            ..OrganizationDocument::default()
        }
    }

    /// INVARIANT: every listed member has a row.
    pub(super) fn member_document(&self, organization: Organization, user: User) -> Option<MemberDocument<'_>> {
        let row = self.member_row(user, organization)?;
        let (added_at, expires_at) = self.period(row.period);
        let role = self.policy.organization_role_name(row.role);
        Some(MemberDocument { user: self.users.name(user), role, added_at, expires_at, suspended_at: row.suspended_at })
    }

    pub(super) fn group_document(&self, group: Group) -> GroupDocument<'_> {
        let members = self.group_rows[group].members.iter().map(|user| self.group_member_document(group, *user)).collect();
        GroupDocument { members, ..self.group_fields(group) }
    }

    /// A group without its members.
    pub(super) fn group_fields(&self, group: Group) -> GroupDocument<'_> {
        GroupDocument { id: self.groups.name(group), name: self.optional_text(self.group_rows[group].name), members: Vec::new() }
    }

    pub(super) fn group_member_document(&self, group: Group, user: User) -> GroupMemberDocument<'_> {
        let (added_at, expires_at) = self.period(self.group_period(group, user));
        GroupMemberDocument { user: self.users.name(user), added_at, expires_at }
    }

    pub(super) fn project_document(&self, project: Project) -> ProjectDocument<'_> {
        let contents = &self.project_contents[project];
        let groups = contents.groups.iter().filter_map(|group| self.grant_document(project, *group));
        let users = contents.collaborators.iter().filter_map(|user| self.collaborator_document(project, *user));
        ProjectDocument {
            collaborators: groups.chain(users).collect(),
            api_keys: contents.api_keys.iter().map(|key| self.api_key_document(*key)).collect(),
            resources: contents.resources.iter().map(|resource| self.resource_document(*resource)).collect(),
            ..self.project_fields(project)
        }
    }

    /// A project without its lists.
    pub(super) fn project_fields(&self, project: Project) -> ProjectDocument<'_> {
        let row = &self.project_rows[project];
        let contents = &self.project_contents[project];
        ProjectDocument {
            id: self.projects.name(project),
            name: self.optional_text(contents.name),
            default: row.is_default,
            allow_external_collaborators: row.allows_externals,
            visibility: self.visibility_document(row.visibility),
            suspended_at: contents.suspended_at,
            ..ProjectDocument::default()
        }
    }

    fn visibility_document(&self, visibility: Visibility) -> Option<&str> {
        self.policy.visibility_name(visibility)
    }

    /// INVARIANT: every listed group has a row.
    pub(super) fn grant_document(&self, project: Project, group: Group) -> Option<CollaboratorDocument<'_>> {
        let row = self.grant(project, group)?;
        let (added_at, expires_at) = self.period(row.period);
        let role = self.policy.project_role_name(row.role);
        Some(CollaboratorDocument { group: Some(self.groups.name(group)), user: None, role, added_at, expires_at })
    }

    /// INVARIANT: every listed collaborator has a row.
    pub(super) fn collaborator_document(&self, project: Project, user: User) -> Option<CollaboratorDocument<'_>> {
        let row = self.collaborator(project, user)?;
        let (added_at, expires_at) = self.period(row.period);
        let role = self.policy.project_role_name(row.role);
        Some(CollaboratorDocument { group: None, user: Some(self.users.name(user)), role, added_at, expires_at })
    }

    pub(super) fn api_key_document(&self, key: ApiKey) -> ApiKeyDocument<'_> {
        let row = &self.api_key_rows[key];
        let facts = &self.api_key_facts[key];
        let limits = self.limits(key);
        let names = |scopes: &Vec<_>| scopes.iter().map(|scope| self.policy.scope_name(*scope)).collect();
        ApiKeyDocument {
            id: self.api_keys.name(key),
            name: self.optional_text(facts.name),
            created_by: row.created_by.map(|user| self.users.name(user)),
            created_at: facts.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            digest: facts.digest,
            kind: row.kind,
            scopes: limits.and_then(|limits| limits.scopes.as_ref()).map(names),
            acts_as: limits.and_then(|limits| limits.acts_as).map(|user| self.users.name(user)),
            projects: limits.map_or(KeyProjects::NONE, |limits| self.key_projects(limits)),
        }
    }

    fn key_projects(&self, limits: &KeyLimits) -> KeyProjects<'_> {
        match &limits.reach {
            Reach::Listed(further) => {
                let mut further = further.clone();
                self.projects.sort(&mut further);
                KeyProjects::Listed(further.into_iter().map(|project| self.projects.name(project)).collect())
            }
            Reach::All => KeyProjects::All,
        }
    }

    pub(super) fn resource_document(&self, resource: Resource) -> ResourceDocument<'_> {
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

    /// `added_at` and `expires_at`.
    pub(super) fn period(&self, period: Maybe<Period>) -> (Option<Instant>, Option<Instant>) {
        let row = period.get().map(|period| self.periods[period]).unwrap_or_default();
        (row.added_at.get(), row.expires_at.get())
    }

    /// The period of a user's row in a group.
    pub(super) fn group_period(&self, group: Group, user: User) -> Maybe<Period> {
        let place = |extra: &UserExtra| extra.groups.get(extra.place_in_group(group).ok()?).map(|row| row.period);
        self.user_rows[user].extra.as_deref().and_then(place).unwrap_or_default()
    }
}
