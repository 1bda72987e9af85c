//! `list_projects`: the projects that a principal reaches, or in which it may do an action.

use crate::access::{Conditions, Object};
use crate::directory::Directory;
use crate::input::error::Error;

use super::cursor::Fingerprint;
use super::merge::Merge;
use super::page::{Page, PageRequest};
use super::query::ProjectQuery;

impl Directory {
    /// The projects in which a role of the principal counts (A19, A21) or its key scope (A23), sorted by id, without what is suspended. With
    /// an action: the projects in which it is allowed.
    pub(crate) fn list_projects(&self, query: &ProjectQuery<'_>, page: &PageRequest<'_>) -> Result<Page, Error> {
        let fingerprint = Fingerprint::new("list_projects", &[Some(&query.principal.to_string()), query.action]);
        let after = page.after(fingerprint)?;
        let Some((tables, principal)) = self.admitted(query.principal, &Conditions::at(query.at)) else { return Ok(Page::default()) };
        let mut projects = match query.action {
            None => tables.reach(principal),
            Some(_) => tables.projects_within_reach(principal),
        };
        if let Some(name) = query.action {
            let action = tables.policy().action(name);
            let is_allowed = |action, project| tables.is_allowed(principal, action, Object::Project(project), None);
            projects.retain(|project| action.is_some_and(|action| is_allowed(action, *project)));
        }
        let ids = Merge::new([projects.as_slice()], after.as_deref(), |project| tables.project_id(project));
        Ok(page.take(fingerprint, &mut ids.map(|project| tables.project_id(project).to_owned())))
    }
}
