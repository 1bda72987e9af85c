//! Collaborators of projects, and users who come and go by themselves. C6 to C8, and C20.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{PeriodRow, Project, Tables, User};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::policy::ProjectRole;

use super::super::terms::Origin;
use super::lookup::{ensure_absent, ensure_found, error};

/// Who has a row in a project.
pub(super) enum Grantee<'c> {
    User(&'c str),
    Group(&'c str),
}

impl<'c> Grantee<'c> {
    /// INVARIANT: a change names exactly one of the two.
    pub(super) fn of(user: Option<&'c str>, group: Option<&'c str>) -> Self {
        group.map_or(Self::User(user.unwrap_or_default()), Self::Group)
    }
}

impl Tables {
    /// C6.
    pub(super) fn check_and_add_collaborator(
        &mut self,
        project: &str,
        user: &str,
        role: Option<&str>,
        expires_at: Option<Instant>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let known = self.user(user);
        let membership = known.and_then(|user| self.membership(user, self.project_row(project).organization, origin.at));
        let is_named = role.is_some();
        let role = match role {
            Some(role) => self.project_role(role)?,
            None => {
                let implies = self.project_row(project).implies_roles;
                let implied = membership.and_then(|role| self.policy().implied_role(role)).filter(|_| implies);
                implied.into_iter().fold(self.policy().collaborator_role(), Ord::min)
            }
        };
        self.ensure_own_project_role(origin, project, role, is_named)?;
        ensure_absent(known.is_some_and(|user| self.has_live_row(project, user, origin.at)), "user")?;
        if membership.is_none() && !self.project_row(project).allows_externals {
            let message = "the user is not a member of the organization, and the project does not allow external collaborators";
            return Err(error(ErrorCode::ExternalCollaboratorsDisabled, "user", message));
        }
        let user = self.intern_user(user)?;
        let period = PeriodRow { expires_at: expires_at.into(), ..PeriodRow::default() };
        self.insert_collaborator(project, user, role, period).map_err(Error::from)
    }

    /// Adds a row in place of one that has ended.
    pub(super) fn insert_collaborator(&mut self, project: Project, user: User, role: ProjectRole, period: PeriodRow) -> Result<(), Full> {
        self.remove_collaborator(project, user);
        self.add_collaborator(project, user, role, period).map(drop)
    }

    /// C7.
    pub(super) fn check_and_remove_collaborator(&mut self, project: &str, user: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let known = self.user(user);
        self.ensure_may_leave(project, known, origin.at)?;
        let user = self.live_collaborator(project, known, "user", origin.at)?;
        self.ensure_no_stronger_collaborator(origin, project, user)?;
        self.remove_collaborator(project, user);
        Ok(())
    }

    /// Fails for a member in the default project.
    fn ensure_may_leave(&self, project: Project, user: Option<User>, at: Instant) -> Result<(), Error> {
        let is_member = user.is_some_and(|user| self.membership(user, self.project_row(project).organization, at).is_some());
        if self.is_default_project(project) && is_member {
            let message = "every member has the default project; remove them from the organization instead";
            return Err(error(ErrorCode::DefaultProjectProtected, "project", message));
        }
        Ok(())
    }

    /// C8.
    pub(super) fn check_and_set_collaborator_role(
        &mut self,
        project: &str,
        user: &str,
        role: &str,
        expires_at: Option<Option<Instant>>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let user = self.live_collaborator(project, self.user(user), "user", origin.at)?;
        let role = self.project_role(role)?;
        self.ensure_own_project_role(origin, project, role, true)?;
        self.ensure_no_stronger_collaborator(origin, project, user)?;
        self.set_collaborator_role(project, user, role);
        expires_at.map_or(Ok(()), |expires_at| self.set_collaborator_end(project, user, expires_at)).map_err(Error::from)
    }

    fn live_collaborator(&self, project: Project, user: Option<User>, field: &str, at: Instant) -> Result<User, Error> {
        let message = "the user has no row in the project";
        user.filter(|user| self.has_live_row(project, *user, at)).ok_or_else(|| error(ErrorCode::NotFound, field, message))
    }

    /// C20: the visibility gives a role to the user's organization role, whatever else the user has.
    pub(super) fn check_and_join_project(&mut self, project: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let project = self.named_project(project)?;
        // INVARIANT: the actor is a user whose organization role may join.
        let user = ensure_found(self.acting_user(origin), "project")?;
        ensure_absent(self.has_live_row(project, user, origin.at), "project")?;
        let row = self.project_row(project);
        let membership = self.membership(user, row.organization, origin.at);
        let role = membership.and_then(|membership| self.policy().joining_role(row.visibility, membership));
        let role = ensure_found(role, "project")?;
        self.insert_collaborator(project, user, role, PeriodRow::default()).map_err(Error::from)
    }

    /// C20 and C7.
    pub(super) fn check_and_leave_project(&mut self, project: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let user = self.acting_user(origin);
        self.ensure_may_leave(project, user, origin.at)?;
        let user = self.live_collaborator(project, user, "project", origin.at)?;
        self.remove_collaborator(project, user);
        Ok(())
    }

    fn acting_user(&self, origin: &Origin<'_>) -> Option<User> {
        origin.user.and_then(|user| self.user(user))
    }
}
