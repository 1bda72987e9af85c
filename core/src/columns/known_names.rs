//! What is known of the names in columns of usage and of answers, to be repeated beside the answers. Anything else in a column could be a secret.

use std::fmt::Debug;

use crate::access::ResourceIndex;
use crate::directory::Directory;
use crate::input::id::Reference;

/// Something that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'n> {
    /// Its display name, if it has one.
    pub name: Option<&'n str>,
}

/// Where it is looked up what a name stands for, and what people call it.
pub trait KnownNames: Debug + Send + Sync {
    /// The user of that id. Users have no display names.
    fn known_user(&self, id: &str) -> Option<Known<'_>>;
    /// The API key of that id.
    fn known_api_key(&self, id: &str) -> Option<Known<'_>>;
    /// The organization of that id.
    fn known_organization(&self, id: &str) -> Option<Known<'_>>;
    /// The project of that id.
    fn known_project(&self, id: &str) -> Option<Known<'_>>;
    /// The resource of that reference.
    fn known_resource(&self, resource: Reference<'_>) -> Option<Known<'_>>;

    /// The user or API key of that reference.
    fn known_principal(&self, principal: Reference<'_>) -> Option<Known<'_>> {
        match principal.type_name {
            "user" => self.known_user(principal.id),
            "api_key" => self.known_api_key(principal.id),
            _ => None,
        }
    }
}

impl KnownNames for Directory {
    fn known_user(&self, id: &str) -> Option<Known<'_>> {
        self.tables().user(id).map(|_| Known { name: None })
    }

    fn known_api_key(&self, id: &str) -> Option<Known<'_>> {
        self.tables().api_key(id).map(|key| Known { name: self.tables().api_key_name(key) })
    }

    fn known_organization(&self, id: &str) -> Option<Known<'_>> {
        self.tables().organization(id).map(|organization| Known { name: self.tables().organization_name(organization) })
    }

    fn known_project(&self, id: &str) -> Option<Known<'_>> {
        self.tables().project(id).map(|project| Known { name: self.tables().project_name(project) })
    }

    fn known_resource(&self, resource: Reference<'_>) -> Option<Known<'_>> {
        let name = match self.tables().find_in_project(resource.type_name, resource.id)?.index {
            ResourceIndex::ApiKey(key) => self.tables().api_key_name(key),
            ResourceIndex::Resource(resource) => self.tables().resource_name(resource),
        };
        Some(Known { name })
    }
}
