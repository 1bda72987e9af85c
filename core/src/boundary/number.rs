//! Numbers: what a host keeps of names, so that it need not hand over their text again. They mean the same until the directory changes; after that a
//! host has to forget them.

use crate::access::{Circumstances, Entry, Object, Principal, Role, Verdict};
use crate::decision::Decision;
use crate::directory::Directory;
use crate::error::Error;
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;

/// What a name can stand for in a question of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
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

/// The number of a name in that part of a question; [`UNKNOWN`] where nothing has the name.
///
/// # Errors
/// `invalid_reference` and `invalid_id`, for what can be no name.
pub fn number_of(directory: &Directory, part: Part, name: &str) -> Result<u32, Error> {
    let number = match (part, Reference::split(name)) {
        (Part::Action, _) => return Ok(directory.policy().action(name).map_or(UNKNOWN, u32::from)),
        (Part::Surface, _) => return Ok(directory.policy().surface(name).map_or(UNKNOWN, u32::from)),
        (Part::Principal, Some(reference)) => directory.find_principal(reference).and_then(|found| number_of_principal(directory, found)),
        (Part::Resource, Some(reference)) => directory.find_object(reference).and_then(number_of_object),
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

fn number_of_principal(directory: &Directory, principal: Principal) -> Option<u32> {
    let (sort, index) = match principal {
        Principal::User(user) => (0, user.into()),
        Principal::ApiKey(key) => (1, key.into()),
    };
    let timed = if directory.is_timed(principal) { TIMED } else { 0 };
    Some(u32::checked_mul(index, 4)? | timed | sort)
}

fn principal_at(directory: &Directory, number: u32) -> Option<Principal> {
    match number % 2 {
        0 => directory.user_at(number / 4).map(Principal::User),
        _ => directory.api_key_at(number / 4).map(Principal::ApiKey),
    }
}

fn number_of_object(object: Object) -> Option<u32> {
    let (sort, index) = match object {
        Object::User(user) => (0, user.into()),
        Object::Organization(organization) => (1, organization.into()),
        Object::Project(project) => (2, project.into()),
        Object::InProject(found) => match found.entry {
            Entry::ApiKey(key) => (3, key.into()),
            Entry::Resource(resource) => (4, resource.into()),
        },
    };
    u32::checked_mul(index, SORTS)?.checked_add(sort)
}

fn object_at(directory: &Directory, number: u32) -> Option<Object> {
    let index = number / SORTS;
    match number % SORTS {
        0 => directory.user_at(index).map(Object::User),
        1 => directory.organization_at(index).map(Object::Organization),
        2 => directory.project_at(index).map(Object::Project),
        3 => {
            let kind = directory.policy().api_key_kind()?;
            directory.api_key_at(index).map(|key| Object::InProject(directory.key_in_project(kind, key)))
        }
        4 => directory.resource_at(index).map(|resource| Object::InProject(directory.resource_in_project(resource))),
        _ => None,
    }
}

/// The numbers of a question; its surface may be [`UNKNOWN`], which means the principal's default.
#[derive(Clone, Copy, Debug)]
pub struct NumberedRequest {
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

/// Whether it is allowed, on the principal's default surface. A number from elsewhere stands for somebody or something unknown.
#[must_use]
#[inline]
pub fn is_allowed_by_numbers(directory: &Directory, principal: u32, action: u32, resource: u32, at: Instant) -> bool {
    let (principal, action) = (principal_at(directory, principal), directory.policy().action_at(action));
    match (principal, action, object_at(directory, resource)) {
        (Some(principal), Some(action), Some(object)) => directory.is_allowed_at(principal, action, object, at),
        _ => false,
    }
}

/// What [`check_access`](super::check_access) decides, as a number: odd where it is allowed, and the same for all decisions of one directory that differ
/// in nothing but organization and project. A number from elsewhere stands for somebody or something unknown.
#[must_use]
#[inline]
pub fn outcome(directory: &Directory, request: NumberedRequest, at: Instant) -> u32 {
    number_of_verdict(&verdict(directory, request, at))
}

/// The decision that an [`outcome`] stands for.
#[must_use]
pub fn decision(directory: &Directory, request: NumberedRequest, at: Instant) -> Decision<'_> {
    directory.explain(&verdict(directory, request, at))
}

#[inline]
fn verdict(directory: &Directory, request: NumberedRequest, at: Instant) -> Verdict {
    let policy = directory.policy();
    let circumstances = Circumstances { at, surface: policy.surface_at(request.surface), min_revision: None, max_age_seconds: None };
    let (action, principal) = (policy.action_at(request.action), principal_at(directory, request.principal));
    directory.decide_on_found(&circumstances, action, principal, object_at(directory, request.resource))
}

/// From the lowest: a bit for `allowed`, eight for the reason, ten for the role, two for caveats, and one for whether there is a scope.
fn number_of_verdict(verdict: &Verdict) -> u32 {
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
