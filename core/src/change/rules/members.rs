//! Members of organizations, their owners, and users as a whole. C1 to C3, C13, C15 and C18.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{Membership, NewMember, Organization, PeriodRow, Tables, User};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::policy::OrganizationRole;

use super::super::terms::Origin;
use super::lookup::{ensure_absent, error, not_a_member};

impl Tables {
    /// C1.
    pub(super) fn check_and_add_member(
        &mut self,
        organization: &str,
        user: &str,
        role: Option<&str>,
        email: Option<&str>,
        expires_at: Option<Instant>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        if origin.actor.is_some() && self.organization_row(organization).membership == Membership::Sso {
            let message = "members of this organization come only through its single sign-on";
            return Err(error(ErrorCode::MembershipManagedBySso, "organization", message));
        }
        let is_named = role.is_some();
        let role = match role {
            Some(role) => self.organization_role(role)?,
            None => self.policy().weakest_organization_role(),
        };
        self.ensure_own_organization_role(origin, organization, role, is_named)?;
        let known = self.user(user);
        let row = known.and_then(|user| self.member_row(user, organization));
        ensure_absent(row.is_some_and(|row| !self.has_ended(row.period, origin.at)), "user")?;
        if known.is_some_and(|user| self.is_member_elsewhere(user, organization)) {
            let message = "the user is a member of another organization; a user belongs to one at most";
            return Err(error(ErrorCode::UserInTwoOrganizations, "user", message));
        }
        if origin.actor.is_some() && known.is_some_and(|user| self.would_be_taken_over(user, email)) {
            let message = "the user has a home organization or another e-mail address; only the platform can move them";
            return Err(error(ErrorCode::UserInTwoOrganizations, "user", message));
        }
        if let (Some(user), Some(_)) = (known, row) {
            self.remove_member(organization, user); // Nothing old comes back unseen.
        }
        let user = self.intern_user(user)?;
        let period = PeriodRow { expires_at: expires_at.into(), ..PeriodRow::default() };
        self.insert_member(&NewMember { organization, user, role, period, suspended_at: None }, email).map_err(Error::from)
    }

    /// Whether a user cannot be a member of an organization, being one of another.
    fn is_member_elsewhere(&self, user: User, organization: Organization) -> bool {
        !self.policy().has_multiple_organizations() && self.member_rows(user).any(|row| row.organization != organization)
    }

    /// Whether an invitation would replace a home outside the directory, or a known e-mail address.
    fn would_be_taken_over(&self, user: User, email: Option<&str>) -> bool {
        let known = self.email(user);
        let replaces_home = self.has_home_outside(user) && !self.policy().has_multiple_organizations();
        replaces_home || (email.is_some() && known.is_some() && known != email)
    }

    fn insert_member(&mut self, new: &NewMember, email: Option<&str>) -> Result<(), Full> {
        let NewMember { organization, user, .. } = *new;
        if email.is_some() {
            self.set_email(user, email)?;
        }
        if !self.policy().has_multiple_organizations() {
            self.clear_home_outside(user); // C1: this organization is the home now.
        }
        // Rows without effect must not silently get one.
        self.remove_collaborators(user, |project| project.organization == organization && !project.allows_externals);
        self.push_member(new)?;
        self.sort_last_member(organization);
        Ok(())
    }

    /// C2.
    pub(super) fn check_and_remove_member(&mut self, organization: &str, user: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let (organization, user) = self.ordinary_member(organization, user, origin.at)?;
        self.ensure_no_stronger_member(origin, organization, user)?;
        self.remove_member(organization, user);
        Ok(())
    }

    /// C3.
    pub(super) fn check_and_set_member_role(
        &mut self,
        organization: &str,
        user: &str,
        role: &str,
        expires_at: Option<Option<Instant>>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let (organization, user) = self.ordinary_member(organization, user, origin.at)?;
        let role = self.organization_role(role)?;
        self.ensure_own_organization_role(origin, organization, role, true)?;
        self.ensure_no_stronger_member(origin, organization, user)?;
        self.set_member_role(organization, user, role);
        expires_at.map_or(Ok(()), |expires_at| self.set_member_end(organization, user, expires_at)).map_err(Error::from)
    }

    /// C13: ended rows too.
    pub(super) fn check_and_drop_member(&mut self, organization: &str, user: &str) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        let user = self.named_user(user)?;
        if self.member_row(user, organization).is_none() {
            return Err(not_a_member());
        }
        self.ensure_not_owner(organization, user)?;
        self.drop_member(organization, user);
        Ok(())
    }

    /// C15: an owner's membership has the strongest role, for ever.
    pub(super) fn check_and_transfer_ownership(&mut self, organization: &str, user: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        let owner = self.organization_row(organization).owner;
        if origin.actor.is_some() && origin.user != Some(self.user_id(owner)) {
            return Err(error(ErrorCode::OwnerProtected, "organization", "only the owner passes the ownership on"));
        }
        let may_own = |user: &User| {
            let row = self.member_row(*user, organization);
            row.is_some_and(|row| row.role == OrganizationRole::STRONGEST && row.suspended_at.is_none() && !self.has_end(row.period))
        };
        let message = "an owner is a member with the strongest role, neither suspended nor with an end";
        let user = self.user(user).filter(may_own).ok_or_else(|| error(ErrorCode::OwnerNotAdmin, "user", message))?;
        self.set_owner(organization, user);
        Ok(())
    }

    /// C18.
    pub(super) fn check_and_remove_user(&mut self, user: &str) -> Result<(), Error> {
        let user = self.named_user(user)?;
        // INVARIANT: an owner is a member.
        let organizations: Vec<_> = self.member_rows(user).map(|row| row.organization).collect();
        organizations.into_iter().try_for_each(|organization| self.ensure_not_owner(organization, user))?;
        self.remove_user(user);
        Ok(())
    }
}
