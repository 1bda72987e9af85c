//! Suspensions of organizations, projects, members and users. C19.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Organization, Project, Tables, User};
use crate::input::error::Error;
use crate::input::instant::Instant;

use super::super::terms::Origin;
use super::lookup::error;

/// What can be suspended.
#[derive(Clone, Copy)]
pub(super) enum Suspendable {
    Organization(Organization),
    Project(Project),
    Member(Organization, User),
    User(User),
}

impl Suspendable {
    /// The field of a change that names it.
    const fn field(self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Project(_) => "project",
            Self::Member(..) | Self::User(_) => "user",
        }
    }
}

impl Tables {
    /// What a change names.
    pub(super) fn suspendable(
        &self,
        organization: Option<&str>,
        project: Option<&str>,
        user: Option<&str>,
        origin: &Origin<'_>,
    ) -> Result<Suspendable, Error> {
        match (organization, project, user) {
            (Some(organization), _, Some(user)) => {
                let (organization, user) = self.ordinary_member(organization, user, origin.at)?;
                self.ensure_no_stronger_member(origin, organization, user)?;
                Ok(Suspendable::Member(organization, user))
            }
            (Some(organization), ..) => self.named_organization(organization).map(Suspendable::Organization),
            (None, Some(project), _) => self.named_project(project).map(Suspendable::Project),
            // INVARIANT: a change names one of the three.
            (None, None, user) => self.named_user(user.unwrap_or_default()).map(Suspendable::User),
        }
    }

    /// Suspends from now on, also what is to be suspended later.
    pub(super) fn suspend(&mut self, subject: Suspendable, at: Instant) -> Result<(), Error> {
        if self.is_suspended(subject, at) {
            return Err(error(ErrorCode::AlreadyExists, subject.field(), "it is suspended already"));
        }
        self.set_suspension(subject, Some(at));
        Ok(())
    }

    /// Ends a suspension. What is to be suspended later is not suspended.
    pub(super) fn resume(&mut self, subject: Suspendable, at: Instant) -> Result<(), Error> {
        if !self.is_suspended(subject, at) {
            return Err(error(ErrorCode::NotFound, subject.field(), "it is not suspended"));
        }
        self.set_suspension(subject, None);
        Ok(())
    }

    fn is_suspended(&self, subject: Suspendable, at: Instant) -> bool {
        let suspended_at = match subject {
            Suspendable::Organization(organization) => self.organization_row(organization).suspended_at,
            Suspendable::Project(project) => self.project_contents(project).suspended_at,
            Suspendable::Member(organization, user) => self.member_row(user, organization).and_then(|row| row.suspended_at),
            Suspendable::User(user) => self.suspension_of_user(user),
        };
        suspended_at.is_some_and(|suspended_at| suspended_at <= at)
    }

    fn set_suspension(&mut self, subject: Suspendable, suspended_at: Option<Instant>) {
        match subject {
            Suspendable::Organization(organization) => self.suspend_organization(organization, suspended_at),
            Suspendable::Project(project) => self.suspend_project(project, suspended_at),
            Suspendable::Member(organization, user) => self.suspend_member(organization, user, suspended_at),
            Suspendable::User(user) => self.change_user_suspension(user, suspended_at),
        }
    }
}
