//! `list_actions`: all actions that a principal may do on a resource.

use crate::access::Conditions;
use crate::directory::Directory;
use crate::input::error::Error;

use super::cursor::Fingerprint;
use super::page::{Page, PageRequest};
use super::query::ActionQuery;

impl Directory {
    /// All actions that a principal may do on a resource.
    pub(crate) fn list_actions(&self, query: &ActionQuery<'_>, page: &PageRequest<'_>) -> Result<Page, Error> {
        let policy = self.tables().policy();
        let (principal, resource) = (query.principal.to_string(), query.resource.to_string());
        let surface = query.surface.map(|surface| policy.surface_name(surface));
        let fingerprint = Fingerprint::new("list_actions", &[Some(&principal), Some(&resource), surface]);
        let after = page.after(fingerprint)?;
        let mut actions = Vec::new();
        if let (Some((tables, principal)), Some(object)) =
            (self.admitted(query.principal, &Conditions::at(query.at)), self.tables().find_object(query.resource, None))
        {
            actions.extend(tables.allowed_actions(principal, object, query.surface));
        }
        policy.sort_actions(&mut actions);
        let names = actions.into_iter().map(|action| policy.action_name(action));
        let mut names = names.filter(|name| after.as_deref().is_none_or(|after| *name > after)).map(str::to_owned);
        Ok(page.take(fingerprint, &mut names))
    }
}
