//! Powers: what roles and visibilities allow at all in projects, on the default surface, while the user or the project is suspended or not.

use crate::policy::{Action, OrganizationRole, Policy, Roles, Support, Target, Visibility};

/// What a policy allows at all.
pub(super) struct Powers {
    /// By whether the user is suspended, and whether the project is.
    of_users: [[InProjects; 2]; 2],
    /// The actions on projects and kinds that API keys have.
    pub(super) of_keys: Vec<Action>,
    /// The actions on organizations, without those of owners.
    pub(super) on_organizations: Vec<Action>,
    pub(super) of_owners: Vec<Action>,
    /// The visibilities that give members with an organization role an action, whatever the surface.
    giving: Vec<(Visibility, OrganizationRole)>,
}

/// What users may do in projects.
pub(super) struct InProjects {
    /// The roles with which a member is allowed something.
    pub(super) roles: Roles,
    /// The roles with which an external collaborator is allowed something.
    pub(super) external_roles: Roles,
    /// The actions that a visibility gives to an organization role.
    visible: Vec<(Visibility, OrganizationRole, Vec<Action>)>,
}

impl InProjects {
    /// The actions that a visibility gives to members with an organization role.
    pub(super) fn visible(&self, visibility: Visibility, role: OrganizationRole) -> &[Action] {
        let found = self.visible.iter().find(|(of, to, _)| (*of, *to) == (visibility, role));
        found.map_or(&[], |(.., actions)| actions)
    }

    fn of(policy: &Policy, actions: &[Action]) -> Self {
        let with =
            |actions: &mut dyn Iterator<Item = &Action>| actions.fold(Roles::NONE, |roles, action| roles.or(policy.roles_with(*action)));
        let visible = pairs(policy).map(|(visibility, role)| {
            let given = actions.iter().copied().filter(|action| policy.visibility_gives(visibility, role, *action));
            (visibility, role, given.collect())
        });
        Self {
            roles: with(&mut actions.iter()),
            external_roles: with(&mut actions.iter().filter(|action| !policy.is_internal(**action))),
            visible: visible.collect(),
        }
    }
}

impl Powers {
    pub(super) fn of(policy: &Policy) -> Self {
        let all = || policy.actions().map(|(action, _)| action);
        let on_organizations = || all().filter(|action| policy.target(*action) == Target::Organization);
        let in_projects: Vec<_> = all().filter(|action| policy.is_in_projects(*action)).collect();
        let for_users = |is_user_suspended: bool, is_scope_suspended: bool| {
            let is_left = |action: &Action| {
                (!is_user_suspended || policy.is_left_to_suspended(*action))
                    && (!is_scope_suspended || policy.is_left_on_suspended(*action))
            };
            let actions: Vec<_> = in_projects.iter().copied().filter(is_left).filter(|action| policy.is_for_users(*action)).collect();
            InProjects::of(policy, &actions)
        };
        let gives = |(visibility, role): &(Visibility, OrganizationRole)| {
            in_projects.iter().any(|action| policy.visibility_gives(*visibility, *role, *action))
        };
        Self {
            of_users: [false, true].map(|user| [false, true].map(|scope| for_users(user, scope))),
            of_keys: in_projects.iter().copied().filter(|action| policy.api_key_has(*action)).collect(),
            on_organizations: on_organizations().filter(|action| !policy.owner_has(*action)).collect(),
            of_owners: on_organizations().filter(|action| policy.owner_has(*action)).collect(),
            giving: pairs(policy).filter(gives).collect(),
        }
    }

    pub(super) fn of_users(&self, is_user_suspended: bool, is_scope_suspended: bool) -> &InProjects {
        let [[neither, scope], [user, both]] = &self.of_users;
        match (is_user_suspended, is_scope_suspended) {
            (false, false) => neither,
            (false, true) => scope,
            (true, false) => user,
            (true, true) => both,
        }
    }

    /// Whether a visibility gives members with an organization role an action, on whatever surface.
    pub(super) fn gives(&self, visibility: Visibility, role: OrganizationRole) -> bool {
        self.giving.contains(&(visibility, role))
    }
}

fn pairs(policy: &Policy) -> impl Iterator<Item = (Visibility, OrganizationRole)> {
    policy.visibilities().flat_map(|visibility| policy.organization_roles().map(move |role| (visibility, role)))
}

impl Policy {
    /// Whether an action is one on projects or kinds.
    pub(crate) fn is_in_projects(&self, action: Action) -> bool {
        !matches!(self.target(action), Target::User | Target::Organization)
    }

    /// Whether an action is applicable on the surface of users (A8).
    fn is_for_users(&self, action: Action) -> bool {
        match self.target(action) {
            Target::Kind(kind) | Target::NewOfKind(kind) => self.support(kind, self.user_surface()) != Support::NotApplicable,
            _ => true,
        }
    }
}
