//! Edits of the tables, for loading and for changes.
//!
//! Nothing here validates: callers have done so. New rows are appended to their list; `lists.rs` sorts them.

use crate::collections::names::Space;
use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::input::instant::Instant;
use crate::policy::{Kind, OrganizationRole, ProjectRole, Visibility};

use super::digest::KeyDigest;
use super::document::{KeyKind, Membership};
use super::indices::{ApiKey, Group, Limits, Organization, Period, Project, Resource, Text, User};
use super::lists::remove_sorted;
use super::rows::{
    ApiKeyFacts, ApiKeyRow, Collaborator, DigestSlot, External, Grant, GroupRow, InGroup, KeyLimits, MemberRow, OrganizationRow, PeriodRow,
    ProjectContents, ProjectRow, ResourceRow, UserExtra, UserRow,
};
use super::tables::Tables;

/// A new organization, without members and projects.
pub(crate) struct NewOrganization<'n> {
    pub(crate) owner: User,
    pub(crate) membership: Membership,
    pub(crate) multi_project: bool,
    pub(crate) projects_since: Option<Instant>,
    pub(crate) suspended_at: Option<Instant>,
    pub(crate) name: Option<&'n str>,
}

/// A new member row.
pub(crate) struct NewMember {
    pub(crate) organization: Organization,
    pub(crate) user: User,
    pub(crate) role: OrganizationRole,
    pub(crate) period: PeriodRow,
    pub(crate) suspended_at: Option<Instant>,
}

/// A new project, without contents.
pub(crate) struct NewProject<'n> {
    pub(crate) organization: Organization,
    pub(crate) is_default: bool,
    pub(crate) allows_externals: bool,
    pub(crate) visibility: Visibility,
    pub(crate) suspended_at: Option<Instant>,
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
    pub(crate) limits: KeyLimits,
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

    fn add_period(&mut self, period: PeriodRow) -> Result<Maybe<Period>, Full> {
        if period == PeriodRow::default() {
            return Ok(Maybe::NONE);
        }
        // The last number is not used: it stands for none.
        let number = u32::try_from(self.periods.len()).ok().filter(|number| *number < u32::MAX).ok_or(Full)?;
        self.periods.push(period);
        self.has_ends |= period.expires_at.get().is_some();
        Ok(Maybe::from(number))
    }

    /// Counts the period of a row that is removed as garbage, for the next compaction.
    fn drop_period(&mut self, period: Maybe<Period>) {
        self.garbage = self.garbage.saturating_add(period.is_some().into());
    }

    fn note_suspension(&mut self, suspended_at: Option<Instant>) {
        self.has_suspensions |= suspended_at.is_some();
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

    pub(crate) fn intern_resource(&mut self, kind: Kind, id: &str) -> Result<Resource, Full> {
        self.resources.intern_in(&self.hasher, Space::of(kind.into()), id).map(|(resource, _)| resource)
    }

    /// Adds a bare entry for the user in the document. It is written only while nothing else mentions the user.
    pub(crate) fn list_user(&mut self, user: User) {
        self.user_rows[user].is_bare = true;
    }

    /// Forgets bare entries of users whom something else mentions, so that equal directories are equal whatever their documents said.
    pub(crate) fn forget_bare_entries(&mut self) {
        for row in self.user_rows.rows_mut() {
            row.is_bare &= !row.is_mentioned() && !row.says_something();
        }
    }

    pub(crate) fn set_email(&mut self, user: User, email: Option<&str>) -> Result<(), Full> {
        let email = self.add_text(email)?;
        let old = std::mem::replace(&mut self.user_rows[user].email, email);
        self.garbage = self.garbage.saturating_add(old.is_some().into());
        Ok(())
    }

    pub(crate) fn set_home_outside(&mut self, user: User, organization: &str) -> Result<(), Full> {
        self.user_rows[user].outside = Some(self.texts.push(organization)?).into();
        Ok(())
    }

    pub(crate) fn clear_home_outside(&mut self, user: User) {
        let old = std::mem::take(&mut self.user_rows[user].outside);
        self.garbage = self.garbage.saturating_add(old.is_some().into());
    }

    fn extra_mut(&mut self, user: User) -> &mut UserExtra {
        self.user_rows[user].extra.get_or_insert_default()
    }

    /// Sets the home among several organizations of the directory.
    pub(crate) fn set_home_inside(&mut self, user: User, organization: Organization) {
        self.extra_mut(user).home = Some(organization).into();
    }

    pub(crate) fn suspend_user(&mut self, user: User, suspended_at: Option<Instant>) {
        if suspended_at.is_some() {
            self.note_suspension(suspended_at);
            self.extra_mut(user).suspended_at = suspended_at;
        }
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
        self.note_suspension(new.suspended_at);
        self.organization_rows.push(OrganizationRow {
            owner: new.owner,
            default_project: Project::from(0),
            membership: new.membership,
            multi_project: new.multi_project,
            projects_since: new.projects_since,
            default_key: None,
            suspended_at: new.suspended_at,
            name,
            members: Vec::new(),
            projects: Vec::new(),
            groups: Vec::new(),
            wide_keys: Vec::new(),
        });
        Ok(())
    }

    /// Makes a user a member: the user's collaborator rows in the organization are then those of a member.
    pub(crate) fn push_member(&mut self, new: &NewMember) -> Result<(), Full> {
        let NewMember { organization, user, role, suspended_at, .. } = *new;
        let period = self.add_period(new.period)?;
        self.note_suspension(suspended_at);
        let row = &mut self.user_rows[user];
        row.is_bare = false;
        if row.organization.is_some() {
            let extra = self.extra_mut(user);
            if let Err(place) = extra.place_of_membership(organization) {
                extra.others.insert(place, MemberRow { organization, role, period, suspended_at });
            }
        } else {
            row.organization = Some(organization).into();
            row.period = period;
            row.role = role.into();
            if suspended_at.is_some() {
                self.extra_mut(user).member_suspended_at = suspended_at;
            }
        }
        self.organization_rows[organization].members.push(user);
        let hash = self.hasher.pair(organization.into(), user.into());
        let Self { externals, hasher, .. } = self;
        externals.remove(hasher, hash, |row| row.is_of(organization, user));
        Ok(())
    }

    pub(crate) fn set_member_role(&mut self, organization: Organization, user: User, role: OrganizationRole) {
        let row = &mut self.user_rows[user];
        if row.organization == Some(organization).into() {
            row.role = role.into();
        } else if let Some(extra) = &mut row.extra
            && let Ok(place) = extra.place_of_membership(organization)
            && let Some(other) = extra.others.get_mut(place)
        {
            other.role = role;
        }
    }

    /// Removes a membership, and every collaborator row and group membership in the organization.
    pub(crate) fn remove_member(&mut self, organization: Organization, user: User) {
        self.remove_collaborators(user, |project| project.organization == organization);
        self.leave_groups(organization, user);
        let removed = self.take_member_row(organization, user);
        self.drop_period(removed);
        let Self { users, organization_rows, .. } = self;
        remove_sorted(&mut organization_rows[organization].members, users.name(user), |other| users.name(*other));
        self.note_if_gone(user);
    }

    /// Removes the member row alone, and returns its period.
    fn take_member_row(&mut self, organization: Organization, user: User) -> Maybe<Period> {
        let row = &mut self.user_rows[user];
        if let Some(extra) = &mut row.extra {
            // A home is one of the user's organizations.
            if extra.home == Some(organization).into() {
                extra.home = Maybe::NONE;
            }
            if let Ok(place) = extra.place_of_membership(organization) {
                return extra.others.remove(place).period;
            }
        }
        let period = std::mem::take(&mut row.period);
        let next = row.extra.as_mut().and_then(|extra| {
            extra.member_suspended_at = None;
            extra.others.pop()
        });
        row.organization = next.map(|next| next.organization).into();
        if let (Some(next), Some(extra)) = (next, &mut row.extra) {
            row.role = next.role.into();
            row.period = next.period;
            extra.member_suspended_at = next.suspended_at;
        }
        period
    }

    // Groups.

    pub(crate) fn push_group(&mut self, group: Group, organization: Organization, name: Option<&str>) -> Result<(), Full> {
        let name = self.add_text(name)?;
        self.group_rows.push(GroupRow { organization, name, members: Vec::new(), projects: Vec::new() });
        self.organization_rows[organization].groups.push(group);
        Ok(())
    }

    /// Adds a member to a group. Returns false, and changes nothing, if the user is one.
    pub(crate) fn push_group_member(&mut self, group: Group, user: User, period: PeriodRow) -> Result<bool, Full> {
        let Err(place) = self.extra_mut(user).place_in_group(group) else { return Ok(false) };
        let period = self.add_period(period)?;
        self.extra_mut(user).groups.insert(place, InGroup { group, period });
        self.group_rows[group].members.push(user);
        Ok(true)
    }

    /// Removes a user from all groups of an organization.
    fn leave_groups(&mut self, organization: Organization, user: User) {
        let Self { group_rows, user_rows, .. } = self;
        let Some(extra) = &mut user_rows[user].extra else { return };
        let left: Vec<_> = extra.groups.extract_if(.., |row| group_rows[row.group].organization == organization).collect();
        for InGroup { group, period } in left {
            let Self { users, group_rows, .. } = self;
            remove_sorted(&mut group_rows[group].members, users.name(user), |other| users.name(*other));
            self.drop_period(period);
        }
    }

    /// Adds the row of a group in a project. Returns false, and changes nothing, if there is one.
    pub(crate) fn push_grant(&mut self, project: Project, group: Group, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        if self.grant(project, group).is_some() {
            return Ok(false);
        }
        let period = self.add_period(period)?;
        let Self { hasher, grants, .. } = self;
        grants.insert(hasher, Grant { project, group, role, period });
        self.project_rows[project].has_groups = true;
        self.project_contents[project].groups.push(group);
        self.group_rows[group].projects.push(project);
        Ok(true)
    }

    // Projects and their collaborators.

    pub(crate) fn push_project(&mut self, project: Project, new: &NewProject<'_>) -> Result<(), Full> {
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        self.project_rows.push(ProjectRow {
            organization: new.organization,
            visibility: new.visibility,
            allows_externals: new.allows_externals,
            is_default: new.is_default,
            has_groups: false,
        });
        self.project_contents.push(ProjectContents {
            name,
            suspended_at: new.suspended_at,
            collaborators: Vec::new(),
            groups: Vec::new(),
            api_keys: Vec::new(),
            resources: Vec::new(),
        });
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
        let Self { project_contents, periods, collaborators, externals, hasher, .. } = self;
        for user in &project_contents[project].collaborators {
            let own = hasher.pair(project.into(), (*user).into());
            let row = collaborators.find(own, |row| row.is_of(project, *user));
            if row.and_then(|row| row.period.get()).is_some_and(|period| periods[period].expires_at.get().is_some()) {
                continue;
            }
            let hash = hasher.pair(organization.into(), (*user).into());
            if let Some(external) = externals.find_mut(hash, |row| row.is_of(organization, *user)) {
                let rows = &mut external.effective_rows;
                *rows = if allows { rows.saturating_add(1) } else { rows.saturating_sub(1) };
            }
        }
    }

    /// Adds a collaborator row. Returns false, and changes nothing, if there is one.
    pub(crate) fn push_collaborator(&mut self, project: Project, user: User, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        let period = self.add_period(period)?;
        let Self { hasher, collaborators, user_rows, .. } = self;
        let user_row = &mut user_rows[user];
        let row = Collaborator { project, user, role, period, earlier_project: user_row.last_project };
        if !collaborators.insert_unless(hasher, row, |other| other.is_of(project, user)) {
            return Ok(false);
        }
        user_row.last_project = Some(project).into();
        user_row.is_bare = false;
        self.project_contents[project].collaborators.push(user);
        if self.member_row(user, self.project_rows[project].organization).is_none() {
            self.count_external(project, user, period);
        }
        Ok(true)
    }

    fn count_external(&mut self, project: Project, user: User, period: Maybe<Period>) {
        let ProjectRow { organization, allows_externals, .. } = self.project_rows[project];
        let has_end = self.has_end(period);
        let Self { hasher, externals, .. } = self;
        let hash = hasher.pair(organization.into(), user.into());
        if externals.find(hash, |row| row.is_of(organization, user)).is_none() {
            externals.insert(hasher, External { organization, user, rows: 0, effective_rows: 0, ending_rows: 0 });
        }
        let Some(external) = externals.find_mut(hash, |row| row.is_of(organization, user)) else { return };
        if has_end {
            external.ending_rows = external.ending_rows.saturating_add(1);
        } else {
            external.rows = external.rows.saturating_add(1);
            external.effective_rows = external.effective_rows.saturating_add(allows_externals.into());
        }
    }

    fn discount_external(&mut self, project: Project, user: User, period: Maybe<Period>) {
        let ProjectRow { organization, allows_externals, .. } = self.project_rows[project];
        let has_end = self.has_end(period);
        let Self { externals, hasher, .. } = self;
        let hash = hasher.pair(organization.into(), user.into());
        let Some(external) = externals.find_mut(hash, |row| row.is_of(organization, user)) else { return };
        if has_end {
            external.ending_rows = external.ending_rows.saturating_sub(1);
        } else {
            external.rows = external.rows.saturating_sub(1);
            external.effective_rows = external.effective_rows.saturating_sub(allows_externals.into());
        }
        if external.rows == 0 && external.ending_rows == 0 {
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
        if self.member_row(user, self.project_rows[project].organization).is_none() {
            self.discount_external(project, user, removed.period);
        }
        self.drop_period(removed.period);
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
        let limits = self.add_limits(&new.limits);
        self.api_key_rows.push(ApiKeyRow {
            project: new.project,
            kind: new.kind,
            created_by: new.created_by,
            expires_at: new.expires_at,
            revoked_at: new.revoked_at,
            limits,
        });
        self.api_key_facts.push(ApiKeyFacts { name, created_at: new.created_at, digest: None });
        self.set_digest(key, new.digest);
        self.project_contents[new.project].api_keys.push(key);
        let organization = &mut self.organization_rows[self.project_rows[new.project].organization];
        if new.kind == KeyKind::OrganizationDefault {
            organization.default_key = Some(key);
        }
        if !new.limits.reach.is_own_project_alone() {
            organization.wide_keys.push(key);
        }
        Ok(())
    }

    fn add_limits(&mut self, limits: &KeyLimits) -> Maybe<Limits> {
        if *limits == KeyLimits::default() {
            return Maybe::NONE;
        }
        // There are at most as many limits as API keys.
        let number = u32::try_from(self.api_key_limits.len()).unwrap_or(u32::MAX);
        self.api_key_limits.push(limits.clone());
        Maybe::from(number)
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
        let Self { policy, hasher, resources, resource_rows, project_contents, .. } = self;
        let ResourceRow { project, kind } = resource_rows[resource];
        resources.forget_in(hasher, Space::of(kind.into()), resource);
        remove_sorted(&mut project_contents[project].resources, (policy.kind_rank(kind), resources.name(resource)), |other| {
            (policy.kind_rank(resource_rows[*other].kind), resources.name(*other))
        });
        self.garbage = self.garbage.saturating_add(1);
    }
}
