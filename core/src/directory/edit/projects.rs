//! Projects.

use crate::collections::texts::Full;
use crate::directory::entry::EntryIndex;
use crate::directory::indices::{Organization, Project, User};
use crate::directory::lists::remove_sorted;
use crate::directory::rows::{KeyLimits, ProjectContents, ProjectRow, Reach};
use crate::directory::tables::Tables;
use crate::input::instant::Instant;
use crate::policy::Visibility;

use super::NewProject;

impl Tables {
    pub(crate) fn intern_project(&mut self, id: &str) -> Result<Project, Full> {
        self.projects.intern(&self.hasher, id).map(|(project, _)| project)
    }

    pub(crate) fn push_project(&mut self, project: Project, new: &NewProject<'_>) -> Result<(), Full> {
        self.touch(EntryIndex::Project(project));
        let name = self.add_text(new.name)?;
        self.note_suspension(new.suspended_at);
        self.project_rows.push(ProjectRow {
            organization: new.organization,
            visibility: new.visibility,
            implies_roles: self.policy.implies_roles(new.visibility),
            allows_externals: new.allows_externals,
            is_default: new.is_default,
            has_groups: false,
        });
        self.project_contents.push(ProjectContents {
            name,
            suspended_at: new.suspended_at,
            collaborators: Vec::new(),
            groups: Vec::new(),
            api_keys: Vec::new(),
            resources: Vec::new(),
        });
        let organization = &mut self.organization_rows[new.organization];
        organization.projects.push(project);
        if new.is_default {
            organization.default_project = project;
        }
        Ok(())
    }

    pub(crate) fn rename_project(&mut self, project: Project, name: Option<&str>) -> Result<(), Full> {
        self.touch(EntryIndex::Project(project));
        let name = self.add_text(name)?;
        let old = std::mem::replace(&mut self.project_contents[project].name, name);
        self.drop_row(old);
        Ok(())
    }

    pub(crate) fn suspend_project(&mut self, project: Project, suspended_at: Option<Instant>) {
        self.touch(EntryIndex::Project(project));
        self.note_suspension(suspended_at);
        self.project_contents[project].suspended_at = suspended_at;
    }

    pub(crate) fn set_visibility(&mut self, project: Project, visibility: Visibility) {
        self.touch(EntryIndex::Project(project));
        let implies_roles = self.policy.implies_roles(visibility);
        let row = &mut self.project_rows[project];
        row.visibility = visibility;
        row.implies_roles = implies_roles;
    }

    /// Sets whether the rows of non-members have effect (A21).
    pub(crate) fn set_allows_externals(&mut self, project: Project, allows: bool) {
        if self.project_rows[project].allows_externals == allows {
            return;
        }
        self.touch(EntryIndex::Project(project));
        let outsiders = self.outsiders(project);
        outsiders.iter().for_each(|user| self.discount_external(project, *user));
        self.project_rows[project].allows_externals = allows;
        outsiders.iter().for_each(|user| self.count_external(project, *user));
    }

    /// The collaborators who are not members.
    pub(crate) fn outsiders(&self, project: Project) -> Vec<User> {
        self.project_contents[project].collaborators.iter().copied().filter(|user| self.is_external(project, *user)).collect()
    }

    /// Makes another project of the organization the default one. The organization default key moves there.
    pub(crate) fn set_default_project(&mut self, project: Project) {
        let organization = self.project_rows[project].organization;
        let row = &mut self.organization_rows[organization];
        let (before, default_key) = (row.default_project, row.default_key);
        if before == project {
            return;
        }
        for (project, is_default) in [(before, false), (project, true)] {
            self.touch(EntryIndex::Project(project));
            self.project_rows[project].is_default = is_default;
        }
        self.organization_rows[organization].default_project = project;
        if let Some(key) = default_key {
            self.move_api_key(key, project);
        }
    }

    /// Notes everything in a project, whose keys say which organization it is in.
    fn touch_contents(&mut self, project: Project) {
        let contents = &self.project_contents[project];
        let users = contents.collaborators.iter().map(|user| EntryIndex::Collaborator(project, *user));
        let keys = contents.api_keys.iter().map(|key| EntryIndex::ApiKey(*key));
        let resources = contents.resources.iter().map(|resource| EntryIndex::Resource(*resource));
        let entries: Vec<_> = users.chain(keys).chain(resources).collect();
        entries.into_iter().for_each(|entry| self.touch(entry));
    }

    /// Moves a project to another organization. Rows of users go along; those of groups go, and no key reaches from one organization into
    /// the other.
    pub(crate) fn move_project(&mut self, project: Project, organization: Organization) {
        self.touch(EntryIndex::Project(project));
        self.touch_contents(project);
        let before = self.project_rows[project].organization;
        for group in self.project_contents[project].groups.clone() {
            self.remove_grant(project, group);
        }
        self.forget_in_reaches(project);
        for key in self.project_contents[project].api_keys.clone() {
            if let Some(limits) = self.limits(key).filter(|limits| !limits.reach.is_own_project_alone()) {
                let limits = KeyLimits { reach: Reach::default(), ..limits.clone() };
                self.set_limits(key, limits);
            }
        }
        self.outsiders(project).into_iter().for_each(|user| self.discount_external(project, user));
        self.unlist_project(project, before);
        self.project_rows[project].organization = organization;
        self.organization_rows[organization].projects.push(project);
        self.sort_last_project(organization);
        self.outsiders(project).into_iter().for_each(|user| self.count_external(project, user));
    }

    /// Removes a project with everything in it; other keys do not reach it any more.
    pub(crate) fn remove_project(&mut self, project: Project) {
        self.forget_in_reaches(project);
        self.take_project(project);
        self.unlist_project(project, self.project_rows[project].organization);
    }

    /// Removes a project with everything in it, but leaves the list and the keys of the organization as they are.
    pub(super) fn take_project(&mut self, project: Project) {
        self.touch(EntryIndex::Project(project));
        let contents = &mut self.project_contents[project];
        let (users, groups) = (std::mem::take(&mut contents.collaborators), std::mem::take(&mut contents.groups));
        let (keys, resources) = (std::mem::take(&mut contents.api_keys), std::mem::take(&mut contents.resources));
        for user in users {
            self.take_collaborator(project, user);
        }
        for group in groups {
            self.remove_grant(project, group);
        }
        for key in keys {
            self.take_api_key(key);
        }
        for resource in resources {
            self.take_resource(resource);
        }
        let Self { hasher, projects, .. } = self;
        projects.forget(hasher, project);
        self.note_garbage();
    }

    fn unlist_project(&mut self, project: Project, organization: Organization) {
        let Self { projects, organization_rows, .. } = self;
        remove_sorted(&mut organization_rows[organization].projects, projects.name(project), |other| projects.name(*other));
    }

    /// Removes a project from the lists of further projects of its organization's keys.
    fn forget_in_reaches(&mut self, project: Project) {
        for key in self.organization_rows[self.project_rows[project].organization].wide_keys.clone() {
            self.forget_in_reach(key, project);
        }
    }
}
