//! The rules of access for an admitted principal and an object that was found: A7 to A30.

use crate::catalogue::decision::{Caveats, Reason};
use crate::catalogue::rule::Rule;
use crate::directory::{ApiKey, KeyKind, Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{Action, Support, Surface, Target};

use super::admission::Live;
use super::finding::{Finding, Role};
use super::question::{Object, Principal};

impl Tables {
    /// Whether a principal may do an action on an object.
    pub(crate) fn is_allowed(&self, principal: Live, action: Action, object: Object, surface: Option<Surface>) -> bool {
        self.decide_in_scope(principal, action, object, surface).ground.allows()
    }

    /// All actions that a principal may do on an object.
    pub(crate) fn allowed_actions(&self, principal: Live, object: Object, surface: Option<Surface>) -> impl Iterator<Item = Action> {
        let is_allowed = move |action: &Action| self.is_allowed(principal, *action, object, surface);
        self.policy().actions().map(|(action, _)| action).filter(is_allowed)
    }

    /// A7 and A8, A25 and A26, then the rules of the object.
    pub(super) fn decide_in_scope(&self, live: Live, action: Action, object: Object, surface: Option<Surface>) -> Finding {
        let policy = self.policy();
        let kind = match (policy.target(action), object) {
            (Target::User, Object::User(_)) | (Target::Organization, Object::Organization(_)) | (Target::Project, Object::Project(_)) => {
                None
            }
            (Target::Kind(kind) | Target::NewOfKind(kind), Object::Project(_)) => Some(kind),
            (Target::Kind(kind), Object::InProject(found)) if found.kind == kind => Some(kind),
            _ => return Rule::A7.says(Reason::ActionNotApplicable).into(),
        };
        let (principal, at) = (live.principal(), live.at());
        if let Some(kind) = kind {
            let surface = surface.unwrap_or_else(|| self.default_surface(principal));
            if policy.support(kind, surface) == Support::NotApplicable {
                return Rule::A8.says(Reason::SurfaceNotApplicable).into();
            }
        }
        if let Some(ground) = self.suspended(live, action, object) {
            return ground.into(); // A25, A26
        }
        let project = match object {
            Object::User(user) => return decide_on_user(principal, user),
            Object::Organization(organization) => return self.decide_on_organization(principal, action, organization, at),
            Object::Project(project) => project,
            Object::InProject(found) => {
                if found.key().is_some_and(|key| self.is_reserved_for_owner(key, principal)) {
                    return Rule::A24.says(Reason::OwnerOnly).into();
                }
                found.project
            }
        };
        match principal {
            Principal::User(user) => self.decide_for_user(user, action, project, at),
            Principal::ApiKey(key) => self.decide_for_key(key, action, project, at),
        }
    }

    /// A10 to A17.
    fn decide_on_organization(&self, principal: Principal, action: Action, organization: Organization, at: Instant) -> Finding {
        match principal {
            Principal::User(user) => self.decide_for_user_on_organization(user, action, organization, at),
            Principal::ApiKey(key) => self.decide_for_key_on_organization(key, action, organization, at),
        }
    }

    /// A10 to A16.
    pub(super) fn decide_for_user_on_organization(&self, user: User, action: Action, organization: Organization, at: Instant) -> Finding {
        let policy = self.policy();
        let Some(role) = self.membership(user, organization, at) else {
            let standing = if self.has_left(user, organization, at) { None } else { self.external_standing(organization, user, at) };
            return match standing {
                Some(true) if policy.external_has(action) => Rule::A14.says(Reason::ExternalCollaborator),
                Some(true) => Rule::A14.says(Reason::ExternalNoOrganizationAccess),
                Some(false) => Rule::A15.says(Reason::ExternalCollaboratorsDisabled),
                None => Rule::A16.says(Reason::NotAMember),
            }
            .into();
        };
        let ground = if policy.owner_has(action) {
            let is_owner = self.organization_row(organization).owner == user;
            if is_owner { Rule::A10.says(Reason::Owner) } else { Rule::A11.says(Reason::OwnerOnly) }
        } else if policy.organization_role_has(role, action) {
            Rule::A12.says(Reason::OrganizationRole)
        } else {
            Rule::A13.says(Reason::RoleLacksPermission)
        };
        ground.with(Role::Organization(role))
    }

    /// A24: whether a key is an organization default key that only the owner has access to, and somebody else asks.
    fn is_reserved_for_owner(&self, key: ApiKey, principal: Principal) -> bool {
        let row = self.api_key_row(key);
        row.kind == KeyKind::OrganizationDefault
            && self.policy().is_default_key_owner_only()
            && principal != Principal::User(self.organization_row(self.project_row(row.project).organization).owner)
    }

    /// The caveats of an allowed action on a kind that the platform does not scope to projects.
    pub(super) fn caveats(&self, live: Live, action: Action, project: Option<Project>, surface: Option<Surface>) -> Caveats {
        let policy = self.policy();
        let (principal, at) = (live.principal(), live.at());
        let (Target::Kind(kind) | Target::NewOfKind(kind), Some(project)) = (policy.target(action), project) else { return Caveats::NONE };
        if policy.support(kind, surface.unwrap_or_else(|| self.default_surface(principal))) == Support::Supported {
            return Caveats::NONE;
        }
        let is_external = match principal {
            Principal::User(user) => self.membership(user, self.project_row(project).organization, at).is_none(),
            Principal::ApiKey(key) => self.external_maker(key, project, at).is_some(),
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
    Rule::A18.says(if is_self { Reason::Myself } else { Reason::NotSelf }).into()
}
