//! Groups: who is in them, and their rows in projects. C21, and C6 to C8 for groups.

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{Group, PeriodRow, Project, Tables, User};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::ProjectRole;

use super::super::terms::Origin;
use super::lookup::{ensure_absent, ensure_found, error, not_a_member};

impl Tables {
    /// C21: without members.
    pub(super) fn check_and_add_group(&mut self, organization: &str, group: &str, name: Option<&str>) -> Result<(), Error> {
        let organization = self.named_organization(organization)?;
        ensure_absent(self.group(group).is_some(), "group")?;
        self.add_group(organization, group, name)?;
        Ok(())
    }

    /// C21.
    pub(super) fn check_and_remove_group(&mut self, group: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let group = self.named_group(group)?;
        if self.group_exceeds_own_role(origin, group) {
            return Err(stronger_group());
        }
        self.remove_group(group);
        Ok(())
    }

    /// C21: the new member gets what the rows of the group give.
    pub(super) fn check_and_add_group_member(
        &mut self,
        group: &str,
        user: &str,
        expires_at: Option<Instant>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let group = self.named_group(group)?;
        if self.group_exceeds_own_role(origin, group) {
            return Err(Error::new(ErrorCode::ExceedsOwnRole, &Path::Root, "the group has a role that is stronger than the actor's own"));
        }
        let organization = self.organization_of_group(group);
        let is_member = |user: &User| self.membership(*user, organization, origin.at).is_some();
        let user = self.user(user).filter(is_member).ok_or_else(not_a_member)?;
        ensure_absent(self.is_in_group(user, group, origin.at), "user")?;
        self.insert_group_member(group, user, expires_at).map_err(Error::from)
    }

    /// Adds a row in place of one that has ended.
    fn insert_group_member(&mut self, group: Group, user: User, expires_at: Option<Instant>) -> Result<(), Full> {
        self.remove_group_member(group, user);
        self.add_group_member(group, user, PeriodRow { expires_at: expires_at.into(), ..PeriodRow::default() }).map(drop)
    }

    /// C21.
    pub(super) fn check_and_remove_group_member(&mut self, group: &str, user: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let group = self.named_group(group)?;
        let user = ensure_found(self.user(user).filter(|user| self.is_in_group(*user, group, origin.at)), "user")?;
        for (project, _) in self.live_grants(group, origin.at) {
            self.ensure_no_stronger_collaborator(origin, project, user)?;
        }
        self.remove_group_member(group, user);
        Ok(())
    }

    fn named_group(&self, group: &str) -> Result<Group, Error> {
        ensure_found(self.group(group), "group")
    }

    // Rows of groups in projects.

    /// C6.
    pub(super) fn check_and_add_grant(
        &mut self,
        project: &str,
        group: &str,
        role: Option<&str>,
        expires_at: Option<Instant>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let organization = self.project_row(project).organization;
        let group = ensure_found(self.group(group).filter(|group| self.organization_of_group(*group) == organization), "group")?;
        let is_named = role.is_some();
        let role = role.map_or_else(|| Ok(self.policy().collaborator_role()), |role| self.project_role(role))?;
        self.ensure_own_project_role(origin, project, role, is_named)?;
        ensure_absent(self.group_role(project, group, origin.at).is_some(), "group")?;
        let period = PeriodRow { expires_at: expires_at.into(), ..PeriodRow::default() };
        self.insert_grant(project, group, role, period).map_err(Error::from)
    }

    /// Adds a row in place of one that has ended.
    fn insert_grant(&mut self, project: Project, group: Group, role: ProjectRole, period: PeriodRow) -> Result<(), Full> {
        self.remove_grant(project, group);
        self.add_grant(project, group, role, period).map(drop)
    }

    /// C7.
    pub(super) fn check_and_remove_grant(&mut self, project: &str, group: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let (group, held) = self.live_grant(project, group, origin.at)?;
        self.ensure_no_stronger_group(origin, project, held)?;
        self.remove_grant(project, group);
        Ok(())
    }

    /// C8.
    pub(super) fn check_and_set_grant_role(
        &mut self,
        project: &str,
        group: &str,
        role: &str,
        expires_at: Option<Option<Instant>>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let project = self.named_project(project)?;
        let (group, held) = self.live_grant(project, group, origin.at)?;
        let role = self.project_role(role)?;
        self.ensure_own_project_role(origin, project, role, true)?;
        self.ensure_no_stronger_group(origin, project, held)?;
        self.set_grant_role(project, group, role);
        expires_at.map_or(Ok(()), |expires_at| self.set_grant_end(project, group, expires_at)).map_err(Error::from)
    }

    /// A group with a row in the project, and its role there.
    fn live_grant(&self, project: Project, group: &str, at: Instant) -> Result<(Group, ProjectRole), Error> {
        let row = self.group(group).and_then(|group| Some((group, self.group_role(project, group, at)?)));
        ensure_found(row, "group")
    }

    fn ensure_no_stronger_group(&self, origin: &Origin<'_>, project: Project, held: ProjectRole) -> Result<(), Error> {
        if self.exceeds_own_project_role(origin, project, held) { Err(stronger_group()) } else { Ok(()) }
    }
}

fn stronger_group() -> Error {
    error(ErrorCode::ExceedsOwnRole, "group", "the group has a role that is stronger than the actor's own")
}
