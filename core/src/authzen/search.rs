//! Searches: our listings, as lists of the standard's entities. What an evaluation denies is never among them.

use serde::Serialize;

use crate::directory::Directory;
use crate::error::Error;
use crate::instant::Instant;
use crate::listing::{ActionQuery, Page, Part, PrincipalQuery, ResourceQuery};
use crate::path::Path;
use crate::policy::Surface;
use crate::shape::{member, object};
use crate::value::{Member, Value};

use super::page::{Turned, Wanted};
use super::request::{Asked, Context, action, entity, required, type_of};
use super::{Terms, written};

/// The response. The page stands first, so that callers who read along know what comes.
#[derive(Serialize)]
struct Found<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<Turned>,
    results: Vec<T>,
}

#[derive(Serialize)]
struct Entity<'i> {
    r#type: &'i str,
    id: &'i str,
}

#[derive(Serialize)]
struct Action<'i> {
    name: &'i str,
}

impl Directory {
    pub(super) fn search_subject(&self, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let members = object(request, &Path::Root, &["subject", "action", "resource"])?;
        let type_name = required(members, "subject", &Path::Root, type_of)?;
        let action = required(members, "action", &Path::Root, action)?;
        let resource = required(members, "resource", &Path::Root, entity)?;
        let found = self.found(members, terms, |part, surface, at| {
            self.list_principals(&PrincipalQuery { action, resource, of_type: Some(type_name), surface, at }, part)
        });
        found.map(entities)
    }

    pub(super) fn search_resource(&self, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let members = object(request, &Path::Root, &["subject", "action", "resource"])?;
        let principal = required(members, "subject", &Path::Root, entity)?;
        let action = required(members, "action", &Path::Root, action)?;
        let type_name = required(members, "resource", &Path::Root, type_of)?;
        let found = self.found(members, terms, |part, surface, at| {
            self.list_of_type(type_name, &ResourceQuery { principal, action, kind: None, project: None, surface, at }, part)
        });
        found.map(entities)
    }

    pub(super) fn search_action(&self, request: &Value<'_>, terms: &Terms) -> Result<String, Error> {
        let members = object(request, &Path::Root, &["subject", "resource"])?;
        let principal = required(members, "subject", &Path::Root, entity)?;
        let resource = required(members, "resource", &Path::Root, entity)?;
        let (page, items) =
            self.found(members, terms, |part, surface, at| self.list_actions(&ActionQuery { principal, resource, surface, at }, part))?;
        Ok(written(&Found { page, results: items.iter().map(|name| Action { name }).collect() }))
    }

    /// One page of a listing; nothing on a surface that there is not.
    fn found<'r>(
        &self,
        members: &'r [Member<'r>],
        terms: &Terms,
        list: impl FnOnce(&Part<'_>, Option<Surface>, Instant) -> Result<Page, Error>,
    ) -> Result<(Option<Turned>, Vec<String>), Error> {
        let (context, wanted) = (member(members, "context").unwrap_or(&Value::Null), Wanted::read(members)?);
        match Context::read(context, &Path::Root.field("context"), self, terms)? {
            Context { surface: Asked::Known(surface), at } => wanted.turn(|part| list(part, surface, at)),
            Context { surface: Asked::Unknown, .. } => Ok(wanted.nothing()),
        }
    }
}

/// References as the standard writes them.
fn entities((page, items): (Option<Turned>, Vec<String>)) -> String {
    let results = items.iter().filter_map(|item| item.split_once(':')).map(|(r#type, id)| Entity { r#type, id }).collect();
    written(&Found { page, results })
}
