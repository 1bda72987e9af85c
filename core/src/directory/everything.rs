//! Everything of one sort: for insight, which looks at all principals and organizations.

use crate::input::instant::Instant;
use crate::policy::ProjectRole;

use super::indices::{ApiKey, Group, Organization, Project, User};
use super::tables::Tables;

impl Tables {
    /// All users that are known (A3), in no particular order.
    pub(crate) fn all_users(&self) -> impl Iterator<Item = User> {
        self.user_rows.iter().filter(|(_, row)| row.is_known()).map(|(user, _)| user)
    }

    /// All API keys, by organization, project and id.
    pub(crate) fn all_api_keys(&self) -> impl Iterator<Item = ApiKey> {
        self.all_projects().flat_map(|project| &self.project_contents[project].api_keys).copied()
    }

    /// All organizations, sorted by id.
    pub(crate) fn all_organizations(&self) -> impl Iterator<Item = Organization> {
        self.organization_list.iter().copied()
    }

    /// The projects in which a user has a row that has not ended, and the role of each.
    pub(crate) fn live_rows_of(&self, user: User, at: Instant) -> impl Iterator<Item = (Project, ProjectRole)> {
        let row = move |project: Project| self.collaborator(project, user);
        let first = self.user_rows[user].last_project.get().and_then(row);
        let rows = std::iter::successors(first, move |later| later.earlier_project.get().and_then(row));
        rows.filter(move |row| !self.has_ended(row.period, at)).map(|row| (row.project, row.role))
    }

    /// The groups of an organization in which a user has a row that has not ended, sorted by index.
    pub(crate) fn live_groups_of(&self, user: User, organization: Organization, at: Instant) -> Vec<Group> {
        let rows = self.user_rows[user].extra.iter().flat_map(|extra| &extra.groups);
        let live = rows.filter(|row| self.group_rows[row.group].organization == organization && !self.has_ended(row.period, at));
        live.map(|row| row.group).collect()
    }
}
