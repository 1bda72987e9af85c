//! Reach: the projects in which a principal has a role or key scope (A19 to A23), and the principals that could have access to an object.

use crate::access::{InProject, Live, Object, Principal};
use crate::directory::{ApiKey, Home, Project, Tables, User};
use crate::input::id::Reference;
use crate::input::instant::Instant;

impl Tables {
    /// The projects that a principal reaches at an instant, sorted by id; none if the principal is unknown, revoked or expired.
    pub(crate) fn reach_at(&self, principal: Reference<'_>, at: Instant) -> Vec<Project> {
        self.live(self.find_principal(principal), at).map_or_else(|_| Vec::new(), |principal| self.reach(principal))
    }

    /// The projects that a principal reaches, sorted by id.
    pub(crate) fn reach(&self, principal: Live) -> Vec<Project> {
        let user = match principal.principal() {
            Principal::ApiKey(key) => return vec![self.api_key_row(key).project],
            Principal::User(user) => user,
        };
        let mut projects: Vec<_> = self.projects_of(user).collect();
        if let Home::Member(organization, role) = self.home(user) {
            let row = self.organization_row(organization);
            if self.policy().implied_role(role).is_some() {
                projects.extend(&row.projects);
            }
            projects.push(row.default_project);
        }
        projects.retain(|project| self.effective_role(user, *project).is_ok());
        self.sort_projects(&mut projects);
        projects.dedup();
        projects
    }

    /// The principals that could be allowed something on an object: keys sorted by id, and several lists of users sorted by id.
    pub(super) fn candidates(&self, object: Object) -> (&[ApiKey], Vec<&[User]>) {
        match object {
            Object::User(_) => (&[], Vec::new()),
            Object::Organization(organization) => {
                let row = self.organization_row(organization);
                let rows = row.projects.iter().map(|project| self.project_contents(*project).collaborators.as_slice());
                (&[], std::iter::once(row.members.as_slice()).chain(rows).collect())
            }
            Object::Project(project) | Object::InProject(InProject { project, .. }) => {
                let contents = self.project_contents(project);
                let members = &self.organization_row(self.project_row(project).organization).members;
                (&contents.api_keys, vec![members, &contents.collaborators])
            }
        }
    }
}
