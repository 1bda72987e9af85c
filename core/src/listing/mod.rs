//! Listings: what a principal reaches, and who reaches something. Each is exactly what `check_access` allows, in byte order, page by page.

mod by_type;
mod cursor;
mod merge;

use serde::Serialize;

use crate::access::{InProject, Object, Principal};
use crate::directory::{ApiKey, Directory, Home, Project, Resource, User};
use crate::error::Error;
use crate::id::Reference;
use crate::instant::Instant;
use crate::policy::{Action, Surface, Target};
use cursor::Fingerprint;
use merge::Merge;

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The items in byte order: ids, references or actions.
    pub items: Vec<String>,
    /// Where the next page begins; none where nothing follows.
    pub next_cursor: Option<String>,
}

/// Which part of a listing is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part<'p> {
    /// How many items at the most; all of them where it is left out.
    pub(crate) limit: Option<usize>,
    /// The cursor of the page before.
    pub(crate) cursor: Option<&'p str>,
}

/// Which resources are wanted (`list_resources`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResourceQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) action: &'q str,
    pub(crate) kind: Option<&'q str>,
    pub(crate) project: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// Whose access is wanted (`list_principals`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrincipalQuery<'q> {
    pub(crate) action: &'q str,
    pub(crate) resource: Reference<'q>,
    /// `user` or `api_key`; both where it is left out.
    pub(crate) of_type: Option<&'q str>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

/// Which actions are wanted (`list_actions`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionQuery<'q> {
    pub(crate) principal: Reference<'q>,
    pub(crate) resource: Reference<'q>,
    pub(crate) surface: Option<Surface>,
    pub(crate) at: Instant,
}

impl Part<'_> {
    /// The item that this part begins behind.
    fn after(&self, fingerprint: Fingerprint) -> Result<Option<String>, Error> {
        self.cursor.map(|cursor| fingerprint.last(cursor)).transpose()
    }

    /// Takes one page from items that begin where it does.
    fn take(&self, fingerprint: Fingerprint, items: &mut dyn Iterator<Item = String>) -> Page {
        let page: Vec<_> = items.take(self.limit.unwrap_or(usize::MAX)).collect();
        let next_cursor = match (page.last(), items.next()) {
            (Some(last), Some(_)) => Some(fingerprint.cursor(last)),
            _ => None,
        };
        Page { items: page, next_cursor }
    }
}

impl Directory {
    /// The projects in which a principal has any effective role (A19, A21) or key scope (A23), by their ids.
    pub(crate) fn list_projects(&self, principal: Reference<'_>, at: Instant, part: &Part<'_>) -> Result<Page, Error> {
        let principal_text = principal.to_string();
        let fingerprint = Fingerprint::new("list_projects", &[Some(&principal_text)]);
        let after = part.after(fingerprint)?;
        let projects = if self.is_stale(at, None, None) { Vec::new() } else { self.reach_of(principal, at) };
        let ids = Merge::new([projects.as_slice()], after.as_deref(), |project| self.project_id(project));
        Ok(part.take(fingerprint, &mut ids.map(|project| self.project_id(project).to_owned())))
    }

    /// The resources in projects on which a principal may do an action, as references.
    pub(crate) fn list_resources(&self, query: &ResourceQuery<'_>, part: &Part<'_>) -> Result<Page, Error> {
        let principal = query.principal.to_string();
        let surface = query.surface.map(|surface| self.policy().surface_name(surface));
        let arguments = [Some(principal.as_str()), Some(query.action), query.kind, query.project, surface];
        let fingerprint = Fingerprint::new("list_resources", &arguments);
        let after = part.after(fingerprint)?;
        let none = Ok(Page { items: Vec::new(), next_cursor: None });
        let policy = self.policy();
        let Some((action, Target::Kind(kind))) = policy.action(query.action).map(|action| (action, policy.target(action))) else {
            return none;
        };
        let kind_name = policy.kind_name(kind);
        let Ok(principal) = self.find_live_principal(query.principal, query.at) else { return none };
        if self.is_stale(query.at, None, None) || query.kind.is_some_and(|wanted| wanted != kind_name) {
            return none;
        }
        let mut projects = self.reach(principal);
        projects.retain(|project| query.project.is_none_or(|wanted| wanted == self.project_id(*project)));
        // Within one kind, the order of references is that of ids.
        let after = after.as_deref().and_then(|after| after.split_once(':')).map(|(_, id)| id);
        let reference = |id: &str| format!("{kind_name}:{id}");
        if policy.api_key_kind() == Some(kind) {
            let is_allowed = |key: &ApiKey| {
                let object = Object::InProject(self.key_in_project(kind, *key));
                self.is_allowed_in_scope(principal, action, object, query.surface)
            };
            let lists = projects.iter().map(|project| self.project_contents(*project).api_keys.as_slice());
            let keys = Merge::new(lists, after, |key| self.api_key_id(key));
            return Ok(part.take(fingerprint, &mut keys.filter(is_allowed).map(|key| reference(self.api_key_id(key)))));
        }
        projects.retain(|project| self.is_allowed_in_scope(principal, action, Object::Project(*project), query.surface));
        let lists = projects.iter().map(|project| self.resources_of_kind(*project, kind));
        let resources = Merge::new(lists, after, |resource: Resource| self.resource_id(resource));
        Ok(part.take(fingerprint, &mut resources.map(|resource| reference(self.resource_id(resource)))))
    }

    /// The principals who may do an action on a resource, as references: API keys before users.
    pub(crate) fn list_principals(&self, query: &PrincipalQuery<'_>, part: &Part<'_>) -> Result<Page, Error> {
        let resource = query.resource.to_string();
        let surface = query.surface.map(|surface| self.policy().surface_name(surface));
        let arguments = [Some(query.action), Some(resource.as_str()), query.of_type, surface];
        let fingerprint = Fingerprint::new("list_principals", &arguments);
        let after = part.after(fingerprint)?;
        let none = Ok(Page { items: Vec::new(), next_cursor: None });
        let (Some(action), Some(object)) = (self.policy().action(query.action), self.find_object(query.resource)) else { return none };
        if self.is_stale(query.at, None, None) {
            return none;
        }
        let itself = if let Object::User(user) = object { Some(user) } else { None };
        let (mut api_keys, mut users) = self.candidates(object);
        users.push(itself.as_slice());
        if query.of_type.is_some_and(|wanted| wanted != "api_key") {
            api_keys = &[];
        }
        if query.of_type.is_some_and(|wanted| wanted != "user") {
            users.clear();
        }
        let is_allowed = |principal| self.is_allowed_in_scope(principal, action, object, query.surface);
        let (after_key, after_user) = match after.as_deref().and_then(|after| after.split_once(':')) {
            Some(("user", id)) => (None, Some(id)),
            Some((_, id)) => (Some(id), None),
            None => (None, None),
        };
        // A page that ended among the users has all keys behind it.
        let api_keys = if after_user.is_some() { &[] } else { api_keys };
        let api_keys = Merge::new([api_keys], after_key, |key| self.api_key_id(key))
            .filter(|key| self.expect_live(*key, query.at).is_ok() && is_allowed(Principal::ApiKey(*key)))
            .map(|key| format!("api_key:{}", self.api_key_id(key)));
        let users = Merge::new(users, after_user, |user| self.user_id(user))
            .filter(|user| is_allowed(Principal::User(*user)))
            .map(|user| format!("user:{}", self.user_id(user)));
        Ok(part.take(fingerprint, &mut api_keys.chain(users)))
    }

    /// Everything that a principal may do to a resource.
    pub(crate) fn list_actions(&self, query: &ActionQuery<'_>, part: &Part<'_>) -> Result<Page, Error> {
        let (principal, resource) = (query.principal.to_string(), query.resource.to_string());
        let surface = query.surface.map(|surface| self.policy().surface_name(surface));
        let fingerprint = Fingerprint::new("list_actions", &[Some(&principal), Some(&resource), surface]);
        let after = part.after(fingerprint)?;
        let mut actions = Vec::new();
        if let (Ok(principal), Some(object)) = (self.find_live_principal(query.principal, query.at), self.find_object(query.resource))
            && !self.is_stale(query.at, None, None)
        {
            let is_allowed = |action: Action| self.is_allowed_in_scope(principal, action, object, query.surface);
            actions.extend(self.policy().actions().map(|(action, _)| action).filter(|action| is_allowed(*action)));
        }
        self.policy().sort_actions(&mut actions);
        let names = actions.into_iter().map(|action| self.policy().action_name(action));
        let mut names = names.filter(|name| after.as_deref().is_none_or(|after| *name > after)).map(str::to_owned);
        Ok(part.take(fingerprint, &mut names))
    }

    /// The projects that a principal reaches, by id; none if it is unknown or a key that has ended.
    pub(crate) fn reach_of(&self, principal: Reference<'_>, at: Instant) -> Vec<Project> {
        self.find_live_principal(principal, at).map_or_else(|_| Vec::new(), |principal| self.reach(principal))
    }

    fn reach(&self, principal: Principal) -> Vec<Project> {
        let user = match principal {
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

    /// Whoever could be allowed to do something to an object: keys by id, and several lists of users by id.
    fn candidates(&self, object: Object) -> (&[ApiKey], Vec<&[User]>) {
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
