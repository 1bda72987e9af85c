//! Users, organizations, members and groups.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::indices::{Group, Organization, Period, Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{GroupRow, InGroup, MemberRow, OrganizationRow, PeriodRow, UserExtra, UserRow};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::OrganizationRole;

use super::{NewMember, NewOrganization};

impl Tables {
    /// The user of that id; a new one may have no row yet.
    pub(crate) fn intern_user(&mut self, id: &str) -> Result<User, Full> {
        let (user, new) = self.users.intern(&self.hasher, id)?;
        if new {
            self.user_rows.push(UserRow::NOTHING);
        }
        Ok(user)
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
    pub(super) fn note_if_gone(&mut self, user: User) {
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
}
