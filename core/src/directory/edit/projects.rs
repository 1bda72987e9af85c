//! Projects, their collaborators, and the rows of groups.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::indices::{Group, Period, Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{Collaborator, External, Grant, PeriodRow, ProjectContents, ProjectRow};
use crate::directory::tables::Tables;
use crate::policy::ProjectRole;

use super::NewProject;

impl Tables {
    pub(crate) fn intern_project(&mut self, id: &str) -> Result<Project, Full> {
        self.projects.intern(&self.hasher, id).map(|(project, _)| project)
    }

    pub(crate) fn push_project(&mut self, project: Project, new: &NewProject<'_>) -> Result<(), Full> {
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        self.project_rows.push(ProjectRow {
            organization: new.organization,
            visibility: new.visibility,
            implies_roles: self.policy.implies_roles(new.visibility),
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
}
