//! Standing: the roles of a user in a project, and how they combine (A19 to A21, A28).

use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::directory::{Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{Action, OrganizationRole, ProjectRole, RoleCombination, Roles};

use super::finding::{Finding, Ground, Role};

/// The roles of a member in a project by their source: the user's own row, the rows of the user's groups, the role that the organization
/// role implies, and the automatic role in the default project.
#[derive(Clone, Copy, Debug)]
struct Sources([Roles; 4]);

impl Sources {
    #[inline]
    fn all(self) -> Roles {
        let [own, groups, implied, automatic] = self.0;
        own.or(groups).or(implied).or(automatic)
    }

    /// The role that counts alone; with `union`, the strongest.
    #[inline(always)]
    fn counting(self, combination: RoleCombination) -> Option<ProjectRole> {
        match combination {
            RoleCombination::Strongest | RoleCombination::Union => self.all().strongest(),
            RoleCombination::MostSpecific => self.0.into_iter().find(|roles| !roles.is_empty()).and_then(Roles::strongest),
        }
    }

    /// The roles of each source that count.
    #[cfg(feature = "insight")]
    fn that_count(self, combination: RoleCombination) -> [Roles; 4] {
        let counting = Roles::of(self.counting(combination));
        match combination {
            RoleCombination::Strongest => self.0.map(|roles| roles.and(counting)),
            RoleCombination::Union => self.0,
            RoleCombination::MostSpecific => {
                let first = self.0.iter().position(|roles| !roles.is_empty());
                std::array::from_fn(|source| if first == Some(source) { counting } else { Roles::NONE })
            }
        }
    }

    /// A19 for an action that these roles have. `None` if the member has no role.
    #[inline(always)]
    fn decide(self, combination: RoleCombination, with_action: Roles) -> Option<Finding> {
        let having = self.all().and(with_action);
        let role = match combination {
            RoleCombination::Union if !having.is_empty() => having.strongest(),
            _ => self.counting(combination),
        }?;
        let reason = if with_action.contains(role) { self.source_of(role) } else { Reason::RoleLacksPermission };
        Some(Rule::A19.says(reason).with(Role::Project(role)))
    }

    /// The first source that gives a role that one of them gives.
    #[inline(always)]
    fn source_of(self, role: ProjectRole) -> Reason {
        let [own, groups, implied, _] = self.0;
        if own.contains(role) {
            Reason::ProjectRole
        } else if groups.contains(role) {
            Reason::GroupRole
        } else if implied.contains(role) {
            Reason::OrganizationRole
        } else {
            Reason::DefaultProject
        }
    }
}

impl Tables {
    // Returned in registers only if it is inlined.
    #[inline(always)]
    fn sources(&self, user: User, member: OrganizationRole, project: Project, at: Instant) -> Sources {
        let policy = self.policy();
        let row = self.project_row(project);
        let own = Roles::of(self.collaborator_role(project, user, at));
        let groups = if row.has_groups { self.group_roles(project, user, at) } else { Roles::NONE };
        let implied = Roles::of(policy.implied_role(member).filter(|_| row.implies_roles));
        let automatic = Roles::of(policy.default_project_role(member).filter(|_| row.is_default));
        Sources([own, groups, implied, automatic])
    }

    /// A19 to A21 and A28.
    #[inline]
    pub(super) fn decide_for_user(&self, user: User, action: Action, project: Project, at: Instant) -> Finding {
        let policy = self.policy();
        let row = self.project_row(project);
        let Some(member) = self.membership(user, row.organization, at) else {
            return self.decide_for_outsider(user, action, project, at);
        };
        let found = self.sources(user, member, project, at).decide(policy.role_combination(), policy.roles_with(action));
        let finding = found.unwrap_or(Rule::A19.says(Reason::NotACollaborator).into());
        if !finding.ground.allows() && policy.visibility_gives(row.visibility, member, action) {
            return Rule::A28.says(Reason::ProjectVisibility).with(Role::Organization(member));
        }
        finding
    }

    /// A20 and A21.
    #[inline]
    fn decide_for_outsider(&self, user: User, action: Action, project: Project, at: Instant) -> Finding {
        let role = match self.role_of_outsider(user, project, at) {
            Ok(role) => role,
            Err(ground) => return ground.into(),
        };
        let policy = self.policy();
        let reason = if !policy.project_role_has(role, action) {
            Reason::RoleLacksPermission
        } else if policy.is_internal(action) {
            Reason::NotForExternals
        } else {
            Reason::ExternalCollaborator
        };
        Rule::A21.says(reason).with(Role::Project(role))
    }

    /// The role of somebody who is no member, or the reason why there is none (A20, A21).
    #[inline]
    fn role_of_outsider(&self, user: User, project: Project, at: Instant) -> Result<ProjectRole, Ground> {
        let row = self.project_row(project);
        match self.collaborator_role(project, user, at) {
            None => Err(Rule::A20.says(Reason::NotACollaborator)),
            Some(_) if self.has_left(user, row.organization, at) => Err(Rule::A20.says(Reason::NotACollaborator)), // A27
            Some(_) if !row.allows_externals => Err(Rule::A21.says(Reason::ExternalCollaboratorsDisabled)),
            Some(role) => Ok(role),
        }
    }

    /// The strongest role of a user in a project, however roles combine.
    pub(crate) fn strongest_role(&self, user: User, project: Project, at: Instant) -> Option<ProjectRole> {
        match self.membership(user, self.project_row(project).organization, at) {
            Some(member) => self.sources(user, member, project, at).all().strongest(),
            None => self.role_of_outsider(user, project, at).ok(),
        }
    }

    /// All roles of a member in a project, whatever their source.
    #[cfg(feature = "insight")]
    pub(crate) fn roles_in(&self, user: User, project: Project, at: Instant) -> Roles {
        let member = self.membership(user, self.project_row(project).organization, at);
        member.map_or(Roles::NONE, |member| self.sources(user, member, project, at).all())
    }

    /// The roles of a member that count in a project (A19), by their source: a row of one's own, groups, the organization role, and the automatic
    /// role.
    #[cfg(feature = "insight")]
    pub(crate) fn counting_roles(&self, user: User, member: OrganizationRole, project: Project, at: Instant) -> [Roles; 4] {
        self.sources(user, member, project, at).that_count(self.policy().role_combination())
    }

    /// The role of a user that counts in a project (A19 to A21); with `union`, the strongest.
    #[inline]
    pub(crate) fn effective_role(&self, user: User, project: Project, at: Instant) -> Option<ProjectRole> {
        match self.membership(user, self.project_row(project).organization, at) {
            Some(member) => self.sources(user, member, project, at).counting(self.policy().role_combination()),
            None => self.role_of_outsider(user, project, at).ok(),
        }
    }
}
