//! Lists of organizations and projects, sorted by id, so that a listing only walks them.

use crate::collections::order;

use super::indices::{Group, Organization, Project, Resource};
use super::tables::Tables;

impl Tables {
    pub(crate) fn sort_last_group(&mut self, organization: Organization) {
        let Self { groups, organization_rows, .. } = self;
        sort_last(&mut organization_rows[organization].groups, |group| groups.name(*group));
    }

    pub(crate) fn sort_last_wide_key(&mut self, organization: Organization) {
        let Self { api_keys, organization_rows, .. } = self;
        sort_last(&mut organization_rows[organization].wide_keys, |key| api_keys.name(*key));
    }

    pub(crate) fn sort_last_group_member(&mut self, group: Group) {
        let Self { users, group_rows, .. } = self;
        sort_last(&mut group_rows[group].members, |user| users.name(*user));
    }

    pub(crate) fn sort_last_grant(&mut self, project: Project) {
        let Self { groups, project_contents, .. } = self;
        sort_last(&mut project_contents[project].groups, |group| groups.name(*group));
    }

    pub(crate) fn sort_last_member(&mut self, organization: Organization) {
        let Self { users, organization_rows, .. } = self;
        sort_last(&mut organization_rows[organization].members, |user| users.name(*user));
    }

    pub(crate) fn sort_last_project(&mut self, organization: Organization) {
        let Self { projects, organization_rows, .. } = self;
        sort_last(&mut organization_rows[organization].projects, |project| projects.name(*project));
    }

    pub(crate) fn sort_last_collaborator(&mut self, project: Project) {
        let Self { users, project_contents, .. } = self;
        sort_last(&mut project_contents[project].collaborators, |user| users.name(*user));
    }

    pub(crate) fn sort_last_api_key(&mut self, project: Project) {
        let Self { api_keys, project_contents, .. } = self;
        sort_last(&mut project_contents[project].api_keys, |key| api_keys.name(*key));
    }

    pub(crate) fn insert_resource(&mut self, resource: Resource) {
        self.append_resource(resource);
        self.sort_last_resource(self.resource_rows[resource].project);
    }

    pub(crate) fn sort_last_resource(&mut self, project: Project) {
        let Self { policy, resources, resource_rows, project_contents, .. } = self;
        sort_last(&mut project_contents[project].resources, |resource| {
            (policy.kind_rank(resource_rows[*resource].kind), resources.name(*resource))
        });
    }

    pub(crate) fn sort_last_organization(&mut self) {
        let Self { organizations, organization_list, .. } = self;
        sort_last(organization_list, |organization| organizations.name(*organization));
    }

    /// Sorts all lists after loading. A list that is already sorted costs one comparison per entry.
    pub(crate) fn sort_lists(&mut self) {
        self.listed = self.listed_users();
        self.organizations.sort(&mut self.organization_list);
        (0..self.organization_rows.len()).filter_map(index).for_each(|organization| self.sort_lists_of(organization));
        (0..self.group_rows.len()).filter_map(index).for_each(|group| self.sort_members_of(group));
        (0..self.project_rows.len()).filter_map(index).for_each(|project| self.sort_contents_of(project));
    }

    /// Sorts the lists of an organization, but not those of its groups and projects.
    pub(super) fn sort_lists_of(&mut self, organization: Organization) {
        let Self { users, groups, projects, api_keys, organization_rows, .. } = self;
        let row = &mut organization_rows[organization];
        users.sort(&mut row.members);
        projects.sort(&mut row.projects);
        groups.sort(&mut row.groups);
        api_keys.sort(&mut row.wide_keys);
    }

    /// Sorts everything in an organization.
    pub(crate) fn sort_organization(&mut self, organization: Organization) {
        self.sort_lists_of(organization);
        for group in self.organization_rows[organization].groups.clone() {
            self.sort_members_of(group);
        }
        for project in self.organization_rows[organization].projects.clone() {
            self.sort_contents_of(project);
        }
    }

    pub(crate) fn sort_members_of(&mut self, group: Group) {
        let Self { users, group_rows, .. } = self;
        users.sort(&mut group_rows[group].members);
    }

    /// Sorts the lists of a project.
    pub(crate) fn sort_contents_of(&mut self, project: Project) {
        let Self { policy, users, groups, api_keys, resources, project_contents, resource_rows, .. } = self;
        let contents = &mut project_contents[project];
        users.sort(&mut contents.collaborators);
        groups.sort(&mut contents.groups);
        api_keys.sort(&mut contents.api_keys);
        let key = |resource: Resource| (policy.kind_rank(resource_rows[resource].kind), resources.name(resource));
        order::sort_by(&mut contents.resources, |one, other| key(one).cmp(&key(other)));
    }
}

/// The index of a table that is that long.
fn index<I: From<u32>>(number: usize) -> Option<I> {
    u32::try_from(number).ok().map(I::from)
}

/// Moves the last entry of a list to its sorted position.
fn sort_last<'n, T: Copy, K: Ord + 'n>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    if let Some(last) = list.pop() {
        let place = list.partition_point(|other| key(other) < key(&last));
        list.insert(place, last);
    }
}

/// Removes the entry of that key from a sorted list.
pub(super) fn remove_sorted<T, K: Ord>(list: &mut Vec<T>, wanted: K, key: impl Fn(&T) -> K) {
    if let Ok(place) = list.binary_search_by(|other| key(other).cmp(&wanted)) {
        list.remove(place);
    }
}
