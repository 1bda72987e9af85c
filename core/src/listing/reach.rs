//! Reach: the projects in which a principal has a role or key scope (A19 to A30), and the principals that could have access to an object.

use crate::access::{InProject, Live, Object, Principal};
use crate::directory::{ApiKey, Project, Tables, User};
use crate::input::id::Reference;
use crate::input::instant::Instant;

impl Tables {
    /// The projects that a principal reaches at an instant, sorted by id; none if the principal is unknown, revoked or expired.
    pub(crate) fn reach_at(&self, principal: Reference<'_>, at: Instant) -> Vec<Project> {
        self.live(self.find_principal(principal), at).map_or_else(|_| Vec::new(), |principal| self.reach(principal))
    }

    /// The projects that a principal reaches, sorted by id: where a role of the user counts, or the key's scope; with a key that acts as a
    /// user, only where a role of that user counts. Nothing that is suspended.
    pub(crate) fn reach(&self, live: Live) -> Vec<Project> {
        let mut projects = self.projects_within_reach(live);
        projects.retain(|project| self.is_reached(live, *project));
        projects
    }

    /// Whether a principal reaches a project that is within its reach.
    pub(crate) fn is_reached(&self, live: Live, project: Project) -> bool {
        let whose_role = match live.principal() {
            Principal::User(user) => Some(user),
            Principal::ApiKey(key) => self.acted_user(key),
        };
        let organization = Some(self.project_row(project).organization);
        let is_suspended = self.has_suspensions()
            && (self.is_principal_suspended(live, organization) || self.is_scope_suspended(organization, Some(project), live.at()));
        !is_suspended && whose_role.is_none_or(|user| self.effective_role(user, project, live.at()).is_some())
    }

    /// The projects in which a principal could be allowed anything, sorted by id.
    pub(crate) fn projects_within_reach(&self, live: Live) -> Vec<Project> {
        let mut projects = match live.principal() {
            Principal::ApiKey(key) => self.reach_of_key(key),
            Principal::User(user) => {
                let mut projects: Vec<_> = self.projects_of(user).chain(self.group_projects_of(user)).collect();
                for member in self.member_rows(user).filter(|row| !self.has_ended(row.period, live.at())) {
                    let row = self.organization_row(member.organization);
                    if self.policy().implied_role(member.role).is_some() || self.policy().has_visible_actions() {
                        projects.extend(&row.projects);
                    }
                    projects.push(row.default_project);
                }
                projects
            }
        };
        self.sort_projects(&mut projects);
        projects.dedup();
        projects
    }

    /// The principals that could be allowed something on an object: lists of keys and of users, each sorted by id.
    pub(super) fn candidates(&self, object: Object) -> (Vec<&[ApiKey]>, Vec<&[User]>) {
        match object {
            Object::User(_) => (Vec::new(), Vec::new()),
            Object::Organization(organization) => {
                let row = self.organization_row(organization);
                let rows = row.projects.iter().map(|project| self.project_contents(*project).collaborators.as_slice());
                (vec![&row.wide_keys], std::iter::once(row.members.as_slice()).chain(rows).collect())
            }
            Object::Project(project) | Object::InProject(InProject { project, .. }) => {
                let contents = self.project_contents(project);
                let row = self.organization_row(self.project_row(project).organization);
                (vec![&contents.api_keys, &row.wide_keys], vec![&row.members, &contents.collaborators])
            }
        }
    }
}
