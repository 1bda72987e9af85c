//! Organizations and what they say of themselves. C14.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Membership, Tables};
use crate::input::error::Error;
use crate::input::instant::Instant;

use super::super::terms::Origin;
use super::lookup::{ensure_platform, error};

/// The facts of an organization that a change names. `Some(None)` clears one.
pub(super) struct OrganizationFacts<'c> {
    pub(super) name: Option<Option<&'c str>>,
    pub(super) membership: Option<Membership>,
    pub(super) multi_project: Option<bool>,
    pub(super) projects_since: Option<Option<Instant>>,
    pub(super) suspended_at: Option<Option<Instant>>,
}

impl Tables {
    /// C14.
    pub(super) fn check_and_remove_organization(&mut self, organization: &str) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        self.remove_organization(organization);
        Ok(())
    }

    pub(super) fn check_and_update_organization(
        &mut self,
        organization: &str,
        facts: &OrganizationFacts<'_>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        ensure_platform(origin, facts.suspended_at.is_some(), "suspended_at")?;
        let organization = self.named_organization(organization)?;
        if facts.multi_project == Some(false) && self.organization_row(organization).projects.len() > 1 {
            let message = "the organization has projects beside the default one";
            return Err(error(ErrorCode::MultiProjectDisabled, "multi_project", message));
        }
        if let Some(name) = facts.name {
            self.rename_organization(organization, name)?;
        }
        if let Some(membership) = facts.membership {
            self.set_membership(organization, membership);
        }
        if let Some(multi_project) = facts.multi_project {
            self.set_multi_project(organization, multi_project);
        }
        if let Some(projects_since) = facts.projects_since {
            self.set_projects_since(organization, projects_since);
        }
        if let Some(suspended_at) = facts.suspended_at {
            self.suspend_organization(organization, suspended_at);
        }
        Ok(())
    }
}
