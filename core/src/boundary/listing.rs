//! Listings from untyped input.

use crate::directory::Directory;
use crate::error::{Error, ErrorCode};
use crate::id::Reference;
use crate::instant::Instant;
use crate::listing::{ActionQuery, Page, Part, PrincipalQuery, ResourceQuery};
use crate::path::Path;
use crate::shape::{fields, id, instant, nullable, reference, string, whole_number};
use crate::value::Value;

use super::find_surface;

const NOBODY: Reference<'static> = Reference::of_parts("", "");

/// The projects in which a principal has a role or key scope: `{principal, at?, limit?, cursor?}`.
///
/// # Errors
/// Bad input as for [`check_access`](super::check_access), and `cursor_invalid`, `cursor_mismatch`.
pub fn list_projects(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let (mut principal, mut when, mut part) = (NOBODY, now, Part::default());
    fields!(request, &Path::Root, required ["principal"], |field, at| {
        "principal" => principal = reference(field, at)?,
        "at" => when = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => part.limit = nullable(field, at, limit)?,
        "cursor" => part.cursor = nullable(field, at, cursor)?,
    });
    directory.list_projects(principal, when, &part)
}

/// The resources on which a principal may do an action: `{principal, action, kind?, project?, surface?, at?, limit?, cursor?}`.
///
/// # Errors
/// As [`list_projects`].
pub fn list_resources(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = ResourceQuery { principal: NOBODY, action: "", kind: None, project: None, surface: None, at: now };
    let (mut surface, mut part) = (None, Part::default());
    fields!(request, &Path::Root, required ["principal", "action"], |field, at| {
        "principal" => query.principal = reference(field, at)?,
        "action" => query.action = string(field, at)?,
        "kind" => query.kind = nullable(field, at, string)?,
        "project" => query.project = nullable(field, at, id)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => part.limit = nullable(field, at, limit)?,
        "cursor" => part.cursor = nullable(field, at, cursor)?,
    });
    query.surface = surface.map(|name| find_surface(directory, name, &Path::Root)).transpose()?;
    directory.list_resources(&query, &part)
}

/// The principals who may do an action on a resource: `{action, resource, surface?, at?, limit?, cursor?}`.
///
/// # Errors
/// As [`list_projects`].
pub fn list_principals(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = PrincipalQuery { action: "", resource: NOBODY, of_type: None, surface: None, at: now };
    let (mut surface, mut part) = (None, Part::default());
    fields!(request, &Path::Root, required ["action", "resource"], |field, at| {
        "action" => query.action = string(field, at)?,
        "resource" => query.resource = reference(field, at)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => part.limit = nullable(field, at, limit)?,
        "cursor" => part.cursor = nullable(field, at, cursor)?,
    });
    query.surface = surface.map(|name| find_surface(directory, name, &Path::Root)).transpose()?;
    directory.list_principals(&query, &part)
}

/// Everything that a principal may do to a resource: `{principal, resource, surface?, at?}`.
///
/// # Errors
/// Bad input as for [`check_access`](super::check_access).
pub fn list_actions(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = ActionQuery { principal: NOBODY, resource: NOBODY, surface: None, at: now };
    let mut surface = None;
    fields!(request, &Path::Root, required ["principal", "resource"], |field, at| {
        "principal" => query.principal = reference(field, at)?,
        "resource" => query.resource = reference(field, at)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
    });
    query.surface = surface.map(|name| find_surface(directory, name, &Path::Root)).transpose()?;
    directory.list_actions(&query, &Part::default())
}

/// A size of pages; a page of nothing would never end.
fn limit(value: &Value<'_>, path: &Path<'_>) -> Result<usize, Error> {
    match whole_number(value, path)? {
        0 => Err(Error::new(ErrorCode::WrongType, path, "a page has at least one item")),
        limit => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

fn cursor<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    match value {
        Value::UnusableText => Ok(""),
        value => string(value, path),
    }
}
