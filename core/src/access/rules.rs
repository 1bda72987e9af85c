//! The rules of access for an admitted principal and an object that was found: A7 to A24.

use crate::catalogue::decision::{Caveats, Reason};
use crate::directory::{ApiKey, KeyKind, Organization, Project, Tables, User};
use crate::policy::{Action, Kind, ProjectRole, Support, Surface, Target};

use super::admission::Live;
use super::question::{Object, Principal};
use super::verdict::Role;

/// The result of a rule: small enough to be returned in registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub(super) reason: Reason,
    pub(super) role: Option<Role>,
}

impl From<Reason> for Finding {
    fn from(reason: Reason) -> Self {
        Self { reason, role: None }
    }
}

impl Tables {
    /// Whether a principal may do an action on an object.
    pub(crate) fn is_allowed(&self, principal: Live, action: Action, object: Object, surface: Option<Surface>) -> bool {
        self.decide_in_scope(principal, action, object, surface).reason.allows()
    }

    /// A7 and A8, then the rules of the action's target.
    pub(super) fn decide_in_scope(&self, principal: Live, action: Action, object: Object, surface: Option<Surface>) -> Finding {
        let principal = principal.principal();
        match (self.policy().target(action), object) {
            (Target::User, Object::User(user)) => decide_on_user(principal, user),
            (Target::Organization, Object::Organization(organization)) => self.decide_on_organization(principal, action, organization),
            (Target::Project, Object::Project(project)) => self.decide_in_project(principal, action, project),
            (Target::Kind(kind) | Target::NewOfKind(kind), Object::Project(project)) => {
                self.decide_on_kind(principal, action, kind, project, surface, None)
            }
            (Target::Kind(kind), Object::InProject(found)) if found.kind == kind => {
                self.decide_on_kind(principal, action, kind, found.project, surface, found.key())
            }
            _ => Reason::ActionNotApplicable.into(), // A7
        }
    }

    /// A10 to A17.
    fn decide_on_organization(&self, principal: Principal, action: Action, organization: Organization) -> Finding {
        let policy = self.policy();
        let Principal::User(user) = principal else {
            return Reason::KeyOutOfScope.into(); // A17
        };
        let Some(role) = self.membership(user, organization) else {
            return match self.external_standing(organization, user) {
                Some(true) if policy.external_has(action) => Reason::ExternalCollaborator, // A14
                Some(true) => Reason::ExternalNoOrganizationAccess,                        // A14
                Some(false) => Reason::ExternalCollaboratorsDisabled,                      // A15
                None => Reason::NotAMember,                                                // A16
            }
            .into();
        };
        let reason = if policy.owner_has(action) {
            let is_owner = self.organization_row(organization).owner == user;
            if is_owner { Reason::Owner } else { Reason::OwnerOnly } // A10, A11
        } else if policy.organization_role_has(role, action) {
            Reason::OrganizationRole // A12
        } else {
            Reason::RoleLacksPermission // A13
        };
        Finding { reason, role: Some(Role::Organization(role)) }
    }

    /// A8 and A24, then the rules of the project.
    fn decide_on_kind(
        &self,
        principal: Principal,
        action: Action,
        kind: Kind,
        project: Project,
        surface: Option<Surface>,
        key: Option<ApiKey>,
    ) -> Finding {
        let surface = surface.unwrap_or_else(|| self.default_surface(principal));
        if self.policy().support(kind, surface) == Support::NotApplicable {
            return Reason::SurfaceNotApplicable.into(); // A8
        }
        if key.is_some_and(|key| self.api_key_row(key).kind == KeyKind::OrganizationDefault) {
            let owner = self.organization_row(self.project_row(project).organization).owner;
            if principal != Principal::User(owner) {
                return Reason::OwnerOnly.into(); // A24
            }
        }
        self.decide_in_project(principal, action, project)
    }

    /// A19 to A23.
    fn decide_in_project(&self, principal: Principal, action: Action, project: Project) -> Finding {
        match principal {
            Principal::User(user) => self.decide_for_user(user, action, project),
            Principal::ApiKey(key) if self.api_key_row(key).project != project => Reason::KeyOutOfScope.into(), // A22
            Principal::ApiKey(_) if self.policy().api_key_has(action) => Reason::ApiKeyScope.into(),            // A23
            Principal::ApiKey(_) => Reason::KeyLacksPermission.into(),                                          // A23
        }
    }

    /// A19 to A21.
    fn decide_for_user(&self, user: User, action: Action, project: Project) -> Finding {
        let (role, source) = match self.effective_role(user, project) {
            Ok(effective) => effective,
            Err(reason) => return reason.into(),
        };
        let reason = if self.policy().project_role_has(role, action) { source } else { Reason::RoleLacksPermission };
        Finding { reason, role: Some(Role::Project(role)) }
    }

    /// A user's effective role in a project and its source, or the reason why there is none (A19 to A21).
    #[inline]
    pub(crate) fn effective_role(&self, user: User, project: Project) -> Result<(ProjectRole, Reason), Reason> {
        let policy = self.policy();
        let row = self.project_row(project);
        let explicit = self.collaborator_role(project, user);
        match (self.membership(user, row.organization), explicit) {
            (Some(member), explicit) => {
                // A19: a smaller number is a stronger role, and the first of two equal roles is kept.
                let mut strongest = explicit.map(|role| (role, Reason::ProjectRole));
                let mut weigh = |role: Option<ProjectRole>, source| {
                    if let Some(role) = role
                        && strongest.is_none_or(|(other, _)| role < other)
                    {
                        strongest = Some((role, source));
                    }
                };
                weigh(policy.implied_role(member), Reason::OrganizationRole);
                weigh(policy.default_project_role().filter(|_| row.is_default), Reason::DefaultProject);
                strongest.ok_or(Reason::NotACollaborator) // A19
            }
            (None, None) => Err(Reason::NotACollaborator), // A20
            (None, Some(_)) if !row.allows_externals => Err(Reason::ExternalCollaboratorsDisabled), // A21
            (None, Some(role)) => Ok((role, Reason::ExternalCollaborator)), // A21
        }
    }

    /// The caveats of an allowed action on a kind that the platform does not scope to projects.
    pub(super) fn caveats(&self, principal: Principal, action: Action, project: Option<Project>, surface: Option<Surface>) -> Caveats {
        let policy = self.policy();
        let (Target::Kind(kind) | Target::NewOfKind(kind), Some(project)) = (policy.target(action), project) else { return Caveats::NONE };
        if policy.support(kind, surface.unwrap_or_else(|| self.default_surface(principal))) == Support::Supported {
            return Caveats::NONE;
        }
        let is_external = match principal {
            Principal::User(user) => self.membership(user, self.project_row(project).organization).is_none(),
            Principal::ApiKey(key) => self.external_creator(key).is_some(),
        };
        match (is_external, self.is_default_project(project)) {
            (true, _) => Caveats::ELSEWHERE,
            (false, false) => Caveats::TO_DEFAULT,
            (false, true) => Caveats::HERE,
        }
    }

    /// The surface of a request that names none.
    pub(crate) fn default_surface(&self, principal: Principal) -> Surface {
        match principal {
            Principal::User(_) => self.policy().user_surface(),
            Principal::ApiKey(_) => self.policy().api_key_surface(),
        }
    }
}

/// A18.
fn decide_on_user(principal: Principal, user: User) -> Finding {
    let is_self = principal == Principal::User(user);
    if is_self { Reason::Myself.into() } else { Reason::NotSelf.into() }
}
