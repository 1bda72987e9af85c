//! Listings from untyped input.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, id, instant, nullable, reference, string, whole_number};
use crate::input::value::Value;
use crate::listing::{ActionQuery, Page, PageRequest, PrincipalQuery, ProjectQuery, ResourceQuery};

use super::access::find_surface;

const NOBODY: Reference<'static> = Reference::of_parts("", "");

/// The projects in which a principal has a role or key scope: `{principal, action?, at?, limit?, cursor?}`. With an action, those in which it
/// is allowed.
///
/// # Errors
/// Bad input as for [`check_access`](super::check_access), and `cursor_invalid`, `cursor_mismatch`.
pub fn list_projects(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = ProjectQuery { principal: NOBODY, action: None, at: now };
    let mut page = PageRequest::default();
    fields!(request, &Path::Root, required ["principal"], |field, at| {
        "principal" => query.principal = reference(field, at)?,
        "action" => query.action = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => page.limit = nullable(field, at, limit)?,
        "cursor" => page.cursor = nullable(field, at, cursor)?,
    });
    directory.list_projects(&query, &page)
}

/// The resources on which a principal may do an action: `{principal, action, kind?, project?, surface?, at?, limit?, cursor?}`.
///
/// # Errors
/// As [`list_projects`].
pub fn list_resources(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = ResourceQuery { principal: NOBODY, action: "", kind: None, project: None, surface: None, at: now };
    let (mut surface, mut page) = (None, PageRequest::default());
    fields!(request, &Path::Root, required ["principal", "action"], |field, at| {
        "principal" => query.principal = reference(field, at)?,
        "action" => query.action = string(field, at)?,
        "kind" => query.kind = nullable(field, at, string)?,
        "project" => query.project = nullable(field, at, id)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => page.limit = nullable(field, at, limit)?,
        "cursor" => page.cursor = nullable(field, at, cursor)?,
    });
    query.surface = surface.map(|name| find_surface(directory, name, &Path::Root)).transpose()?;
    directory.list_resources(&query, &page)
}

/// The principals who may do an action on a resource: `{action, resource, surface?, at?, limit?, cursor?}`.
///
/// # Errors
/// As [`list_projects`].
pub fn list_principals(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<Page, Error> {
    let mut query = PrincipalQuery { action: "", resource: NOBODY, of_type: None, surface: None, at: now };
    let (mut surface, mut page) = (None, PageRequest::default());
    fields!(request, &Path::Root, required ["action", "resource"], |field, at| {
        "action" => query.action = string(field, at)?,
        "resource" => query.resource = reference(field, at)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => query.at = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => page.limit = nullable(field, at, limit)?,
        "cursor" => page.cursor = nullable(field, at, cursor)?,
    });
    query.surface = surface.map(|name| find_surface(directory, name, &Path::Root)).transpose()?;
    directory.list_principals(&query, &page)
}

/// All actions that a principal may do on a resource: `{principal, resource, surface?, at?}`.
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
    directory.list_actions(&query, &PageRequest::default())
}

/// A page size. It is at least 1, since a listing of empty pages would never end.
fn limit(value: &Value<'_>, path: &Path<'_>) -> Result<usize, Error> {
    match whole_number(value, path)? {
        0 => Err(Error::new(ErrorCode::WrongType, path, "a page has at least one item")),
        limit => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

pub(super) fn cursor<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    match value {
        Value::UnusableText => Ok(""),
        value => string(value, path),
    }
}
