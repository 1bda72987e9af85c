//! The boundary: untyped input in, typed answers out. Every binding calls this, so that a rule about input exists once.
//!
//! `now` is what `at` is taken to be where a request does not say.

mod authzen;
mod bytes;
mod change;
#[cfg(feature = "all-faults")]
mod faults;
mod key;
mod listing;
mod number;
mod snapshot;

use crate::access::{AccessRequest, Principal};
use crate::attribution::{Attribution, Attributions, Usage};
use crate::booking::agreed;
use crate::columns::Terms;
use crate::decision::Decision;
use crate::directory::{Directory, Project};
use crate::error::{Error, ErrorCode};
use crate::id::Reference;
use crate::instant::Instant;
use crate::json;
use crate::path::Path;
use crate::policy::Surface;
use crate::shape::{self, fields, id, instant, nullable, reference, string, whole_number};
use crate::value::Value;
pub use authzen::{authzen, authzen_json, authzen_metadata};
pub use bytes::{Bytes, BytesList};
pub use change::{apply, preview};
#[cfg(feature = "all-faults")]
pub use faults::{Fault, MOST_FAULTS, find_faults};
pub use key::{authenticate, authenticate_digest, new_api_key};
pub use listing::{list_actions, list_principals, list_projects, list_resources};
pub use number::{NumberedRequest, Part, SCOPED, TIMED, UNKNOWN, decision, is_allowed_by_numbers, number_of, outcome};
pub use snapshot::{VerifyingKeys, apply_delta, directory_from_snapshot, inspect_snapshot, public_key_of, to_delta, to_snapshot};

/// Reads a directory document; `policy` (an id or a document) stands in for its own. `seed` is a random number that keys the hash of ids, so that
/// nobody can choose ids that collide; without one the key is drawn from the document. No answer depends on it.
///
/// # Errors
/// The first fault of the policy or the document, by shape and then by meaning, in document order.
pub fn directory_from_value(document: &Value<'_>, policy: Option<&Value<'_>>, seed: Option<u64>) -> Result<Directory, Error> {
    Directory::from_value(document, policy, seed)
}

/// The same for a document that is still JSON text.
///
/// # Errors
/// `invalid_json`, and everything that [`directory_from_value`] fails with.
pub fn directory_from_json(text: &[u8], policy: Option<&Value<'_>>, seed: Option<u64>) -> Result<Directory, Error> {
    Directory::from_value(&json::parse(text)?, policy, seed)
}

/// Decides on `{principal, action, resource, surface?, at?, min_revision?, max_age_seconds?}`.
///
/// # Errors
/// Bad input: `missing_field`, `unknown_field`, `wrong_type`, `invalid_reference`, `invalid_id`, `invalid_timestamp`, `limit_exceeded`, `unknown_surface`.
pub fn check_access<'d>(directory: &'d Directory, request: &Value<'_>, now: Instant) -> Result<Decision<'d>, Error> {
    Ok(directory.check_access(&read_request(directory, request, now, &Path::Root)?))
}

/// Decides on a list of requests, one after the other.
///
/// # Errors
/// The first bad request, with its place in the list as the beginning of the path.
pub fn check_many<'d>(directory: &'d Directory, requests: &Value<'_>, now: Instant) -> Result<Vec<Decision<'d>>, Error> {
    shape::list(requests, &Path::Root, |request, path| Ok(directory.check_access(&read_request(directory, request, now, path)?)))
}

/// The hot path of access: three strings in, one bit out.
///
/// # Errors
/// `invalid_reference` and `invalid_id`.
#[inline]
pub fn is_allowed(directory: &Directory, principal: &str, action: &str, resource: &str, at: Instant) -> Result<bool, Error> {
    // Whatever is found has an id that is one: only what is not found has to be looked at.
    match is_allowed_by_clock(directory, principal, action, resource, || Some(at)) {
        Some(is_allowed) => Ok(is_allowed),
        None => Ok(directory.is_allowed(&request_of(principal, action, resource, at)?)),
    }
}

/// [`is_allowed`] at an instant that is only asked for where it matters: of keys that end, and of directories that grow too old. `None` where something
/// is unknown, malformed, or the clock fails: then [`is_allowed`] says what it is.
#[inline]
pub fn is_allowed_by_clock(
    directory: &Directory,
    principal: &str,
    action: &str,
    resource: &str,
    clock: impl FnOnce() -> Option<Instant>,
) -> Option<bool> {
    directory.is_allowed_by_text(principal, action, resource, clock)
}

/// [`check_access`] on three strings, on the principal's default surface.
///
/// # Errors
/// `invalid_reference` and `invalid_id`.
pub fn check_access_of<'d>(
    directory: &'d Directory,
    principal: &str,
    action: &str,
    resource: &str,
    at: Instant,
) -> Result<Decision<'d>, Error> {
    match directory.check_access_by_text(principal, action, resource, at) {
        Some(decision) => Ok(decision),
        None => Ok(directory.check_access(&request_of(principal, action, resource, at)?)),
    }
}

fn request_of<'r>(principal: &'r str, action: &'r str, resource: &'r str, at: Instant) -> Result<AccessRequest<'r>, Error> {
    let principal = Reference::read(principal, &Path::Field(&Path::Root, "principal"))?;
    let resource = Reference::read(resource, &Path::Field(&Path::Root, "resource"))?;
    Ok(AccessRequest::new(principal, action, resource, at))
}

/// [`is_allowed`] for a request such as [`check_access`] takes.
///
/// # Errors
/// As [`check_access`].
pub fn is_allowed_request(directory: &Directory, request: &Value<'_>, now: Instant) -> Result<bool, Error> {
    Ok(directory.is_allowed(&read_request(directory, request, now, &Path::Root)?))
}

/// Attributes `{principal, kind, surface?, project?, resource?, at?}`.
///
/// # Errors
/// Bad input as for [`check_access`], and whatever [`Directory::attribute`] fails with.
pub fn attribute<'d>(directory: &'d Directory, usage: &Value<'_>, now: Instant) -> Result<Attribution<'d>, Error> {
    attribute_row(directory, usage, now, &Path::Root)
}

/// Attributes a list of usages. A bad row comes back with its error code as reason; none is dropped.
///
/// # Errors
/// `wrong_type` where `usages` is no list.
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

/// Where a usage that cannot be attributed was meant to go, as far as what can be read of it says so.
fn intended_of(directory: &Directory, usage: &Value<'_>) -> Option<Project> {
    let members = shape::object(usage, &Path::Root, &[]).ok()?;
    let member = |name| shape::member(members, name).filter(|value| !matches!(value, Value::Null));
    let of_key = member("principal").and_then(|value| match directory.find_principal(reference(value, &Path::Root).ok()?)? {
        Principal::ApiKey(key) => Some(directory.api_key_row(key).project),
        Principal::User(_) => None,
    });
    let of_resource = member("resource").and_then(|value| {
        let Reference { type_name, id } = reference(value, &Path::Root).ok()?;
        directory.find_in_project(type_name, id).map(|found| found.project)
    });
    let named = member("project").and_then(|value| directory.project(id(value, &Path::Root).ok()?));
    agreed([of_key, of_resource, named])
}

fn attribute_row<'d>(directory: &'d Directory, usage: &Value<'_>, now: Instant, path: &Path<'_>) -> Result<Attribution<'d>, Error> {
    directory.attribute_at(&read_usage(usage, now, path)?, path)
}

fn read_request<'r>(directory: &Directory, value: &'r Value<'r>, now: Instant, path: &Path<'_>) -> Result<AccessRequest<'r>, Error> {
    let mut request = AccessRequest::new(Reference::of_parts("", ""), "", Reference::of_parts("", ""), now);
    let mut surface = None;
    fields!(value, path, required ["principal", "action", "resource"], |field, at| {
        "principal" => request.principal = reference(field, at)?,
        "action" => request.action = string(field, at)?,
        "resource" => request.resource = reference(field, at)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => request.at = nullable(field, at, instant)?.unwrap_or(now),
        "min_revision" => request.min_revision = nullable(field, at, whole_number)?,
        "max_age_seconds" => request.max_age_seconds = nullable(field, at, whole_number)?,
    });
    request.surface = surface.map(|name| find_surface(directory, name, path)).transpose()?;
    Ok(request)
}

/// What every row of a table asks of the directory's age: `{min_revision?, max_age_seconds?}`.
///
/// # Errors
/// `unknown_field`, `wrong_type`, `limit_exceeded`.
pub fn terms(options: &Value<'_>) -> Result<Terms, Error> {
    let mut terms = Terms::default();
    fields!(options, &Path::Root, required [], |field, at| {
        "min_revision" => terms.min_revision = nullable(field, at, whole_number)?,
        "max_age_seconds" => terms.max_age_seconds = nullable(field, at, whole_number)?,
    });
    Ok(terms)
}

/// `unknown_field` for an option that a language does not have, in the words of its binding.
#[must_use]
pub fn unknown_option(name: &str, message: &str) -> Error {
    Error::new(ErrorCode::UnknownField, &Path::Root.field(name), message)
}

fn find_surface(directory: &Directory, name: &str, path: &Path<'_>) -> Result<Surface, Error> {
    let unknown = || Error::new(ErrorCode::UnknownSurface, &path.field("surface"), "the policy has no such surface");
    directory.policy().surface(name).ok_or_else(unknown)
}

fn read_usage<'u>(value: &'u Value<'u>, now: Instant, path: &Path<'_>) -> Result<Usage<'u>, Error> {
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
