//! New entries by their ids, each at its place in the sorted lists: what changes and deltas add one by one. (Loading appends many, and sorts once.)

use crate::collections::texts::Full;
use crate::directory::indices::{ApiKey, Group, Organization, Project, Resource, User};
use crate::directory::rows::PeriodRow;
use crate::directory::tables::Tables;
use crate::policy::ProjectRole;

use super::{NewApiKey, NewOrganization, NewProject, NewResource};

impl Tables {
    /// Adds an organization, which has nothing in it yet.
    pub(crate) fn add_organization(&mut self, id: &str, new: &NewOrganization<'_>) -> Result<Organization, Full> {
        let (organization, _) = self.organizations.intern(&self.hasher, id)?;
        self.push_organization(organization, new)?;
        self.sort_last_organization();
        Ok(organization)
    }

    /// Adds a group without members.
    pub(crate) fn add_group(&mut self, organization: Organization, id: &str, name: Option<&str>) -> Result<Group, Full> {
        let (group, _) = self.groups.intern(&self.hasher, id)?;
        self.push_group(group, organization, name)?;
        self.sort_last_group(organization);
        Ok(group)
    }

    /// Adds a member of the organization to a group. Returns false, and changes nothing, if the user is in it.
    pub(crate) fn add_group_member(&mut self, group: Group, user: User, period: PeriodRow) -> Result<bool, Full> {
        let is_new = self.push_group_member(group, user, period)?;
        if is_new {
            self.sort_last_group_member(group);
        }
        Ok(is_new)
    }

    /// Adds a project, which has nothing in it yet.
    pub(crate) fn add_project(&mut self, id: &str, new: &NewProject<'_>) -> Result<Project, Full> {
        let project = self.intern_project(id)?;
        self.push_project(project, new)?;
        self.sort_last_project(new.organization);
        Ok(project)
    }

    /// Adds a row of a user in a project. Returns false, and changes nothing, if there is one.
    pub(crate) fn add_collaborator(&mut self, project: Project, user: User, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        let is_new = self.push_collaborator(project, user, role, period)?;
        if is_new {
            self.sort_last_collaborator(project);
        }
        Ok(is_new)
    }

    /// Adds a row of a group in a project. Returns false, and changes nothing, if there is one.
    pub(crate) fn add_grant(&mut self, project: Project, group: Group, role: ProjectRole, period: PeriodRow) -> Result<bool, Full> {
        let is_new = self.push_grant(project, group, role, period)?;
        if is_new {
            self.sort_last_grant(project);
        }
        Ok(is_new)
    }

    /// Adds an API key.
    pub(crate) fn add_api_key(&mut self, id: &str, new: &NewApiKey<'_>) -> Result<ApiKey, Full> {
        let key = self.intern_api_key(id)?;
        self.push_api_key(key, new)?;
        self.sort_last_api_key(new.project);
        if !new.limits.reach.is_own_project_alone() {
            self.sort_last_wide_key(self.project_rows[new.project].organization);
        }
        Ok(key)
    }

    /// Adds a resource.
    pub(crate) fn add_resource(&mut self, id: &str, new: &NewResource<'_>) -> Result<Resource, Full> {
        let resource = self.intern_resource(new.kind, id)?;
        self.push_resource(resource, new)?;
        self.insert_resource(resource);
        Ok(resource)
    }
}
