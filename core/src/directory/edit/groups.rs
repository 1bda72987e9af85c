//! Groups: their members, and their rows in projects.

use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Group, Organization, Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{Grant, GroupRow, InGroup, PeriodRow};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::ProjectRole;

impl Tables {
    pub(crate) fn push_group(&mut self, group: Group, organization: Organization, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::Group(group));
        let name = self.add_text(name)?;
        self.group_rows.push(GroupRow { organization, name, members: Vec::new(), projects: Vec::new() });
        self.organization_rows[organization].groups.push(group);
        Ok(())
    }

    /// Removes a group, its members and its rows in projects.
    pub(crate) fn remove_group(&mut self, group: Group) {
        self.take_group(group);
        let Self { groups, group_rows, organization_rows, .. } = self;
        let list = &mut organization_rows[group_rows[group].organization].groups;
        remove_sorted(list, groups.name(group), |other| groups.name(*other));
    }

    /// The same, but leaves the organization's list as it is.
    pub(super) fn take_group(&mut self, group: Group) {
        self.touch(EntryIndex::Group(group));
        for user in std::mem::take(&mut self.group_rows[group].members) {
            self.take_group_member(group, user);
        }
        for project in std::mem::take(&mut self.group_rows[group].projects) {
            self.take_grant(project, group);
            self.unlist_grant(project, group);
        }
        let Self { groups, hasher, .. } = self;
        groups.forget(hasher, group);
        self.note_garbage();
    }

    // Members of groups.

    /// Adds a member to a group. Returns false, and changes nothing, if the user is one.
    pub(crate) fn push_group_member(&mut self, group: Group, user: User, period: PeriodRow) -> Result<bool, Full> {
        let Err(place) = self.extra_mut(user).place_in_group(group) else { return Ok(false) };
        self.touch(EntryIndex::GroupMember(group, user));
        let period = self.add_period(period)?;
        self.extra_mut(user).groups.insert(place, InGroup { group, period });
        self.group_rows[group].members.push(user);
        Ok(true)
    }

    pub(crate) fn remove_group_member(&mut self, group: Group, user: User) {
        self.take_group_member(group, user);
        let Self { users, group_rows, .. } = self;
        remove_sorted(&mut group_rows[group].members, users.name(user), |other| users.name(*other));
    }

    /// The same, but leaves the group's list as it is.
    fn take_group_member(&mut self, group: Group, user: User) {
        self.touch(EntryIndex::GroupMember(group, user));
        if let Some(extra) = &mut self.user_rows[user].extra
            && let Ok(place) = extra.place_in_group(group)
        {
            let removed = extra.groups.remove(place).period;
            self.drop_row(removed);
            self.drop_empty_extra(user);
        }
    }

    /// Removes a user from all groups of an organization.
    pub(super) fn leave_groups(&mut self, organization: Organization, user: User) {
        let groups = self.user_rows[user].extra.iter().flat_map(|extra| &extra.groups);
        let left: Vec<_> = groups.map(|row| row.group).filter(|group| self.group_rows[*group].organization == organization).collect();
        for group in left {
            self.remove_group_member(group, user);
        }
    }

    // Rows in projects.

    /// Adds the row of a group in a project. Returns false, and changes nothing, if there is one.
    pub(crate) fn push_grant(&mut self, project: Project, group: Group, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        if self.grant(project, group).is_some() {
            return Ok(false);
        }
        self.touch(EntryIndex::Grant(project, group));
        let period = self.add_period(period)?;
        let Self { hasher, grants, .. } = self;
        grants.insert(hasher, Grant { project, group, role, period });
        self.project_rows[project].has_groups = true;
        self.project_contents[project].groups.push(group);
        self.group_rows[group].projects.push(project);
        Ok(true)
    }

    pub(crate) fn set_grant_role(&mut self, project: Project, group: Group, role: ProjectRole) {
        self.touch(EntryIndex::Grant(project, group));
        if let Some(row) = self.grant_mut(project, group) {
            row.role = role;
        }
    }

    /// Sets when the row of a group ends; `None` for never.
    pub(crate) fn set_grant_end(&mut self, project: Project, group: Group, expires_at: Option<Instant>) -> Result<(), Full> {
        let Some(row) = self.grant(project, group).copied() else { return Ok(()) };
        self.touch(EntryIndex::Grant(project, group));
        let period = self.set_end(row.period, expires_at)?;
        if let Some(row) = self.grant_mut(project, group) {
            row.period = period;
        }
        Ok(())
    }

    fn grant_mut(&mut self, project: Project, group: Group) -> Option<&mut Grant> {
        let hash = self.hasher.pair(project.into(), group.into());
        self.grants.find_mut(hash, |row| row.is_of(project, group))
    }

    pub(crate) fn remove_grant(&mut self, project: Project, group: Group) {
        self.take_grant(project, group);
        self.unlist_grant(project, group);
        self.group_rows[group].projects.retain(|other| *other != project);
    }

    /// Removes the row of a group, but leaves the lists of the project and the group as they are.
    pub(super) fn take_grant(&mut self, project: Project, group: Group) {
        self.touch(EntryIndex::Grant(project, group));
        let Self { grants, hasher, .. } = self;
        let hash = hasher.pair(project.into(), group.into());
        if let Some(removed) = grants.remove(hasher, hash, |row| row.is_of(project, group)) {
            self.drop_row(removed.period);
        }
    }

    /// Removes a group from the list of a project.
    fn unlist_grant(&mut self, project: Project, group: Group) {
        let Self { groups, project_rows, project_contents, .. } = self;
        let list = &mut project_contents[project].groups;
        remove_sorted(list, groups.name(group), |other| groups.name(*other));
        project_rows[project].has_groups = !list.is_empty();
    }
}
