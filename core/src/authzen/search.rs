//! Searches: our listings, as lists of the standard's entities. What an evaluation denies is never among them.

use serde::Serialize;

use crate::directory::Directory;
use crate::error::Error;
use crate::instant::Instant;
use crate::listing::{ActionQuery, Page, Part, PrincipalQuery, ResourceQuery};
use crate::path::Path;
use crate::policy::Surface;
use crate::value::Value;

use super::page::{Turned, Wanted};
use super::request::{Asked, Context, Reader, Request};
use super::written;

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
    pub(super) fn search_subject(&self, request: &Value<'_>, reader: Reader<'_>) -> Result<String, Error> {
        let request = reader.request(request, &Path::Root, &Request::REQUIRED)?;
        let (subject, action, resource) = request.parts();
        let found = found(&request, reader, |part, surface, at| {
            self.list_principals(&PrincipalQuery { action, resource, of_type: Some(subject.type_name), surface, at }, part)
        });
        found.map(entities)
    }

    pub(super) fn search_resource(&self, request: &Value<'_>, reader: Reader<'_>) -> Result<String, Error> {
        let request = reader.request(request, &Path::Root, &Request::REQUIRED)?;
        let (principal, action, resource) = request.parts();
        let found = found(&request, reader, |part, surface, at| {
            self.list_of_type(resource.type_name, &ResourceQuery { principal, action, kind: None, project: None, surface, at }, part)
        });
        found.map(entities)
    }

    pub(super) fn search_action(&self, request: &Value<'_>, reader: Reader<'_>) -> Result<String, Error> {
        let request = reader.request(request, &Path::Root, &["subject", "resource"])?;
        let (principal, _, resource) = request.parts();
        let (page, items) =
            found(&request, reader, |part, surface, at| self.list_actions(&ActionQuery { principal, resource, surface, at }, part))?;
        Ok(written(&Found { page, results: items.iter().map(|name| Action { name }).collect() }))
    }
}

/// One page of a listing; nothing on a surface that there is not.
fn found(
    request: &Request<'_>,
    reader: Reader<'_>,
    list: impl FnOnce(&Part<'_>, Option<Surface>, Instant) -> Result<Page, Error>,
) -> Result<(Option<Turned>, Vec<String>), Error> {
    let wanted = request.page.unwrap_or(Wanted::FIRST);
    match request.context.unwrap_or(reader.silence()) {
        Context { surface: Asked::Known(surface), at } => wanted.turn(|part| list(part, surface, at)),
        Context { surface: Asked::Unknown, .. } => Ok(wanted.nothing()),
    }
}

/// References as the standard writes them.
fn entities((page, items): (Option<Turned>, Vec<String>)) -> String {
    let results = items.iter().filter_map(|item| item.split_once(':')).map(|(r#type, id)| Entity { r#type, id }).collect();
    written(&Found { page, results })
}
