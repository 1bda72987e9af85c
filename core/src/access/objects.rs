//! The objects whose access is compared between two states, as references.

use crate::directory::{Organization, Project, Tables};

impl Tables {
    /// The organization, its projects and its default key.
    pub(crate) fn objects_of(&self, organization: Organization) -> Vec<String> {
        let projects = self.organization_row(organization).projects.iter().map(|project| self.object_of_project(*project));
        std::iter::once(self.object_of_organization(organization)).chain(projects).chain(self.object_of_default_key(organization)).collect()
    }

    /// A project, and its organization's default key if that is in it.
    pub(crate) fn objects_in(&self, project: Project) -> Vec<String> {
        let organization = self.project_row(project).organization;
        let is_inside = self.organization_row(organization).default_key.is_some_and(|key| self.api_key_row(key).project == project);
        let key = is_inside.then(|| self.object_of_default_key(organization)).flatten();
        std::iter::once(self.object_of_project(project)).chain(key).collect()
    }

    pub(crate) fn object_of_organization(&self, organization: Organization) -> String {
        format!("organization:{}", self.organization_id(organization))
    }

    pub(crate) fn object_of_project(&self, project: Project) -> String {
        format!("project:{}", self.project_id(project))
    }

    /// The organization default key, by the kind that the policy gives to API keys.
    pub(crate) fn object_of_default_key(&self, organization: Organization) -> Option<String> {
        let key = self.organization_row(organization).default_key?;
        let kind = self.policy().api_key_kind()?;
        Some(format!("{}:{}", self.policy().kind_name(kind), self.api_key_id(key)))
    }
}
