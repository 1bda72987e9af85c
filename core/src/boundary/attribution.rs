//! Usages from untyped input.

use crate::access::Principal;
use crate::attribution::Usage;
use crate::catalogue::attribution::{Attribution, Attributions};
use crate::directory::{Directory, Project};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{self, fields, id, instant, nullable, reference, string};
use crate::input::value::Value;

/// Attributes `{principal, kind, surface?, project?, resource?, at?}`.
///
/// # Errors
/// Bad input as for [`check_access`], and the errors of [`Directory::attribute`].
pub fn attribute<'d>(directory: &'d Directory, usage: &Value<'_>, now: Instant) -> Result<Attribution<'d>, Error> {
    attribute_row(directory, usage, now, &Path::Root)
}

/// Attributes a list of usages. A bad row gets its error code as reason; none is dropped.
///
/// # Errors
/// `wrong_type` if `usages` is not a list.
pub fn attribute_many<'d>(directory: &'d Directory, usages: &Value<'_>, now: Instant) -> Result<Attributions<'d>, Error> {
    let mut unattributed: usize = 0;
    let rows = shape::list(usages, &Path::Root, |usage, path| {
        Ok(attribute_row(directory, usage, now, path).unwrap_or_else(|error| {
            unattributed = unattributed.saturating_add(1);
            directory.unattributed(error.code(), intended_of(directory, usage))
        }))
    })?;
    Ok(Attributions { rows, unattributed })
}

/// The intended project of a usage that cannot be attributed, if its names tell.
fn intended_of(directory: &Directory, usage: &Value<'_>) -> Option<Project> {
    let members = shape::object(usage, &Path::Root, &[]).ok()?;
    let member = |name| shape::member(members, name).filter(|value| !matches!(value, Value::Null));
    let key = member("principal").and_then(|value| match directory.tables().find_principal(reference(value, &Path::Root).ok()?)? {
        Principal::ApiKey(key) => Some(key),
        Principal::User(_) => None,
    });
    let of_resource = member("resource").and_then(|value| {
        let Reference { type_name, id } = reference(value, &Path::Root).ok()?;
        directory.tables().find_in_project(type_name, id).map(|found| found.project)
    });
    let named = member("project").and_then(|value| directory.tables().project(id(value, &Path::Root).ok()?));
    directory.tables().stated_project(key, of_resource, named)
}

fn attribute_row<'d>(directory: &'d Directory, usage: &Value<'_>, now: Instant, path: &Path<'_>) -> Result<Attribution<'d>, Error> {
    directory.attribute_at(&read_usage(usage, now, path)?, path)
}

pub(super) fn read_usage<'u>(value: &'u Value<'u>, now: Instant, path: &Path<'_>) -> Result<Usage<'u>, Error> {
    let principal = Reference::of_parts("", "");
    let mut usage = Usage { principal, kind: "", surface: None, project: None, resource: None, at: now };
    fields!(value, path, required ["principal", "kind"], |field, at| {
        "principal" => usage.principal = reference(field, at)?,
        "kind" => usage.kind = string(field, at)?,
        "surface" => usage.surface = nullable(field, at, string)?,
        "project" => usage.project = nullable(field, at, id)?,
        "resource" => usage.resource = nullable(field, at, reference)?,
        "at" => usage.at = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok(usage)
}
