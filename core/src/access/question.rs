//! Questions of access, before and after their names are looked up.

use crate::directory::{ApiKey, Organization, Project, Resource, ResourceRow, Tables, User};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::policy::{Action, Kind, Surface, Target};

/// A question: may `principal` do `action` on `resource`?
#[derive(Clone, Copy, Debug)]
pub struct AccessRequest<'r> {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Reference<'r>,
    /// An action of the policy.
    pub action: &'r str,
    /// `organization:<id>`, `project:<id>`, `user:<id>`, `api_key:<id>` or `<kind>:<id>`.
    pub resource: Reference<'r>,
    /// The instant of the question.
    pub at: Instant,
    pub(crate) surface: Option<Surface>,
    pub(crate) freshness: Freshness,
}

impl<'r> AccessRequest<'r> {
    /// A question on the principal's default surface, to a directory of any revision.
    #[must_use]
    pub const fn new(principal: Reference<'r>, action: &'r str, resource: Reference<'r>, at: Instant) -> Self {
        Self { principal, action, resource, at, surface: None, freshness: Freshness::ANY }
    }
}

/// The freshness that a caller requires (A1), beside the directory's own limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Freshness {
    /// The lowest revision that may answer.
    pub min_revision: Option<u64>,
    /// The greatest age in seconds at which the directory may answer.
    pub max_age_seconds: Option<u64>,
}

impl Freshness {
    /// No requirement beside the directory's own limit.
    pub(crate) const ANY: Self = Self { min_revision: None, max_age_seconds: None };
}

/// The instant of a question, and the freshness that it requires.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    pub(crate) at: Instant,
    pub(crate) freshness: Freshness,
}

impl Conditions {
    /// At an instant, without requirements beside the directory's own limit.
    pub(crate) const fn at(at: Instant) -> Self {
        Self { at, freshness: Freshness::ANY }
    }
}

/// A principal that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    User(User),
    ApiKey(ApiKey),
}

/// An object of a question that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object {
    User(User),
    Organization(Organization),
    Project(Project),
    InProject(InProject),
}

/// A resource in a project: a row of `resources`, or an API key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InProject {
    pub(crate) kind: Kind,
    pub(crate) project: Project,
    pub(crate) index: ResourceIndex,
}

/// The index of a resource: API keys and other resources have separate tables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ResourceIndex {
    ApiKey(ApiKey),
    Resource(Resource),
}

impl InProject {
    pub(super) fn key(self) -> Option<ApiKey> {
        match self.index {
            ResourceIndex::ApiKey(key) => Some(key),
            ResourceIndex::Resource(_) => None,
        }
    }
}

/// A question whose names have been looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundQuestion {
    pub(crate) principal: Option<Principal>,
    pub(crate) action: Option<Action>,
    pub(crate) object: Option<Object>,
    pub(crate) surface: Option<Surface>,
    pub(crate) conditions: Conditions,
}

// Lookups are most of the cost of a decision, and one more call for each of them can be measured. In WebAssembly, size matters more.
impl Tables {
    /// Principal, action and object by their names, if all of them are found.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn find_names(&self, [principal, action, resource]: [&str; 3]) -> Option<(Principal, Action, Object)> {
        let principal = self.find_principal(Reference::split(principal)?)?;
        let action = self.policy().action(action)?;
        let object = self.find_object(Reference::split(resource)?, Some(action))?;
        Some((principal, action, object))
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn find_principal(&self, reference: Reference<'_>) -> Option<Principal> {
        match reference.type_name {
            "user" => self.user(reference.id).map(Principal::User),
            "api_key" => self.api_key(reference.id).map(Principal::ApiKey),
            _ => None,
        }
    }

    /// An object. The action, if there is one, says which kind is likely.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn find_object(&self, reference: Reference<'_>, action: Option<Action>) -> Option<Object> {
        match reference.type_name {
            "user" => self.user(reference.id).map(Object::User),
            "organization" => self.organization(reference.id).map(Object::Organization),
            "project" => self.project(reference.id).map(Object::Project),
            kind => self.find_of_kind(self.find_kind(kind, action)?, reference.id).map(Object::InProject),
        }
    }

    /// The kind of that name: mostly that of the action, which needs no lookup.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn find_kind(&self, name: &str, action: Option<Action>) -> Option<Kind> {
        let policy = self.policy();
        match action.map(|action| policy.target(action)) {
            Some(Target::Kind(kind)) if policy.kind_name(kind) == name => Some(kind),
            _ => policy.kind(name),
        }
    }

    /// A resource by the name of its kind, and its id.
    pub(crate) fn find_in_project(&self, kind_name: &str, id: &str) -> Option<InProject> {
        self.find_of_kind(self.policy().kind(kind_name)?, id)
    }

    /// A resource by its kind and id. An API key is a resource of the kind that the policy gives to API keys.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn find_of_kind(&self, kind: Kind, id: &str) -> Option<InProject> {
        if self.policy().api_key_kind() == Some(kind) {
            self.api_key(id).map(|key| self.key_in_project(kind, key))
        } else {
            self.resource(kind, id).map(|resource| self.resource_in_project(resource))
        }
    }

    /// An API key as a resource of the kind that the policy gives to API keys.
    pub(crate) fn key_in_project(&self, kind: Kind, key: ApiKey) -> InProject {
        InProject { kind, project: self.api_key_row(key).project, index: ResourceIndex::ApiKey(key) }
    }

    #[inline]
    pub(crate) fn resource_in_project(&self, resource: Resource) -> InProject {
        let ResourceRow { kind, project } = *self.resource_row(resource);
        InProject { kind, project, index: ResourceIndex::Resource(resource) }
    }

    /// The organization and project of an object; a user as an object has neither.
    pub(crate) fn scope(&self, object: Object) -> (Option<Organization>, Option<Project>) {
        match object {
            Object::User(_) => (None, None),
            Object::Organization(organization) => (Some(organization), None),
            Object::Project(project) | Object::InProject(InProject { project, .. }) => {
                (Some(self.project_row(project).organization), Some(project))
            }
        }
    }
}
