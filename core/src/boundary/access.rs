//! Questions of access from untyped input.

use crate::access::{AccessRequest, Freshness};
use crate::catalogue::decision::Decision;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{self, fields, instant, nullable, reference, string, whole_number};
use crate::input::value::Value;
use crate::policy::Surface;

use super::clock::Clock;
use super::ordinal::{self, OrdinalRequest};

/// A question of access, in one of the forms that hosts pass.
#[derive(Clone, Copy, Debug)]
pub enum AccessQuestion<'q> {
    /// `{principal, action, resource, surface?, at?, min_revision?, max_age_seconds?}`.
    Request(&'q Value<'q>),
    /// Principal, action and resource as text, on the principal's default surface: the fast path.
    Texts([&'q str; 3]),
    /// The ordinals of its names.
    Ordinals(OrdinalRequest),
}

impl<'q> From<&'q Value<'q>> for AccessQuestion<'q> {
    fn from(request: &'q Value<'q>) -> Self {
        Self::Request(request)
    }
}

impl<'q, S: AsRef<str> + ?Sized> From<[&'q S; 3]> for AccessQuestion<'q> {
    #[inline]
    fn from(texts: [&'q S; 3]) -> Self {
        Self::Texts(texts.map(AsRef::as_ref))
    }
}

impl From<OrdinalRequest> for AccessQuestion<'_> {
    fn from(request: OrdinalRequest) -> Self {
        Self::Ordinals(request)
    }
}

/// The decision on a question, with its reason (A1 to A24). An ordinal that this directory did not give stands for an unknown name.
///
/// # Errors
/// Bad input: `missing_field`, `unknown_field`, `wrong_type`, `invalid_reference`, `invalid_id`, `invalid_timestamp`, `limit_exceeded`, `unknown_surface`.
#[inline]
pub fn check_access<'d, 'q>(
    directory: &'d Directory,
    question: impl Into<AccessQuestion<'q>>,
    now: Instant,
) -> Result<Decision<'d>, Error> {
    match question.into() {
        AccessQuestion::Request(request) => Ok(directory.check_access(&read_request(directory, request, now, &Path::Root)?)),
        AccessQuestion::Texts(texts) => match directory.check_access_by_text(texts, now) {
            Some(decision) => Ok(decision),
            None => Ok(directory.check_access(&request_of(texts, now)?)),
        },
        AccessQuestion::Ordinals(request) => Ok(directory.decision_of(&ordinal::verdict(directory, request, now))),
    }
}

/// The `allowed` of [`check_access`]. The clock is read only if the instant makes a difference: for keys that expire, and directories that
/// become stale.
///
/// # Errors
/// As [`check_access`], and the errors of the clock.
#[inline]
pub fn is_allowed<'q, C: Clock>(directory: &Directory, question: impl Into<AccessQuestion<'q>>, clock: C) -> Result<bool, C::Failure> {
    match question.into() {
        AccessQuestion::Request(request) => {
            let now = clock.read()?;
            Ok(directory.is_allowed(&read_request(directory, request, now, &Path::Root)?))
        }
        AccessQuestion::Texts(texts) => match directory.tables().find_names(texts) {
            Some((principal, action, object)) => directory.is_allowed_on_found(principal, action, object, None, || clock.read()),
            // Names that are not found may be malformed. If they are not, the answer is a denial at any instant.
            None => Ok(request_of(texts, Instant::LATEST).map(|_| false)?),
        },
        AccessQuestion::Ordinals(request) => match ordinal::find(directory, request) {
            (Some(principal), Some(action), Some(object), surface) => {
                directory.is_allowed_on_found(principal, action, object, surface, || clock.read())
            }
            _ => Ok(false),
        },
    }
}

/// Decides a list of requests, one after the other.
///
/// # Errors
/// The first bad request; the path begins with its index in the list.
pub fn check_many<'d>(directory: &'d Directory, requests: &Value<'_>, now: Instant) -> Result<Vec<Decision<'d>>, Error> {
    shape::list(requests, &Path::Root, |request, path| Ok(directory.check_access(&read_request(directory, request, now, path)?)))
}

/// Whether the directory is stale at an instant (now, if it is null): then it denies every question (A1).
///
/// # Errors
/// `wrong_type`, `invalid_timestamp`.
pub fn is_stale(directory: &Directory, at: &Value<'_>, now: Instant) -> Result<bool, Error> {
    Ok(directory.is_stale(nullable(at, &Path::Root.field("at"), instant)?.unwrap_or(now)))
}

/// The freshness that all rows of a table require (A1): `{min_revision?, max_age_seconds?}`.
///
/// # Errors
/// `unknown_field`, `wrong_type`, `limit_exceeded`.
pub fn freshness(options: &Value<'_>) -> Result<Freshness, Error> {
    let mut freshness = Freshness::default();
    fields!(options, &Path::Root, required [], |field, at| {
        "min_revision" => freshness.min_revision = nullable(field, at, whole_number)?,
        "max_age_seconds" => freshness.max_age_seconds = nullable(field, at, whole_number)?,
    });
    Ok(freshness)
}

fn request_of([principal, action, resource]: [&str; 3], at: Instant) -> Result<AccessRequest<'_>, Error> {
    let principal = Reference::read(principal, &Path::Field(&Path::Root, "principal"))?;
    let resource = Reference::read(resource, &Path::Field(&Path::Root, "resource"))?;
    Ok(AccessRequest::new(principal, action, resource, at))
}

pub(super) fn read_request<'r>(
    directory: &Directory,
    value: &'r Value<'r>,
    now: Instant,
    path: &Path<'_>,
) -> Result<AccessRequest<'r>, Error> {
    let mut request = AccessRequest::new(Reference::of_parts("", ""), "", Reference::of_parts("", ""), now);
    let mut surface = None;
    fields!(value, path, required ["principal", "action", "resource"], |field, at| {
        "principal" => request.principal = reference(field, at)?,
        "action" => request.action = string(field, at)?,
        "resource" => request.resource = reference(field, at)?,
        "surface" => surface = nullable(field, at, string)?,
        "at" => request.at = nullable(field, at, instant)?.unwrap_or(now),
        "min_revision" => request.freshness.min_revision = nullable(field, at, whole_number)?,
        "max_age_seconds" => request.freshness.max_age_seconds = nullable(field, at, whole_number)?,
    });
    request.surface = surface.map(|name| find_surface(directory, name, path)).transpose()?;
    Ok(request)
}

pub(super) fn find_surface(directory: &Directory, name: &str, path: &Path<'_>) -> Result<Surface, Error> {
    let unknown = || Error::new(ErrorCode::UnknownSurface, &path.field("surface"), "the policy has no such surface");
    directory.tables().policy().surface(name).ok_or_else(unknown)
}
