//! Edits of the tables, for loading and for changes.
//!
//! Nothing here validates: callers have done so. New rows are appended to their list; `lists.rs` sorts them.

use crate::collections::slots::Slot;
use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::input::instant::Instant;
use crate::policy::{Kind, OrganizationRole, ProjectRole};

use super::document::{KeyDigest, KeyKind, Membership};
use super::indices::{ApiKey, Organization, Project, Resource, Text, User};
use super::lists::remove_sorted;
use super::rows::{
    ApiKeyFacts, ApiKeyRow, Collaborator, DigestSlot, External, Home, OrganizationRow, ProjectContents, ProjectRow, ResourceRow, UserRow,
};
use super::tables::Tables;

/// A new organization, without members and projects.
pub(crate) struct NewOrganization<'n> {
    pub(crate) owner: User,
    pub(crate) membership: Membership,
    pub(crate) multi_project: bool,
    pub(crate) projects_since: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

/// A new project, without contents.
pub(crate) struct NewProject<'n> {
    pub(crate) organization: Organization,
    pub(crate) is_default: bool,
    pub(crate) allows_externals: bool,
    pub(crate) name: Option<&'n str>,
}

/// A new API key.
pub(crate) struct NewApiKey<'n> {
    pub(crate) project: Project,
    pub(crate) kind: KeyKind,
    pub(crate) created_by: Option<User>,
    pub(crate) created_at: Option<Instant>,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
    pub(crate) digest: Option<KeyDigest>,
}

/// A new resource.
pub(crate) struct NewResource<'n> {
    pub(crate) project: Project,
    pub(crate) kind: Kind,
    pub(crate) created_by: Option<User>,
    pub(crate) created_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

impl Tables {
    fn add_text(&mut self, text: Option<&str>) -> Result<Maybe<Text>, Full> {
        text.map(|text| self.texts.push(text)).transpose().map(Maybe::from)
    }

    fn allocate_order(&mut self) -> Result<u32, Full> {
        let order = self.next_order;
        self.next_order = order.checked_add(1).ok_or(Full)?;
        Ok(order)
    }

    // Users.

    /// The user of that id; a new one may have no row yet.
    pub(crate) fn intern_user(&mut self, id: &str) -> Result<User, Full> {
        let (user, new) = self.users.intern(&self.hasher, id)?;
        if new {
            self.user_rows.push(UserRow::NOTHING);
        }
        Ok(user)
    }

    pub(crate) fn intern_project(&mut self, id: &str) -> Result<Project, Full> {
        self.projects.intern(&self.hasher, id).map(|(project, _)| project)
    }

    pub(crate) fn intern_api_key(&mut self, id: &str) -> Result<ApiKey, Full> {
        self.api_keys.intern(&self.hasher, id).map(|(key, _)| key)
    }

    pub(crate) fn intern_resource(&mut self, id: &str) -> Result<Resource, Full> {
        self.resources.intern(&self.hasher, id).map(|(resource, _)| resource)
    }

    /// Adds the user's own entry in the document, or changes the e-mail address in it.
    pub(crate) fn upsert_listed_user(&mut self, user: User, email: Option<&str>) -> Result<(), Full> {
        let email = self.add_text(email)?;
        let row = &mut self.user_rows[user];
        if row.is_listed {
            self.garbage = self.garbage.saturating_add(1);
        } else {
            self.listed_users.push(user);
        }
        row.is_listed = true;
        row.email = email;
        Ok(())
    }

    pub(crate) fn set_home_outside(&mut self, user: User, organization: &str) -> Result<(), Full> {
        self.user_rows[user].home = Home::Outside(self.texts.push(organization)?);
        Ok(())
    }

    /// Counts a user without any row as garbage, for the next compaction.
    fn note_if_gone(&mut self, user: User) {
        if !self.user_rows[user].is_known() {
            self.garbage = self.garbage.saturating_add(1);
        }
    }

    // Organizations and their members.

    pub(crate) fn push_organization(&mut self, new: &NewOrganization<'_>) -> Result<(), Full> {
        let name = self.add_text(new.name)?;
        self.organization_rows.push(OrganizationRow {
            owner: new.owner,
            default_project: Project::from(0),
            membership: new.membership,
            multi_project: new.multi_project,
            projects_since: new.projects_since,
            default_key: None,
            name,
            members: Vec::new(),
            projects: Vec::new(),
        });
        Ok(())
    }

    /// Makes a user a member: the user's collaborator rows in the organization are then those of a member.
    pub(crate) fn push_member(&mut self, organization: Organization, user: User, role: OrganizationRole) -> Result<(), Full> {
        let joined = self.allocate_order()?;
        let row = &mut self.user_rows[user];
        row.home = Home::Member(organization, role);
        row.joined = joined;
        self.organization_rows[organization].members.push(user);
        let hash = self.hasher.pair(organization.into(), user.into());
        let Self { externals, hasher, .. } = self;
        externals.remove(hasher, hash, |row| row.is_of(organization, user));
        Ok(())
    }

    pub(crate) fn set_member_role(&mut self, organization: Organization, user: User, role: OrganizationRole) {
        self.user_rows[user].home = Home::Member(organization, role);
    }

    /// Removes a membership and every collaborator row in the organization.
    pub(crate) fn remove_member(&mut self, organization: Organization, user: User) {
        self.remove_collaborators(user, |project| project.organization == organization);
        self.user_rows[user].home = Home::Unknown;
        let Self { users, organization_rows, .. } = self;
        remove_sorted(&mut organization_rows[organization].members, users.name(user), |other| users.name(*other));
        self.note_if_gone(user);
    }

    // Projects and their collaborators.

    pub(crate) fn push_project(&mut self, project: Project, new: &NewProject<'_>) -> Result<(), Full> {
        let name = self.add_text(new.name)?;
        self.project_rows.push(ProjectRow {
            organization: new.organization,
            allows_externals: new.allows_externals,
            is_default: new.is_default,
        });
        self.project_contents.push(ProjectContents { name, collaborators: Vec::new(), api_keys: Vec::new(), resources: Vec::new() });
        let organization = &mut self.organization_rows[new.organization];
        organization.projects.push(project);
        if new.is_default {
            organization.default_project = project;
        }
        Ok(())
    }

    /// Sets whether the rows of non-members have effect (A21).
    pub(crate) fn set_allows_externals(&mut self, project: Project, allows: bool) {
        let row = &mut self.project_rows[project];
        let organization = row.organization;
        if std::mem::replace(&mut row.allows_externals, allows) == allows {
            return;
        }
        let Self { project_contents, externals, hasher, .. } = self;
        for user in &project_contents[project].collaborators {
            let hash = hasher.pair(organization.into(), (*user).into());
            if let Some(external) = externals.find_mut(hash, |row| row.is_of(organization, *user)) {
                let rows = &mut external.effective_rows;
                *rows = if allows { rows.saturating_add(1) } else { rows.saturating_sub(1) };
            }
        }
    }

    /// Adds a collaborator row. Returns false, and changes nothing, if there is one.
    pub(crate) fn push_collaborator(&mut self, project: Project, user: User, role: ProjectRole) -> Result<bool, Full> {
        let order = self.allocate_order()?;
        let Self { hasher, collaborators, user_rows, .. } = self;
        let last_project = &mut user_rows[user].last_project;
        let row = Collaborator { project, user, role, order, earlier_project: *last_project };
        if !collaborators.insert_unless(hasher, row, |other| other.is_of(project, user)) {
            return Ok(false);
        }
        *last_project = Some(project).into();
        self.project_contents[project].collaborators.push(user);
        if self.membership(user, self.project_rows[project].organization).is_none() {
            self.count_external(project, user);
        }
        Ok(true)
    }

    fn count_external(&mut self, project: Project, user: User) {
        let ProjectRow { organization, allows_externals, .. } = self.project_rows[project];
        let Self { hasher, externals, .. } = self;
        let first = External { organization, user, rows: 1, effective_rows: allows_externals.into() };
        let hash = first.hash(hasher);
        match externals.find_mut(hash, |row| row.is_of(organization, user)) {
            Some(external) => {
                external.rows = external.rows.saturating_add(1);
                external.effective_rows = external.effective_rows.saturating_add(allows_externals.into());
            }
            None => externals.insert(hasher, first),
        }
    }

    fn discount_external(&mut self, project: Project, user: User) {
        let ProjectRow { organization, allows_externals, .. } = self.project_rows[project];
        let Self { externals, hasher, .. } = self;
        let hash = hasher.pair(organization.into(), user.into());
        let Some(external) = externals.find_mut(hash, |row| row.is_of(organization, user)) else { return };
        external.rows = external.rows.saturating_sub(1);
        external.effective_rows = external.effective_rows.saturating_sub(allows_externals.into());
        if external.rows == 0 {
            externals.remove(hasher, hash, |row| row.is_of(organization, user));
        }
    }

    pub(crate) fn set_collaborator_role(&mut self, project: Project, user: User, role: ProjectRole) {
        if let Some(row) = self.collaborator_mut(project, user) {
            row.role = role;
        }
    }

    fn collaborator_mut(&mut self, project: Project, user: User) -> Option<&mut Collaborator> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find_mut(hash, |row| row.is_of(project, user))
    }

    pub(crate) fn remove_collaborator(&mut self, project: Project, user: User) {
        let Self { collaborators, hasher, .. } = self;
        let hash = hasher.pair(project.into(), user.into());
        let Some(removed) = collaborators.remove(hasher, hash, |row| row.is_of(project, user)) else { return };
        self.unlink(project, user, removed.earlier_project);
        if self.membership(user, self.project_rows[project].organization).is_none() {
            self.discount_external(project, user);
        }
        let Self { users, project_contents, .. } = self;
        remove_sorted(&mut project_contents[project].collaborators, users.name(user), |other| users.name(*other));
        self.note_if_gone(user);
    }

    /// Removes a user's collaborator rows in the projects that match.
    pub(crate) fn remove_collaborators(&mut self, user: User, is_in: impl Fn(&ProjectRow) -> bool) {
        let rows: Vec<_> = self.projects_of(user).filter(|project| is_in(&self.project_rows[*project])).collect();
        for project in rows {
            self.remove_collaborator(project, user);
        }
    }

    /// Removes a project from the linked list of a user's collaborator rows.
    fn unlink(&mut self, project: Project, user: User, earlier_project: Maybe<Project>) {
        let row = &mut self.user_rows[user];
        if row.last_project.get() == Some(project) {
            row.last_project = earlier_project;
            return;
        }
        let later = self
            .projects_of(user)
            .find(|later| self.collaborator(*later, user).is_some_and(|row| row.earlier_project.get() == Some(project)));
        if let Some(row) = later.and_then(|later| self.collaborator_mut(later, user)) {
            row.earlier_project = earlier_project;
        }
    }

    // API keys.

    pub(crate) fn push_api_key(&mut self, key: ApiKey, new: &NewApiKey<'_>) -> Result<(), Full> {
        let name = self.add_text(new.name)?;
        self.api_key_rows.push(ApiKeyRow {
            project: new.project,
            kind: new.kind,
            created_by: new.created_by,
            expires_at: new.expires_at,
            revoked_at: new.revoked_at,
        });
        self.api_key_facts.push(ApiKeyFacts { name, created_at: new.created_at, digest: None });
        self.set_digest(key, new.digest);
        self.project_contents[new.project].api_keys.push(key);
        if new.kind == KeyKind::OrganizationDefault {
            let organization = self.project_rows[new.project].organization;
            self.organization_rows[organization].default_key = Some(key);
        }
        Ok(())
    }

    pub(crate) fn api_key_row_mut(&mut self, key: ApiKey) -> &mut ApiKeyRow {
        &mut self.api_key_rows[key]
    }

    /// Replaces the digest of a key; the old one is no longer found.
    pub(crate) fn set_digest(&mut self, key: ApiKey, digest: Option<KeyDigest>) {
        let old = std::mem::replace(&mut self.api_key_facts[key].digest, digest);
        let Self { hasher, digests, .. } = self;
        if let Some(old) = old {
            digests.remove(hasher, hasher.bytes(old.as_bytes()), |slot| slot.key == key);
        }
        if let Some(new) = digest {
            let hash = hasher.bytes(new.as_bytes());
            digests.insert(hasher, DigestSlot { hash, key });
        }
    }

    // Resources.

    pub(crate) fn push_resource(&mut self, resource: Resource, new: &NewResource<'_>) -> Result<(), Full> {
        self.resource_rows.push(ResourceRow { project: new.project, kind: new.kind });
        self.resource_creators.put(resource, new.created_by.into());
        self.resource_times.put(resource, new.created_at.into());
        self.name_resource(resource, new.name)
    }

    pub(crate) fn name_resource(&mut self, resource: Resource, name: Option<&str>) -> Result<(), Full> {
        let name = self.add_text(name)?;
        self.resource_names.put(resource, name);
        Ok(())
    }

    /// Appends a resource to the list of its project.
    pub(crate) fn append_resource(&mut self, resource: Resource) {
        self.project_contents[self.resource_rows[resource].project].resources.push(resource);
    }

    pub(crate) fn remove_resource(&mut self, resource: Resource) {
        self.resources.forget(&self.hasher, resource);
        let Self { resources, resource_rows, project_contents, .. } = self;
        let ResourceRow { project, kind } = resource_rows[resource];
        remove_sorted(&mut project_contents[project].resources, (kind, resources.name(resource)), |other| {
            (resource_rows[*other].kind, resources.name(*other))
        });
        self.garbage = self.garbage.saturating_add(1);
    }
}
