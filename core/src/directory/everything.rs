//! Everything of one sort: for insight, which looks at all principals and organizations.

use crate::collections::table::Table;
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

    /// How many projects have an index.
    pub(crate) fn project_count(&self) -> usize {
        self.project_rows.len()
    }

    /// The rows of users in projects that have not ended, by user: all of them in two passes over the table. To look up those of one user
    /// after the other would wait for memory at each.
    pub(crate) fn live_rows_by_user(&self, at: Instant) -> RowsByUser {
        let live = || self.collaborators.iter().filter(|row| !self.has_ended(row.period, at));
        let (mut begins, mut end) = (Table::of_same(0_u32, self.user_rows.len()), 0_u32);
        for row in live() {
            begins[row.user] = begins[row.user].saturating_add(1);
        }
        for begin in begins.rows_mut() {
            end = end.saturating_add(*begin);
            *begin = end;
        }
        // Until a row is put in its place, another one is there. Rows are put in from behind: so each end becomes a begin.
        let mut rows = live().next().map(|row| vec![(row.project, row.role); end as usize]).unwrap_or_default();
        for row in live() {
            let begin = begins[row.user].saturating_sub(1);
            begins[row.user] = begin;
            if let Some(place) = rows.get_mut(begin as usize) {
                *place = (row.project, row.role);
            }
        }
        RowsByUser { begins, rows }
    }

    /// A user of other tables by the same id. Directories that come from each other mostly have the same indices.
    pub(crate) fn user_like(&self, other: &Self, user: User) -> Option<User> {
        let id = other.user_id(user);
        let is_it = self.user_rows.find(user).is_some_and(|row| row.is_known()) && self.user_id(user) == id;
        if is_it { Some(user) } else { self.user(id) }
    }

    /// The groups of an organization in which a user has a row that has not ended, sorted by index.
    pub(crate) fn live_groups_of(&self, user: User, organization: Organization, at: Instant) -> Vec<Group> {
        let rows = self.user_rows[user].extra.iter().flat_map(|extra| &extra.groups);
        let live = rows.filter(|row| self.group_rows[row.group].organization == organization && !self.has_ended(row.period, at));
        live.map(|row| row.group).collect()
    }
}

/// The rows of users in projects, by user.
pub(crate) struct RowsByUser {
    /// The place of the first row of each user.
    begins: Table<User, u32>,
    rows: Vec<(Project, ProjectRole)>,
}

impl RowsByUser {
    pub(crate) fn of(&self, user: User) -> &[(Project, ProjectRole)] {
        let place = |user: u32| self.begins.find(User::from(user)).map_or(self.rows.len(), |begin| *begin as usize);
        let user = u32::from(user);
        self.rows.get(place(user)..place(user.saturating_add(1))).unwrap_or_default()
    }
}
