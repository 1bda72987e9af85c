//! Who has the actions of a policy, and which of its parts make no difference.

use serde::Serialize;

use crate::catalogue::change_type::{ChangeType, needs_verb};
use crate::policy::{Action, OrganizationRole, Policy, ProjectRole, Support, Target};

/// Roles of one sort that differ in nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SameRoles {
    /// The table of the policy: `organization_roles` or `project_roles`.
    pub table: &'static str,
    /// The roles, strongest first.
    pub roles: Vec<String>,
}

impl Policy {
    pub(super) fn actions_nobody_has(&self) -> Vec<String> {
        self.names_of_actions(|action| !self.somebody_has(action))
    }

    pub(super) fn verbs_only_keys_have(&self) -> Vec<String> {
        let is_of_kind = |action| matches!(self.target(action), Target::Kind(_) | Target::NewOfKind(_));
        self.names_of_actions(|action| is_of_kind(action) && self.api_key_has(action) && !self.a_user_has(action))
    }

    pub(super) fn kinds_nobody_can_create(&self) -> Vec<String> {
        let is_created =
            |kind| self.actions().any(|(action, _)| self.target(action) == Target::NewOfKind(kind) && self.somebody_has(action));
        sorted(self.kinds().filter(|(kind, _)| !is_created(*kind)).map(|(_, name)| name))
    }

    pub(super) fn changes_nobody_can_make(&self) -> Vec<String> {
        let has_verb = |verb: &str| {
            let of_kind = |name| self.action(&format!("{name}.{verb}")).filter(|action| self.is_in_projects(*action));
            self.kinds().filter_map(|(_, name)| of_kind(name)).any(|action| self.somebody_has(action))
        };
        let can_be_made = |word: &str| match self.action_for(word) {
            None => false,
            Some(verb) if needs_verb(word) == Some(true) => has_verb(verb),
            Some(action) => self.action(action).is_some_and(|action| self.somebody_has(action)),
        };
        let mut visibilities = self.visibilities();
        let can_join = visibilities.any(|visibility| self.organization_roles().any(|role| self.joining_role(visibility, role).is_some()));
        let join = (!can_join).then_some(ChangeType::JoinProject.as_str());
        sorted(ChangeType::permissions().filter(|word| !can_be_made(word)).chain(join))
    }

    pub(super) fn scopes_without_actions(&self) -> Vec<String> {
        let permits = |scope| self.actions().any(|(action, _)| self.api_key_has(action) && self.scope_has(scope, action));
        sorted(self.scopes().filter(|scope| !permits(*scope)).map(|scope| self.scope_name(scope)))
    }

    pub(super) fn roles_without_difference(&self) -> Vec<SameRoles> {
        let organization_roles = alike(self.organization_roles(), |one, other| self.is_same_organization_role(one, other));
        let project_roles = alike(self.project_roles(), |one, other| self.is_same_project_role(one, other));
        let of_organizations = organization_roles.into_iter().map(|roles| SameRoles {
            table: "organization_roles",
            roles: roles.into_iter().map(|role| self.organization_role_name(role).to_owned()).collect(),
        });
        let of_projects = project_roles.into_iter().map(|roles| SameRoles {
            table: "project_roles",
            roles: roles.into_iter().map(|role| self.project_role_name(role).to_owned()).collect(),
        });
        of_organizations.chain(of_projects).collect()
    }

    fn is_same_project_role(&self, one: ProjectRole, other: ProjectRole) -> bool {
        self.actions().all(|(action, _)| self.project_role_has(one, action) == self.project_role_has(other, action))
    }

    fn is_same_organization_role(&self, one: OrganizationRole, other: OrganizationRole) -> bool {
        let gives_same = |visibility| {
            let gives = |role, action| self.visibility_gives(visibility, role, action);
            self.joining_role(visibility, one) == self.joining_role(visibility, other)
                && self.actions().all(|(action, _)| gives(one, action) == gives(other, action))
        };
        self.implied_role(one) == self.implied_role(other)
            && self.default_project_role(one) == self.default_project_role(other)
            && self.actions().all(|(action, _)| self.organization_role_has(one, action) == self.organization_role_has(other, action))
            && self.visibilities().all(gives_same)
    }

    fn somebody_has(&self, action: Action) -> bool {
        self.is_on_a_surface(action) && (self.api_key_has(action) || self.a_user_has(action))
    }

    /// Whether a user has an action: by a role, as the owner or an external collaborator, by a visibility, or about themselves.
    fn a_user_has(&self, action: Action) -> bool {
        match self.target(action) {
            Target::User => true,
            // What owners have, nobody else has.
            Target::Organization => {
                let has = |role| self.organization_role_has(role, action);
                self.owner_has(action) || self.external_has(action) || self.organization_roles().any(has)
            }
            _ => {
                let gives = |visibility| self.organization_roles().any(|role| self.visibility_gives(visibility, role, action));
                !self.roles_with(action).is_empty() || self.visibilities().any(gives)
            }
        }
    }

    /// Whether the kind of an action exists on any surface (A8).
    fn is_on_a_surface(&self, action: Action) -> bool {
        match self.target(action) {
            Target::Kind(kind) | Target::NewOfKind(kind) => {
                self.surfaces().any(|surface| self.support(kind, surface) != Support::NotApplicable)
            }
            _ => true,
        }
    }

    fn names_of_actions(&self, is_wanted: impl Fn(Action) -> bool) -> Vec<String> {
        sorted(self.actions().filter(|(action, _)| is_wanted(*action)).map(|(_, name)| name))
    }
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<_> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

/// Groups of at least two that are alike.
fn alike<R: Copy>(roles: impl Iterator<Item = R>, is_same: impl Fn(R, R) -> bool) -> Vec<Vec<R>> {
    let mut groups: Vec<Vec<R>> = Vec::new();
    for role in roles {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_same(*first, role))) {
            Some(group) => group.push(role),
            None => groups.push(vec![role]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}
