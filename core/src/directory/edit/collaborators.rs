//! Collaborators of projects, and the count of those who are not members.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{Collaborator, External, PeriodRow, ProjectRow};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::ProjectRole;

impl Tables {
    /// Adds a collaborator row. Returns false, and changes nothing, if there is one.
    pub(crate) fn push_collaborator(&mut self, project: Project, user: User, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        self.touch(EntryIndex::Collaborator(project, user));
        let period = self.add_period(period)?;
        let Self { hasher, collaborators, user_rows, .. } = self;
        let row = Collaborator { project, user, role, period, earlier_project: user_rows[user].last_project };
        if !collaborators.insert_unless(hasher, row, |other| other.is_of(project, user)) {
            return Ok(false);
        }
        self.forget_bare_entry(user);
        self.user_rows[user].last_project = Some(project).into();
        self.project_contents[project].collaborators.push(user);
        if self.is_external(project, user) {
            self.count_external(project, user);
        }
        Ok(true)
    }

    pub(crate) fn set_collaborator_role(&mut self, project: Project, user: User, role: ProjectRole) {
        self.touch(EntryIndex::Collaborator(project, user));
        if let Some(row) = self.collaborator_mut(project, user) {
            row.role = role;
        }
    }

    /// Sets when a collaborator row ends; `None` for never.
    pub(crate) fn set_collaborator_end(&mut self, project: Project, user: User, expires_at: Option<Instant>) -> Result<(), Full> {
        let Some(row) = self.collaborator(project, user).copied() else { return Ok(()) };
        self.touch(EntryIndex::Collaborator(project, user));
        let is_external = self.is_external(project, user);
        if is_external {
            self.discount_external(project, user);
        }
        let period = self.set_end(row.period, expires_at)?;
        if let Some(row) = self.collaborator_mut(project, user) {
            row.period = period;
        }
        if is_external {
            self.count_external(project, user);
        }
        Ok(())
    }

    fn collaborator_mut(&mut self, project: Project, user: User) -> Option<&mut Collaborator> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find_mut(hash, |row| row.is_of(project, user))
    }

    pub(crate) fn remove_collaborator(&mut self, project: Project, user: User) {
        if self.collaborator(project, user).is_some() {
            self.take_collaborator(project, user);
            self.unlist_collaborator(project, user);
        }
    }

    /// Removes a collaborator row, but leaves the project's list as it is.
    pub(super) fn take_collaborator(&mut self, project: Project, user: User) {
        if let Some(removed) = self.take_row(project, user) {
            self.unlink(project, user, removed.earlier_project);
            self.note_if_gone(user);
        }
    }

    /// Removes a user's collaborator rows in the projects that match.
    pub(crate) fn remove_collaborators(&mut self, user: User, is_in: impl Fn(&ProjectRow) -> bool) {
        for project in self.take_collaborators(user, is_in) {
            self.unlist_collaborator(project, user);
        }
    }

    /// The same, but leaves the lists of the projects, which are returned, as they are. One pass over the user's rows.
    pub(super) fn take_collaborators(&mut self, user: User, is_in: impl Fn(&ProjectRow) -> bool) -> Vec<Project> {
        let (taken, kept): (Vec<_>, Vec<_>) = self.projects_of(user).partition(|project| is_in(&self.project_rows[*project]));
        for project in &taken {
            self.take_row(*project, user);
        }
        if !taken.is_empty() {
            let mut earlier_project = Maybe::NONE;
            for project in kept.into_iter().rev() {
                if let Some(row) = self.collaborator_mut(project, user) {
                    row.earlier_project = earlier_project;
                }
                earlier_project = Some(project).into();
            }
            self.user_rows[user].last_project = earlier_project;
            self.note_if_gone(user);
        }
        taken
    }

    /// Removes a collaborator row, but leaves every list as it is.
    fn take_row(&mut self, project: Project, user: User) -> Option<Collaborator> {
        self.touch(EntryIndex::Collaborator(project, user));
        if self.is_external(project, user) {
            self.discount_external(project, user);
        }
        let Self { collaborators, hasher, .. } = self;
        let removed = collaborators.remove(hasher, hasher.pair(project.into(), user.into()), |row| row.is_of(project, user))?;
        self.drop_row(removed.period);
        Some(removed)
    }

    fn unlist_collaborator(&mut self, project: Project, user: User) {
        let Self { users, project_contents, .. } = self;
        remove_sorted(&mut project_contents[project].collaborators, users.name(user), |other| users.name(*other));
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

    // Non-members with rows.

    /// Whether a user is no member of the project's organization, ended rows included.
    pub(super) fn is_external(&self, project: Project, user: User) -> bool {
        self.member_row(user, self.project_rows[project].organization).is_none()
    }

    /// Counts the row of a non-member in a project.
    pub(super) fn count_external(&mut self, project: Project, user: User) {
        let (ProjectRow { organization, allows_externals, .. }, has_end) = (self.project_rows[project], self.row_has_end(project, user));
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

    /// No longer counts the row of a non-member, which still has its project and its end.
    pub(super) fn discount_external(&mut self, project: Project, user: User) {
        let (ProjectRow { organization, allows_externals, .. }, has_end) = (self.project_rows[project], self.row_has_end(project, user));
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

    fn row_has_end(&self, project: Project, user: User) -> bool {
        self.collaborator(project, user).is_some_and(|row| self.has_end(row.period))
    }
}
