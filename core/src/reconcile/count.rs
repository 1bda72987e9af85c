//! How many entries there are in an organization or a project.

use crate::directory::{Organization, Project, Tables};

impl Tables {
    pub(super) fn entries_of_organization(&self, organization: Organization) -> usize {
        let row = self.organization_row(organization);
        let groups = self.groups_of(organization).map(|group| self.members_of_group(group).len().saturating_add(1));
        let projects = row.projects.iter().map(|project| self.entries_of_project(*project));
        groups.chain(projects).fold(row.members.len().saturating_add(1), usize::saturating_add)
    }

    pub(super) fn entries_of_project(&self, project: Project) -> usize {
        let contents = self.project_contents(project);
        let lists = [contents.collaborators.len(), contents.api_keys.len(), self.grants_of(project), self.resources_of(project)];
        lists.into_iter().fold(1, usize::saturating_add)
    }
}
