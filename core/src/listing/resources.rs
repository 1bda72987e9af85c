//! `list_resources`: the resources on which a principal may do an action.

use crate::access::{Conditions, Object};
use crate::directory::{ApiKey, Directory, Resource};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::policy::Target;

use super::cursor::Fingerprint;
use super::merge::Merge;
use super::page::{Page, PageRequest};
use super::query::ResourceQuery;

impl Directory {
    /// The resources in projects on which a principal may do an action, as references.
    pub(crate) fn list_resources(&self, query: &ResourceQuery<'_>, page: &PageRequest<'_>) -> Result<Page, Error> {
        let policy = self.tables().policy();
        let principal = query.principal.to_string();
        let surface = query.surface.map(|surface| policy.surface_name(surface));
        let arguments = [Some(principal.as_str()), Some(query.action), query.kind, query.project, surface];
        let fingerprint = Fingerprint::new("list_resources", &arguments);
        let after = page.after(fingerprint)?;
        let none = Ok(Page::default());
        let Some((action, Target::Kind(kind))) = policy.action(query.action).map(|action| (action, policy.target(action))) else {
            return none;
        };
        let kind_name = policy.kind_name(kind);
        if query.kind.is_some_and(|wanted| wanted != kind_name) {
            return none;
        }
        let Some((tables, principal)) = self.admitted(query.principal, &Conditions::at(query.at)) else { return none };
        let mut projects = tables.projects_within_reach(principal);
        projects.retain(|project| query.project.is_none_or(|wanted| wanted == tables.project_id(*project)));
        // Within one kind, references and ids have the same order.
        let after = after.as_deref().and_then(Reference::split).map(|reference| reference.id);
        let reference = |id: &str| format!("{kind_name}:{id}");
        projects.retain(|project| tables.is_allowed(principal, action, Object::Project(*project), query.surface));
        if policy.api_key_kind() == Some(kind) {
            let is_allowed = |key: &ApiKey| {
                let object = Object::InProject(tables.key_in_project(kind, *key));
                tables.is_allowed(principal, action, object, query.surface)
            };
            let lists = projects.iter().map(|project| tables.project_contents(*project).api_keys.as_slice());
            let keys = Merge::new(lists, after, |key| tables.api_key_id(key));
            return Ok(page.take(fingerprint, &mut keys.filter(is_allowed).map(|key| reference(tables.api_key_id(key)))));
        }
        let lists = projects.iter().map(|project| tables.resources_of_kind(*project, kind));
        let resources = Merge::new(lists, after, |resource: Resource| tables.resource_id(resource));
        Ok(page.take(fingerprint, &mut resources.map(|resource| reference(tables.resource_id(resource)))))
    }
}
