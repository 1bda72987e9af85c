//! Numbers: what a host keeps of names, so that it need not hand over their text again. They mean the same until the directory changes; after that a
//! host has to forget them.

use crate::access::{Circumstances, Entry, Object, Principal, Role, Verdict};
use crate::decision::Caveat;
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
        (Part::Principal, Some(reference)) => directory.find_principal(reference).and_then(number_of_principal),
        (Part::Resource, Some(reference)) => directory.find_object(reference).and_then(number_of_object),
        (_, None) => None,
    };
    match number {
        Some(number) => Ok(number),
        // Whatever is found has an id that is one.
        None => Reference::read(name, &Path::Root).map(|_| UNKNOWN),
    }
}

fn number_of_principal(principal: Principal) -> Option<u32> {
    match principal {
        Principal::User(user) => u32::from(user).checked_mul(2),
        Principal::ApiKey(key) => u32::from(key).checked_mul(2)?.checked_add(1),
    }
}

fn principal_at(directory: &Directory, number: u32) -> Option<Principal> {
    match number % 2 {
        0 => directory.user_at(number / 2).map(Principal::User),
        _ => directory.api_key_at(number / 2).map(Principal::ApiKey),
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

/// The bit of an [`outcome`] that says that organization and project are those of the resource's [`scope`], and not null.
pub const SCOPED: u32 = 1 << 22;

/// What [`check_access`](super::check_access) decides, as a number: odd where it is allowed, and the same for all decisions of one directory that differ
/// in nothing but organization and project. A number from elsewhere stands for somebody or something unknown.
#[must_use]
#[inline]
pub fn outcome(directory: &Directory, request: NumberedRequest, at: Instant) -> u32 {
    let policy = directory.policy();
    let circumstances = Circumstances { at, surface: policy.surface_at(request.surface), min_revision: None, max_age_seconds: None };
    let verdict = directory.decide_in(
        &circumstances,
        || policy.action_at(request.action),
        || principal_at(directory, request.principal),
        || object_at(directory, request.resource),
    );
    number_of_verdict(&verdict)
}

/// One bit for `allowed`, eight for the reason, ten for the role, three for caveats, and one for whether there is a scope.
fn number_of_verdict(verdict: &Verdict) -> u32 {
    let role = match verdict.role {
        None => 0,
        // INVARIANT: a policy has at most 64 roles of either sort.
        Some(Role::Organization(role)) => (u32::from(role) & 0xff) << 1 | 0x200,
        Some(Role::Project(role)) => (u32::from(role) & 0xff) << 1 | 0x201,
    };
    let caveats = verdict.caveats.iter().fold(0, |caveats: u32, caveat: &Caveat| caveats | 1 << (*caveat as u32 & 3));
    let is_scoped = verdict.organization.is_some();
    u32::from(verdict.reason.allows()) | (verdict.reason as u32 & 0xff) << 1 | role << 9 | caveats << 19 | if is_scoped { SCOPED } else { 0 }
}

/// The ids of the organization and the project of what is asked about.
#[must_use]
pub fn scope(directory: &Directory, resource: u32) -> (Option<&str>, Option<&str>) {
    let (organization, project) = object_at(directory, resource).map_or((None, None), |object| directory.scope(object));
    (organization.map(|organization| directory.organization_id(organization)), project.map(|project| directory.project_id(project)))
}
