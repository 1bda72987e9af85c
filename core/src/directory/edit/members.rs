//! Members of organizations.

use crate::collections::table::Maybe;
use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Organization, Period, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::MemberRow;
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::OrganizationRole;

use super::NewMember;

impl Tables {
    /// Makes a user a member: the user's collaborator rows in the organization are then those of a member.
    pub(crate) fn push_member(&mut self, new: &NewMember) -> Result<(), Full> {
        let NewMember { organization, user, role, suspended_at, .. } = *new;
        self.touch(EntryIndex::Member(organization, user));
        let period = self.add_period(new.period)?;
        self.note_suspension(suspended_at);
        self.forget_bare_entry(user);
        let row = &mut self.user_rows[user];
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
        self.alter_member(organization, user, |member| member.role = role);
    }

    /// Sets when a membership ends; `None` for never.
    pub(crate) fn set_member_end(&mut self, organization: Organization, user: User, expires_at: Option<Instant>) -> Result<(), Full> {
        let Some(member) = self.member_row(user, organization) else { return Ok(()) };
        self.touch(EntryIndex::Member(organization, user));
        let period = self.set_end(member.period, expires_at)?;
        self.alter_member(organization, user, |member| member.period = period);
        Ok(())
    }

    pub(crate) fn suspend_member(&mut self, organization: Organization, user: User, suspended_at: Option<Instant>) {
        self.note_suspension(suspended_at);
        self.alter_member(organization, user, |member| member.suspended_at = suspended_at);
        self.drop_empty_extra(user);
    }

    /// Alters a member row, if there is one.
    pub(super) fn alter_member(&mut self, organization: Organization, user: User, alter: impl FnOnce(&mut MemberRow)) {
        let Some(mut member) = self.member_row(user, organization) else { return };
        self.touch(EntryIndex::Member(organization, user));
        alter(&mut member);
        let row = &mut self.user_rows[user];
        if row.organization == Some(organization).into() {
            row.role = member.role.into();
            row.period = member.period;
            if row.extra.is_some() || member.suspended_at.is_some() {
                self.extra_mut(user).member_suspended_at = member.suspended_at;
            }
        } else if let Some(extra) = &mut row.extra
            && let Ok(place) = extra.place_of_membership(organization)
            && let Some(other) = extra.others.get_mut(place)
        {
            *other = member;
        }
    }

    /// Removes a membership, and every collaborator row and group membership in the organization.
    pub(crate) fn remove_member(&mut self, organization: Organization, user: User) {
        self.remove_collaborators(user, |project| project.organization == organization);
        self.drop_member(organization, user);
    }

    /// Removes a user with every row. Keys and resources still name the user as their maker.
    pub(crate) fn remove_user(&mut self, user: User) {
        let organizations: Vec<_> = self.member_rows(user).map(|row| row.organization).collect();
        for organization in organizations {
            self.remove_member(organization, user);
        }
        self.remove_collaborators(user, |_| true);
        self.clear_user(user);
        self.note_if_gone(user);
    }

    /// Removes a membership with the rows that only members have, those in groups. The collaborator rows are then those of a non-member.
    pub(crate) fn drop_member(&mut self, organization: Organization, user: User) {
        self.leave_groups(organization, user);
        self.take_member(organization, user);
        let Self { users, organization_rows, .. } = self;
        remove_sorted(&mut organization_rows[organization].members, users.name(user), |other| users.name(*other));
        let rows: Vec<_> = self.projects_of(user).filter(|project| self.project_rows[*project].organization == organization).collect();
        for project in rows {
            self.count_external(project, user);
        }
    }

    /// Removes a member row, and its organization as a home, but leaves the organization's list as it is.
    pub(super) fn take_member(&mut self, organization: Organization, user: User) {
        self.touch(EntryIndex::Member(organization, user));
        // A home is one of the user's organizations.
        let is_home = |home: Option<Organization>| home == Some(organization);
        if self.user_rows[user].extra.as_ref().is_some_and(|extra| is_home(extra.home.get())) {
            self.touch(EntryIndex::User(user));
            self.extra_mut(user).home = Maybe::NONE;
        }
        let removed = self.take_membership(organization, user);
        self.drop_row(removed);
        self.drop_empty_extra(user);
        self.note_if_gone(user);
    }

    fn take_membership(&mut self, organization: Organization, user: User) -> Maybe<Period> {
        let row = &mut self.user_rows[user];
        if let Some(extra) = &mut row.extra
            && let Ok(place) = extra.place_of_membership(organization)
        {
            return extra.others.remove(place).period;
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
}
