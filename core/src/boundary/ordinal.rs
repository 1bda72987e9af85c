//! Ordinals: numbers that a host caches instead of names, to avoid passing text again. They are valid until the directory changes; then the
//! host must discard them.

use crate::access::{Conditions, FoundQuestion, Object, Principal, ResourceIndex, Role, Verdict};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::{Action, Surface};

/// A field of a question of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A user or an API key, as a reference.
    Principal,
    /// An action, by its name.
    Action,
    /// The object of the question, as a reference.
    Resource,
    /// A surface, by its name.
    Surface,
}

/// The ordinal of an unknown name.
pub const UNKNOWN: u32 = u32::MAX;

/// How many types of objects share the ordinals of resources.
const SORTS: u32 = 8;

/// The ordinal of a name in that field of a question; [`UNKNOWN`] if nothing has the name.
///
/// # Errors
/// `invalid_reference` and `invalid_id`, for text that cannot be a name.
pub fn ordinal_of(directory: &Directory, field: Field, name: &str) -> Result<u32, Error> {
    let number = match (field, Reference::split(name)) {
        (Field::Action, _) => return Ok(directory.tables().policy().action(name).map_or(UNKNOWN, u32::from)),
        (Field::Surface, _) => return Ok(directory.tables().policy().surface(name).map_or(UNKNOWN, u32::from)),
        (Field::Principal, Some(reference)) => {
            directory.tables().find_principal(reference).and_then(|found| ordinal_of_principal(directory, found))
        }
        (Field::Resource, Some(reference)) => directory.tables().find_object(reference, None).and_then(ordinal_of_object),
        (_, None) => None,
    };
    match number {
        Some(number) => Ok(number),
        // A name that is found is valid.
        None => Reference::read(name, &Path::Root).map(|_| UNKNOWN),
    }
}

/// The bit of a principal's ordinal that says that the instant of a question matters: the key may expire, the directory become stale, or any row end.
/// For other principals a host need not read its clock.
pub const TIMED: u32 = 2;

fn ordinal_of_principal(directory: &Directory, principal: Principal) -> Option<u32> {
    let (sort, index) = match principal {
        Principal::User(user) => (0, user.into()),
        Principal::ApiKey(key) => (1, key.into()),
    };
    let timed = if directory.admit_at_any_time(principal).is_none() { TIMED } else { 0 };
    Some(u32::checked_mul(index, 4)? | timed | sort)
}

fn principal_at(directory: &Directory, number: u32) -> Option<Principal> {
    match number % 2 {
        0 => directory.tables().user_at(number / 4).map(Principal::User),
        _ => directory.tables().api_key_at(number / 4).map(Principal::ApiKey),
    }
}

fn ordinal_of_object(object: Object) -> Option<u32> {
    let (sort, index) = match object {
        Object::User(user) => (0, user.into()),
        Object::Organization(organization) => (1, organization.into()),
        Object::Project(project) => (2, project.into()),
        Object::InProject(found) => match found.index {
            ResourceIndex::ApiKey(key) => (3, key.into()),
            ResourceIndex::Resource(resource) => (4, resource.into()),
        },
    };
    u32::checked_mul(index, SORTS)?.checked_add(sort)
}

fn object_at(directory: &Directory, number: u32) -> Option<Object> {
    let index = number / SORTS;
    match number % SORTS {
        0 => directory.tables().user_at(index).map(Object::User),
        1 => directory.tables().organization_at(index).map(Object::Organization),
        2 => directory.tables().project_at(index).map(Object::Project),
        3 => {
            let kind = directory.tables().policy().api_key_kind()?;
            directory.tables().api_key_at(index).map(|key| Object::InProject(directory.tables().key_in_project(kind, key)))
        }
        4 => directory.tables().resource_at(index).map(|resource| Object::InProject(directory.tables().resource_in_project(resource))),
        _ => None,
    }
}

/// The ordinals of a question. Its surface may be [`UNKNOWN`], which means the principal's default.
#[derive(Clone, Copy, Debug)]
pub struct OrdinalRequest {
    /// The principal.
    pub principal: u32,
    /// The action.
    pub action: u32,
    /// The resource.
    pub resource: u32,
    /// The surface.
    pub surface: u32,
}

/// The bit of an [`outcome`] that says that organization and project are those of the resource, and not null.
pub const SCOPED: u32 = 1 << 21;

/// The decision of [`check_access`](super::check_access) as a number: odd if it allows, and equal for all decisions of one directory that
/// differ only in organization and project. An ordinal from elsewhere stands for an unknown name.
#[must_use]
#[inline]
pub fn outcome(directory: &Directory, request: OrdinalRequest, at: Instant) -> u32 {
    ordinal_of_verdict(&verdict(directory, request, at))
}

/// What the ordinals of a question stand for.
#[inline]
pub(super) fn find(directory: &Directory, request: OrdinalRequest) -> (Option<Principal>, Option<Action>, Option<Object>, Option<Surface>) {
    let policy = directory.tables().policy();
    let object = object_at(directory, request.resource);
    (principal_at(directory, request.principal), policy.action_at(request.action), object, policy.surface_at(request.surface))
}

/// The verdict on a question of ordinals.
#[inline]
pub(super) fn verdict(directory: &Directory, request: OrdinalRequest, at: Instant) -> Verdict {
    let (principal, action, object, surface) = find(directory, request);
    directory.decide_on_found(&FoundQuestion { principal, action, object, surface, conditions: Conditions::at(at) })
}

/// From the lowest bit: one bit for `allowed`, eight for the reason, ten for the role, two for the caveats, one for the scope.
fn ordinal_of_verdict(verdict: &Verdict) -> u32 {
    // `ALL` is in the order of definition.
    let (reason, allowed) = (verdict.ground.reason as u32, u32::from(verdict.ground.reason.allows()));
    // INVARIANT: a policy has at most 64 organization roles and 64 project roles.
    let role = match verdict.role {
        None => 0,
        Some(Role::Organization(role)) => (u32::from(role) & 0xff) << 1 | ROLE,
        Some(Role::Project(role)) => (u32::from(role) & 0xff) << 1 | ROLE | 1,
    };
    let scoped = if verdict.organization.is_some() { SCOPED } else { 0 };
    allowed | reason << 1 | role << 9 | verdict.caveats.number() << 19 | scoped
}

/// Among the ten bits of the role: set if there is a role.
const ROLE: u32 = 0x200;
