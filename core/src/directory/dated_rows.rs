//! Rows with their dates, whether they have ended or not: what reviews and findings tell.

use crate::input::instant::Instant;
use crate::policy::ProjectRole;

use super::indices::{ApiKey, Group, Organization, Period, Project, User};
use super::rows::PeriodRow;
use super::tables::Tables;
use crate::collections::table::Maybe;

impl PeriodRow {
    /// Whether a row has ended.
    pub(crate) fn has_ended(self, at: Instant) -> bool {
        self.expires_at.get().is_some_and(|end| end <= at)
    }

    /// The period in which two rows count that only count together. It begins at a known instant if both do.
    pub(crate) fn with(self, other: Self) -> Self {
        let added_at = self.added_at.get().zip(other.added_at.get()).map(|(one, two)| one.max(two));
        let ends = self.expires_at.get().into_iter().chain(other.expires_at.get());
        Self { added_at: added_at.into(), expires_at: ends.min().into() }
    }
}

impl Tables {
    fn dates(&self, period: Maybe<Period>) -> PeriodRow {
        period.get().map(|period| self.periods[period]).unwrap_or_default()
    }

    /// All organizations, sorted by id.
    pub(crate) fn organizations_by_id(&self) -> &[Organization] {
        &self.organization_list
    }

    /// The dates of a member row. The row has to be there.
    pub(crate) fn member_dates(&self, user: User, organization: Organization) -> PeriodRow {
        self.member_row(user, organization).map(|row| self.dates(row.period)).unwrap_or_default()
    }

    /// The user's own row in a project.
    pub(crate) fn own_row(&self, project: Project, user: User) -> Option<(ProjectRole, PeriodRow)> {
        self.collaborator(project, user).map(|row| (row.role, self.dates(row.period)))
    }

    /// The row of a group in a project.
    pub(crate) fn grant_row(&self, project: Project, group: Group) -> Option<(ProjectRole, PeriodRow)> {
        self.grant(project, group).map(|row| (row.role, self.dates(row.period)))
    }

    /// The dates of a user's row in a group. The row has to be there.
    pub(crate) fn group_member_dates(&self, group: Group, user: User) -> PeriodRow {
        self.dates(self.group_period(group, user))
    }

    /// The groups that have a user and a row in a project, sorted by id, whether these rows have ended or not.
    pub(crate) fn groups_between(&self, user: User, project: Project) -> Vec<Group> {
        let Some(extra) = &self.user_rows[user].extra else { return Vec::new() };
        let of_project = &self.project_contents[project].groups;
        if of_project.len() < extra.groups.len() {
            return of_project.iter().copied().filter(|group| extra.place_in_group(*group).is_ok()).collect();
        }
        let own = extra.groups.iter().map(|row| row.group);
        let mut groups: Vec<_> = own.filter(|group| self.grant(project, *group).is_some()).collect();
        self.groups.sort(&mut groups);
        groups
    }

    pub(crate) fn creation_of_key(&self, key: ApiKey) -> Option<Instant> {
        self.api_key_facts[key].created_at
    }
}
