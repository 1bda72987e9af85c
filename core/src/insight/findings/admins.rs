//! Admins: who has the strongest project role. They are found without asking every member about every project.

use crate::directory::{Group, Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, ProjectRole};

/// Who could be an admin of projects in one organization: nobody who is suspended.
pub(super) struct Admins<'t> {
    tables: &'t Tables,
    at: Instant,
    members: Vec<(OrganizationRole, Vec<User>)>,
    /// The members of groups that have been asked about.
    groups: Vec<(Group, Vec<User>)>,
}

impl<'t> Admins<'t> {
    pub(super) fn of(tables: &'t Tables, organization: Organization, at: Instant) -> Self {
        let mut members = tables.members_by_role(organization, at);
        for (_, users) in &mut members {
            users.retain(|user| !tables.is_user_suspended(*user, Some(organization), at));
        }
        Self { tables, at, members, groups: Vec::new() }
    }

    /// Whether anybody has the strongest role in a project and is not suspended. Whoever has it by a source mostly is an admin, so the first of
    /// many mostly is the last that is asked about.
    pub(super) fn are_in(&mut self, project: Project) -> bool {
        let Self { tables, at, .. } = *self;
        let (policy, row) = (tables.policy(), tables.project_row(project));
        let strongest = Some(ProjectRole::STRONGEST);
        let is_admin = |user: &User| tables.is_project_admin(*user, project, at);
        let by_membership = self.members.iter().filter(|(role, _)| {
            (row.implies_roles && policy.implied_role(*role) == strongest)
                || (row.is_default && policy.default_project_role(*role) == strongest)
        });
        let mut by_own_row = tables.project_contents(project).collaborators.iter();
        if is_admin(&tables.owner_of(project))
            || by_own_row.any(|user| tables.collaborator_role(project, *user, at) == strongest && is_admin(user))
            || by_membership.flat_map(|(_, users)| users).any(is_admin)
        {
            return true;
        }
        let groups = tables.groups_in(project).iter().filter(|group| tables.group_role(project, **group, at) == strongest);
        groups.copied().any(|group| self.members_of(group).iter().any(is_admin))
    }

    fn members_of(&mut self, group: Group) -> &[User] {
        let Self { tables, at, groups, .. } = self;
        let place = groups.binary_search_by_key(&group, |(other, _)| *other).unwrap_or_else(|place| {
            let organization = tables.organization_of_group(group);
            let acts = |user: &User| tables.is_in_group(*user, group, *at) && !tables.is_user_suspended(*user, Some(organization), *at);
            groups.insert(place, (group, tables.members_of_group(group).iter().copied().filter(acts).collect()));
            place
        });
        groups.get(place).map_or(&[], |(_, users)| users)
    }
}
