//! Places: the organizations and projects that a review goes through, one after the other.

use crate::directory::{Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::OrganizationRole;

/// An organization itself, or a project of it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) organization: Organization,
    pub(super) project: Option<Project>,
}

/// All places of some organizations, in byte order.
pub(super) struct Places {
    organizations: std::vec::IntoIter<Organization>,
    organization: Option<Organization>,
    /// How many projects of this organization have been told.
    projects: usize,
    members: Vec<(OrganizationRole, Vec<User>)>,
}

impl Places {
    pub(super) fn of(organizations: Vec<Organization>) -> Self {
        Self { organizations: organizations.into_iter(), organization: None, projects: 0, members: Vec::new() }
    }

    pub(super) fn next(&mut self, tables: &Tables, at: Instant) -> Option<Place> {
        if let Some(organization) = self.organization
            && let Some(project) = tables.organization_row(organization).projects.get(self.projects)
        {
            self.projects = self.projects.saturating_add(1);
            return Some(Place { organization, project: Some(*project) });
        }
        let organization = self.organizations.next()?;
        (self.organization, self.projects) = (Some(organization), 0);
        self.members = tables.members_by_role(organization, at);
        Some(Place { organization, project: None })
    }

    /// The members of this organization whose membership has not ended, by their role, sorted by id.
    pub(super) fn members(&self) -> &[(OrganizationRole, Vec<User>)] {
        &self.members
    }
}

impl Tables {
    /// The members of an organization whose membership has not ended, by their role, sorted by id.
    pub(crate) fn members_by_role(&self, organization: Organization, at: Instant) -> Vec<(OrganizationRole, Vec<User>)> {
        let mut by_role: Vec<_> = self.policy().organization_roles().map(|role| (role, Vec::new())).collect();
        for user in &self.organization_row(organization).members {
            let Some(role) = self.membership(*user, organization, at) else { continue };
            by_role.iter_mut().filter(|(of, _)| *of == role).for_each(|(_, users)| users.push(*user));
        }
        by_role
    }
}
