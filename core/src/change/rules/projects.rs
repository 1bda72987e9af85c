//! Projects: made, altered, moved and removed. C4, C16 and C17.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{NewProject, PeriodRow, Project, Tables};
use crate::input::error::{Error, quoted};
use crate::input::instant::Instant;
use crate::policy::{ProjectRole, Visibility};

use super::super::terms::Origin;
use super::lookup::{ensure_absent, ensure_platform, error};

/// The facts of a project that a change names. `Some(None)` clears one.
pub(super) struct ProjectFacts<'c> {
    pub(super) name: Option<Option<&'c str>>,
    pub(super) allow_external_collaborators: Option<bool>,
    pub(super) visibility: Option<&'c str>,
    pub(super) suspended_at: Option<Option<Instant>>,
}

impl Tables {
    /// C4.
    pub(super) fn check_and_create_project(
        &mut self,
        organization: &str,
        project: &str,
        name: &str,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        if !self.organization_row(organization).multi_project {
            return Err(no_further_project());
        }
        ensure_absent(self.project(project).is_some(), "project")?;
        let visibility = Visibility::from(0);
        let new = NewProject { organization, is_default: false, allows_externals: false, visibility, suspended_at: None, name: Some(name) };
        self.insert_project(project, &new, origin.user).map_err(Error::from)
    }

    fn insert_project(&mut self, project: &str, new: &NewProject<'_>, creator: Option<&str>) -> Result<(), Full> {
        let project = self.add_project(project, new)?;
        if let Some(user) = creator {
            let user = self.intern_user(user)?;
            self.insert_collaborator(project, user, ProjectRole::STRONGEST, PeriodRow::default())?;
        }
        Ok(())
    }

    /// C16.
    pub(super) fn check_and_remove_project(&mut self, project: &str) -> Result<(), Error> {
        let project = self.ordinary_project(project)?;
        self.remove_project(project);
        Ok(())
    }

    /// What a project says of itself. An actor opens and closes it by changes with a permission of their own.
    pub(super) fn check_and_update_project(&mut self, project: &str, facts: &ProjectFacts<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        ensure_platform(origin, facts.suspended_at.is_some(), "suspended_at")?;
        ensure_platform(origin, facts.allow_external_collaborators.is_some(), "allow_external_collaborators")?;
        ensure_platform(origin, facts.visibility.is_some(), "visibility")?;
        let project = self.named_project(project)?;
        let visibility = facts.visibility.map(|visibility| self.named_visibility(visibility)).transpose()?;
        if let Some(name) = facts.name {
            self.rename_project(project, name)?;
        }
        if let Some(allows) = facts.allow_external_collaborators {
            self.set_allows_externals(project, allows);
        }
        if let Some(visibility) = visibility {
            self.set_visibility(project, visibility);
        }
        if let Some(suspended_at) = facts.suspended_at {
            self.suspend_project(project, suspended_at);
        }
        Ok(())
    }

    pub(super) fn check_and_set_visibility(&mut self, project: &str, visibility: &str) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let visibility = self.named_visibility(visibility)?;
        self.set_visibility(project, visibility);
        Ok(())
    }

    /// C17.
    pub(super) fn check_and_move_project(&mut self, project: &str, organization: &str) -> Result<(), Error> {
        let project = self.ordinary_project(project)?;
        let organization = self.named_organization(organization)?;
        if organization == self.project_row(project).organization {
            return Ok(());
        }
        if !self.organization_row(organization).multi_project {
            return Err(no_further_project());
        }
        self.move_project(project, organization);
        Ok(())
    }

    /// A project other than the default one.
    fn ordinary_project(&self, project: &str) -> Result<Project, Error> {
        let project = self.named_project(project)?;
        if self.is_default_project(project) {
            let message = "an organization always has its default project; make another one the default first";
            return Err(error(ErrorCode::DefaultProjectProtected, "project", message));
        }
        Ok(project)
    }

    fn named_visibility(&self, visibility: &str) -> Result<Visibility, Error> {
        let unknown =
            || error(ErrorCode::UnknownVisibility, "visibility", format_args!("the policy has no visibility {}", quoted(visibility)));
        self.policy().visibility(visibility).ok_or_else(unknown)
    }
}

fn no_further_project() -> Error {
    error(ErrorCode::MultiProjectDisabled, "organization", "`multi_project` is false: the default project is the only one")
}
