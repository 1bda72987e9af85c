//! Organizations with their members and groups, and the entries of users.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::path::Path;
use crate::policy::OrganizationRole;

use super::{Indexer, ListedMembers, Put, period};
use crate::directory::document::{GroupDocument, MemberDocument, OrganizationDocument, UserDocument};
use crate::directory::edit::{NewMember, NewOrganization};
use crate::directory::indices::{Group, Organization, User};
use crate::directory::tables::Tables;

impl Indexer<'_, '_> {
    pub(in crate::directory) fn organization(
        &mut self,
        document: &OrganizationDocument<'_>,
        path: &Path<'_>,
    ) -> Result<Organization, Error> {
        let interned = self.tables.organizations.intern(&self.tables.hasher, document.id).map_err(Error::from)?;
        let organization = self.duplicate(interned, path, |_, organization| (Some(organization), None));
        if let Some(put @ Put::Organization(_)) = &mut self.put {
            *put = Put::Organization(organization);
        }

        let owner = self.user(document.owner)?;
        let new = NewOrganization {
            owner,
            membership: document.membership,
            multi_project: document.multi_project,
            projects_since: document.projects_since,
            suspended_at: document.suspended_at,
            name: document.name,
        };
        self.tables.push_organization(organization, &new).map_err(Error::from)?;
        let table = path.field("members");
        for (number, member) in document.members.iter().enumerate() {
            let at = &table.item(number);
            let role = self.tables.policy.organization_role(member.role);
            if role.is_none() {
                self.fault(
                    ErrorCode::UnknownRole,
                    &at.field("role"),
                    format_args!("the policy has no organization role {}", quoted(member.role)),
                );
            }
            let user = self.user(member.user)?;
            let is_elsewhere = !self.tables.policy.has_multiple_organizations() && self.tables.user_rows[user].organization.is_some();
            if self.tables.member_row(user, organization).is_some() {
                let message = "this user is already a member";
                self.faults.report_unless(|| !interned.1, ErrorCode::DuplicateId, &at.field("user"), message);
            } else if is_elsewhere {
                let message = "this user is already a member of another organization";
                self.fault(ErrorCode::UserInTwoOrganizations, &at.field("user"), message);
                self.refused.insert((user, organization));
            } else {
                // An unknown role has been reported; as a placeholder, it is weaker than all, so it makes nobody an admin.
                let role = role.unwrap_or(OrganizationRole::from(u32::MAX));
                let period = period(member.added_at, member.expires_at);
                let new = NewMember { organization, user, role, period, suspended_at: member.suspended_at };
                self.tables.push_member(&new).map_err(Error::from)?;
            }
            if user == owner {
                self.ensure_owner_stays(member, at);
            }
        }
        Ok(organization)
    }

    /// The owner's row neither ends nor is suspended.
    pub(in crate::directory) fn ensure_owner_stays(&mut self, row: &MemberDocument<'_>, path: &Path<'_>) {
        let message = "the owner's membership neither ends nor is suspended";
        for (field, instant) in [("expires_at", row.expires_at), ("suspended_at", row.suspended_at)] {
            if instant.is_some() {
                self.fault(ErrorCode::OwnerProtected, &path.field(field), message);
            }
        }
    }

    /// The owner is a member with the strongest role. One who is listed in two organizations gets that fault alone.
    pub(in crate::directory) fn owner(&mut self, document: &OrganizationDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let owner = self.user(document.owner)?;
        let policy = &self.tables.policy;
        let roles = || document.members.iter().filter(|row| row.user == document.owner).map(|row| policy.organization_role(row.role));
        let is_admin = roles().any(|role| role == Some(OrganizationRole::STRONGEST));
        let is_misplaced = roles().next().is_some() && self.is_refused_somewhere(owner);
        if !is_admin && !is_misplaced {
            // An owner whose row has a fault may be meant to be an admin.
            let follows = roles().any(|role| role.is_none());
            let message = "the owner is not a member with the strongest organization role";
            self.faults.report_unless(|| follows, ErrorCode::OwnerNotAdmin, &path.field("owner"), message);
        }
        Ok(())
    }

    /// Whether a row of the user is refused, since the user is a member of another organization already.
    fn is_refused_somewhere(&self, user: User) -> bool {
        self.refused.range((user, Organization::from(0))..).next().is_some_and(|(refused, _)| *refused == user)
    }

    pub(in crate::directory) fn listed_user(
        &mut self,
        document: &UserDocument<'_>,
        path: &Path<'_>,
        listed_members: Option<&ListedMembers<'_>>,
    ) -> Result<(), Error> {
        let user = self.user(document.id)?;
        let is_twice = self.tables.user_rows[user].is_bare;
        if is_twice {
            self.fault(ErrorCode::DuplicateId, &path.field("id"), "this user is listed twice");
        }
        self.tables.list_user(user);
        self.tables.set_email(user, document.email).map_err(Error::from)?;
        self.tables.suspend_user(user, document.suspended_at);
        let Some(home) = document.organization else { return Ok(()) };
        let at = &path.field("organization");
        let may_have_several = self.tables.policy.has_multiple_organizations();
        match self.tables.organization(home) {
            Some(held) if self.tables.member_row(user, held).is_some() => {
                if may_have_several {
                    self.tables.set_home_inside(user, held);
                }
            }
            // It lists the user in a row that is refused.
            Some(held) if self.refused.contains(&(user, held)) => {}
            Some(_) => {
                let message = "this organization does not list the user as a member";
                let follows =
                    || is_twice || listed_members.is_some_and(|listed_members| listed_members.members.contains(&(home, document.id)));
                self.faults.report_unless(follows, ErrorCode::UserNotMember, at, message);
            }
            None if self.tables.user_rows[user].organization.is_some() && !may_have_several => {
                let message = "the user is already a member of another organization";
                let follows = || is_twice || listed_members.is_some_and(|listed_members| listed_members.misplaced.contains(document.id));
                self.faults.report_unless(follows, ErrorCode::UserInTwoOrganizations, at, message);
            }
            None => self.tables.set_home_outside(user, home).map_err(Error::from)?,
        }
        Ok(())
    }

    pub(in crate::directory) fn groups(
        &mut self,
        document: &OrganizationDocument<'_>,
        organization: Organization,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let table = path.field("groups");
        for (number, group) in document.groups.iter().enumerate() {
            let at = &table.item(number);
            let interned = self.tables.groups.intern(&self.tables.hasher, group.id).map_err(Error::from)?;
            let of_group = |tables: &Tables, group| (tables.group_rows.find(group).map(|row| row.organization), None);
            let index = self.duplicate(interned, at, of_group);
            if interned.1 {
                self.tables.push_group(index, organization, group.name).map_err(Error::from)?;
            }
            self.group_members(group, (organization, index), interned.1, at)?;
        }
        Ok(())
    }

    pub(in crate::directory) fn group_members(
        &mut self,
        document: &GroupDocument<'_>,
        (organization, group): (Organization, Group),
        is_new_group: bool,
        path: &Path<'_>,
    ) -> Result<(), Error> {
        let table = path.field("members");
        for (number, member) in document.members.iter().enumerate() {
            let at = table.item(number);
            let at = &at.field("user");
            let user = self.user(member.user)?;
            if self.tables.member_row(user, organization).is_none() {
                let message = "a member of a group is a member of the organization";
                // A user whose member row has a fault.
                let follows = || self.tables.user_rows[user].organization.is_some() || !is_new_group;
                self.faults.report_unless(follows, ErrorCode::UserNotMember, at, message);
            }
            let period = period(member.added_at, member.expires_at);
            if !self.tables.push_group_member(group, user, period).map_err(Error::from)? {
                let message = "this user is already in the group";
                self.faults.report_unless(|| !is_new_group, ErrorCode::DuplicateId, at, message);
            }
        }
        Ok(())
    }
}
