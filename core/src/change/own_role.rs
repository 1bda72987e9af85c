//! C24: an actor cannot grant a role that is stronger than their own, nor change a user whose role is stronger. The platform can do both.

use crate::access::Principal;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Group, Organization, Project, Tables, User};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::{OrganizationRole, ProjectRole};

use super::document::Change;
use super::terms::Origin;

impl Tables {
    /// Fails if an actor would grant an organization role that is stronger than their own. `is_named` says whether the change names the
    /// role.
    pub(super) fn ensure_own_organization_role(
        &self,
        origin: &Origin<'_>,
        organization: Organization,
        role: OrganizationRole,
        is_named: bool,
    ) -> Result<(), Error> {
        self.ensure_own(origin, role, is_named, |actor| self.own_organization_role(actor, organization, origin.at))
    }

    /// The same for a project role.
    pub(super) fn ensure_own_project_role(
        &self,
        origin: &Origin<'_>,
        project: Project,
        role: ProjectRole,
        is_named: bool,
    ) -> Result<(), Error> {
        self.ensure_own(origin, role, is_named, |actor| self.own_project_role(actor, project, origin.at))
    }

    /// Fails if an actor would change a member whose role is stronger than their own.
    pub(super) fn ensure_no_stronger_member(&self, origin: &Origin<'_>, organization: Organization, user: User) -> Result<(), Error> {
        let role = self.member_row(user, organization).map(|row| row.role);
        self.ensure_no_stronger(origin, user, role, |actor| self.own_organization_role(actor, organization, origin.at))
    }

    /// Fails if an actor would change a user whose strongest role in a project is stronger than their own. A row that has no effect now may
    /// have one later, so it counts.
    pub(super) fn ensure_no_stronger_collaborator(&self, origin: &Origin<'_>, project: Project, user: User) -> Result<(), Error> {
        let role = self.strongest_role(user, project, origin.at).or_else(|| self.role_of_row(project, user));
        self.ensure_no_stronger(origin, user, role, |actor| self.own_project_role(actor, project, origin.at))
    }

    /// Whether any row of a group that has not ended gives a role that is stronger than the actor's own in the project.
    pub(super) fn group_exceeds_own_role(&self, origin: &Origin<'_>, group: Group) -> bool {
        self.live_grants(group, origin.at).any(|(project, role)| self.exceeds_own_project_role(origin, project, role))
    }

    /// Whether a project role is stronger than the actor's own.
    pub(super) fn exceeds_own_project_role(&self, origin: &Origin<'_>, project: Project, role: ProjectRole) -> bool {
        self.exceeds_own(origin, role, |actor| self.own_project_role(actor, project, origin.at))
    }

    /// C22: an API key with limits of its own makes and alters no keys, which could have wider ones.
    pub(super) fn ensure_unlimited_key(&self, change: &Change<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        let is_about_keys = matches!(
            change,
            Change::CreateApiKey { .. }
                | Change::UpdateApiKey { .. }
                | Change::RevokeApiKey { .. }
                | Change::ExpireApiKey { .. }
                | Change::RemoveApiKey { .. }
                | Change::RegenerateDefaultKey { .. }
        );
        let Some(Principal::ApiKey(key)) = origin.actor.and_then(|actor| self.find_principal(actor)) else { return Ok(()) };
        let is_limited = self.limits(key).is_some_and(|limits| limits.scopes.is_some() || limits.acts_as.is_some());
        if is_about_keys && is_limited {
            return Err(Error::new(
                ErrorCode::ExceedsOwnRole,
                &Path::Root,
                "a key with scopes, or that acts as a user, makes and alters no keys",
            ));
        }
        Ok(())
    }

    /// An API key counts as having the weakest role.
    fn own_organization_role(&self, actor: Principal, organization: Organization, at: Instant) -> Option<OrganizationRole> {
        match actor {
            Principal::User(user) => self.membership(user, organization, at),
            Principal::ApiKey(_) => Some(self.policy().weakest_organization_role()),
        }
    }

    fn own_project_role(&self, actor: Principal, project: Project, at: Instant) -> Option<ProjectRole> {
        match actor {
            Principal::User(user) => self.effective_role(user, project, at),
            Principal::ApiKey(_) => Some(self.policy().weakest_project_role()),
        }
    }

    /// Whether a role is stronger than the actor's own. A smaller number is a stronger role. Nothing is for the platform.
    fn exceeds_own<R: Ord>(&self, origin: &Origin<'_>, role: R, own: impl FnOnce(Principal) -> Option<R>) -> bool {
        let own = |actor| self.find_principal(actor).and_then(own);
        origin.actor.is_some_and(|actor| own(actor).is_none_or(|own| own > role))
    }

    fn ensure_own<R: Ord>(
        &self,
        origin: &Origin<'_>,
        role: R,
        is_named: bool,
        own: impl FnOnce(Principal) -> Option<R>,
    ) -> Result<(), Error> {
        if !self.exceeds_own(origin, role, own) {
            return Ok(());
        }
        let place = Path::Root.field("role");
        let place = if is_named { &place } else { &Path::Root };
        Err(Error::new(ErrorCode::ExceedsOwnRole, place, "the role is stronger than the actor's own"))
    }

    fn ensure_no_stronger<R: Ord>(
        &self,
        origin: &Origin<'_>,
        user: User,
        role: Option<R>,
        own: impl FnOnce(Principal) -> Option<R>,
    ) -> Result<(), Error> {
        let actor = origin.actor.and_then(|actor| self.find_principal(actor));
        // A user may always remove themselves.
        if actor == Some(Principal::User(user)) || !role.is_some_and(|role| self.exceeds_own(origin, role, own)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::ExceedsOwnRole, &Path::Root.field("user"), "the user's role is stronger than the actor's own"))
    }
}
