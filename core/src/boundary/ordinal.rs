//! Ordinals: numbers that a host keeps instead of names, so that it need not hand over their text again. They mean the same until the directory changes; after that a
//! host has to forget them.

use crate::access::{Conditions, FoundQuestion, Object, Principal, ResourceIndex, Role, Verdict};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;

/// A field of a question of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A user or an API key, as a reference.
    Principal,
    /// An action, by its name.
    Action,
    /// What is asked about, as a reference.
    Resource,
    /// A surface, by its name.
    Surface,
}

/// The number that stands for whatever is not known.
pub const UNKNOWN: u32 = u32::MAX;

/// How many sorts of things share the numbers of resources.
const SORTS: u32 = 8;

/// The number of a name in that field of a question; [`UNKNOWN`] where nothing has the name.
///
/// # Errors
/// `invalid_reference` and `invalid_id`, for what can be no name.
pub fn ordinal_of(directory: &Directory, field: Field, name: &str) -> Result<u32, Error> {
    let number = match (field, Reference::split(name)) {
        (Field::Action, _) => return Ok(directory.tables().policy().action(name).map_or(UNKNOWN, u32::from)),
        (Field::Surface, _) => return Ok(directory.tables().policy().surface(name).map_or(UNKNOWN, u32::from)),
        (Field::Principal, Some(reference)) => {
            directory.tables().find_principal(reference).and_then(|found| ordinal_of_principal(directory, found))
        }
        (Field::Resource, Some(reference)) => directory.tables().find_object(reference).and_then(ordinal_of_object),
        (_, None) => None,
    };
    match number {
        Some(number) => Ok(number),
        // Whatever is found has an id that is one.
        None => Reference::read(name, &Path::Root).map(|_| UNKNOWN),
    }
}

/// The bit of a principal's number that says that it matters for them when something is asked: a key may end, or the directory grow too old. For others a
/// host need not look at its clock.
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

/// The numbers of a question; its surface may be [`UNKNOWN`], which means the principal's default.
#[derive(Clone, Copy, Debug)]
pub struct OrdinalRequest {
    /// Who asks.
    pub principal: u32,
    /// What they would do.
    pub action: u32,
    /// To what.
    pub resource: u32,
    /// On which surface.
    pub surface: u32,
}

/// The bit of an [`outcome`] that says that organization and project are those of the resource, and not null.
pub const SCOPED: u32 = 1 << 21;

/// What [`check_access`](super::check_access) decides, as a number: odd where it is allowed, and the same for all decisions of one directory that differ
/// in nothing but organization and project. A number from elsewhere stands for somebody or something unknown.
#[must_use]
#[inline]
pub fn outcome(directory: &Directory, request: OrdinalRequest, at: Instant) -> u32 {
    ordinal_of_verdict(&verdict(directory, request, at))
}

/// Decides by numbers.
#[inline]
pub(super) fn verdict(directory: &Directory, request: OrdinalRequest, at: Instant) -> Verdict {
    let policy = directory.tables().policy();
    directory.decide_on_found(&FoundQuestion {
        principal: principal_at(directory, request.principal),
        action: policy.action_at(request.action),
        object: object_at(directory, request.resource),
        surface: policy.surface_at(request.surface),
        conditions: Conditions::at(at),
    })
}

/// From the lowest: a bit for `allowed`, eight for the reason, ten for the role, two for caveats, and one for whether there is a scope.
fn ordinal_of_verdict(verdict: &Verdict) -> u32 {
    // `ALL` is in the order of definition.
    let (reason, allowed) = (verdict.reason as u32, u32::from(verdict.reason.allows()));
    // INVARIANT: a policy has at most 64 roles of either sort.
    let role = match verdict.role {
        None => 0,
        Some(Role::Organization(role)) => (u32::from(role) & 0xff) << 1 | ROLE,
        Some(Role::Project(role)) => (u32::from(role) & 0xff) << 1 | ROLE | 1,
    };
    let scoped = if verdict.organization.is_some() { SCOPED } else { 0 };
    allowed | reason << 1 | role << 9 | verdict.caveats.number() << 19 | scoped
}

/// Among the ten bits of a role: that there is one.
const ROLE: u32 = 0x200;
