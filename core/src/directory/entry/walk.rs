//! All entries in the order of their keys, from any key on.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use crate::directory::indices::{Organization, Project, Resource};
use crate::directory::tables::Tables;

use super::entry_index::EntryIndex;
use super::key::{API_KEY, COLLABORATOR, GRANT, GROUP, MEMBER, ORGANIZATION, PROJECT, RESOURCE, USER};

/// What is called for each entry, until it breaks.
type Visit<'v> = dyn FnMut(EntryIndex) -> ControlFlow<()> + 'v;

/// The parts of a key from which on entries are visited, below the place that has been reached. Empty for all.
type From<'f> = &'f [&'f str];

impl Tables {
    /// Visits the entries in the order of their keys, from the key of that text on, whether there is such an entry or not. An empty text is before all.
    pub(crate) fn walk(&self, from: &str, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let parts: Vec<_> = from.split('\0').filter(|part| !part.is_empty()).collect();
        let (start, _) = first(&self.listed, USER, &parts, |user, id| self.users.name(*user).cmp(id));
        each(&self.listed, start, |user| visit(EntryIndex::User(user)))?;
        let organizations = &self.organization_list;
        let (start, below) = first(organizations, ORGANIZATION, &parts, |organization, id| self.organizations.name(*organization).cmp(id));
        let mut below = below;
        each(organizations, start, |organization| self.walk_organization(organization, std::mem::take(&mut below), visit))
    }

    fn walk_organization(&self, organization: Organization, from: From<'_>, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if from.is_empty() {
            visit(EntryIndex::Organization(organization))?;
        }
        let row = &self.organization_rows[organization];
        let (start, _) = first(&row.members, MEMBER, from, |user, id| self.users.name(*user).cmp(id));
        each(&row.members, start, |user| visit(EntryIndex::Member(organization, user)))?;
        let (start, mut below) = first(&row.groups, GROUP, from, |group, id| self.groups.name(*group).cmp(id));
        each(&row.groups, start, |group| {
            let from = std::mem::take(&mut below);
            if from.is_empty() {
                visit(EntryIndex::Group(group))?;
            }
            let members = &self.group_rows[group].members;
            let (start, _) = first(members, MEMBER, from, |user, id| self.users.name(*user).cmp(id));
            each(members, start, |user| visit(EntryIndex::GroupMember(group, user)))
        })?;
        let (start, mut below) = first(&row.projects, PROJECT, from, |project, id| self.projects.name(*project).cmp(id));
        each(&row.projects, start, |project| self.walk_project(project, std::mem::take(&mut below), visit))
    }

    fn walk_project(&self, project: Project, from: From<'_>, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if from.is_empty() {
            visit(EntryIndex::Project(project))?;
        }
        let contents = &self.project_contents[project];
        let (start, _) = first(&contents.groups, GRANT, from, |group, id| self.groups.name(*group).cmp(id));
        each(&contents.groups, start, |group| visit(EntryIndex::Grant(project, group)))?;
        let (start, _) = first(&contents.collaborators, COLLABORATOR, from, |user, id| self.users.name(*user).cmp(id));
        each(&contents.collaborators, start, |user| visit(EntryIndex::Collaborator(project, user)))?;
        let (start, _) = first(&contents.api_keys, API_KEY, from, |key, id| self.api_keys.name(*key).cmp(id));
        each(&contents.api_keys, start, |key| visit(EntryIndex::ApiKey(key)))?;
        let (start, _) = first(&contents.resources, RESOURCE, from, |resource, reference| self.compare_resource(*resource, reference));
        each(&contents.resources, start, |resource| visit(EntryIndex::Resource(resource)))
    }

    /// Compares the reference of a resource with a text, in byte order.
    fn compare_resource(&self, resource: Resource, reference: &str) -> Ordering {
        let kind = self.policy.kind_name(self.resource_rows[resource].kind);
        kind.bytes().chain(*b":").chain(self.resources.name(resource).bytes()).cmp(reference.bytes())
    }
}

/// Where to begin in a sorted list, and what of the key lies below its first entry.
fn first<'f, T>(list: &[T], tag: &str, from: From<'f>, compare: impl Fn(&T, &str) -> Ordering) -> (usize, From<'f>) {
    let Some((table, rest)) = from.split_first() else { return (0, &[]) };
    match (table.cmp(&tag), rest.split_first()) {
        (Ordering::Less, _) => (0, &[]),
        (Ordering::Greater, _) => (list.len(), &[]),
        (Ordering::Equal, None) => (0, &[]),
        (Ordering::Equal, Some((id, below))) => {
            let place = list.partition_point(|entry| compare(entry, id).is_lt());
            let is_it = list.get(place).is_some_and(|entry| compare(entry, id).is_eq());
            (place, if is_it { below } else { &[] })
        }
    }
}

fn each<T: Copy>(list: &[T], start: usize, visit: impl FnMut(T) -> ControlFlow<()>) -> ControlFlow<()> {
    list.get(start..).unwrap_or_default().iter().copied().try_for_each(visit)
}
