//! What a timeline knows of names: whatever was in the directory at any moment. Each id has one display name, the latest, so that groups by id and name
//! are groups by id.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::columns::{Known, KnownNames};
use crate::directory::{Directory, Images, Key, read_entry};
use crate::input::id::Reference;

use super::states::Timeline;

/// The names of all moments of a timeline as it was when this was made.
///
/// What is in no state and no step was never there: entries differ from one state to the next only by steps.
#[derive(Debug)]
pub struct TimelineNames {
    present: Arc<Directory>,
    /// What steps altered, as it was last.
    users: Names,
    api_keys: Names,
    organizations: Names,
    projects: Names,
    /// By kind.
    resources: BTreeMap<String, Names>,
    /// The states with which policies began, the latest first: a step to another policy need not say what it altered.
    policies: Vec<Arc<Directory>>,
}

/// Display names by ids.
type Names = BTreeMap<String, Option<String>>;

impl TimelineNames {
    /// The names of a timeline as it is now.
    #[must_use]
    pub fn new(timeline: &Timeline) -> Self {
        let begins = |position: usize| match position.checked_sub(1).and_then(|last| timeline.steps.get(last)) {
            Some(step) => step.has_another_policy,
            None => true,
        };
        let beginnings = timeline.checkpoints.iter().rev().filter(|(position, _)| begins(*position));
        let mut names = Self {
            present: Arc::clone(&timeline.present),
            users: Names::new(),
            api_keys: Names::new(),
            organizations: Names::new(),
            projects: Names::new(),
            resources: BTreeMap::new(),
            policies: beginnings.map(|(_, directory)| Arc::clone(directory)).collect(),
        };
        for step in &timeline.steps {
            names.add(&step.before);
            names.add(&step.after);
        }
        names
    }

    /// Adds entries in the place of earlier ones.
    fn add(&mut self, images: &Images) {
        for (text, image) in images {
            let (Some(key), Some(image)) = (Key::parse(text), image) else { continue };
            let names = match key {
                Key::User(_) | Key::Member(..) | Key::GroupMember(..) | Key::Collaborator(..) => &mut self.users,
                Key::ApiKey(..) => &mut self.api_keys,
                Key::Organization(_) => &mut self.organizations,
                Key::Project(..) => &mut self.projects,
                Key::Resource(.., kind, _) => self.resources.entry(kind.to_owned()).or_default(),
                Key::Group(..) | Key::Grant(..) => continue,
            };
            let name = read_entry(key, image).and_then(|entry| entry.name());
            names.insert(key.own_id().to_owned(), name.map(str::to_owned));
        }
    }

    /// What is known of an id, with the name that it had last.
    fn latest<'n>(&'n self, names: Option<&'n Names>, id: &str, of: impl Fn(&'n Directory) -> Option<Known<'n>>) -> Option<Known<'n>> {
        let altered = || names.and_then(|names| names.get(id)).map(|name| Known { name: name.as_deref() });
        of(&self.present).or_else(altered).or_else(|| self.policies.iter().find_map(|state| of(state)))
    }
}

impl KnownNames for TimelineNames {
    fn known_user(&self, id: &str) -> Option<Known<'_>> {
        self.latest(Some(&self.users), id, |state| state.known_user(id))
    }

    fn known_api_key(&self, id: &str) -> Option<Known<'_>> {
        self.latest(Some(&self.api_keys), id, |state| state.known_api_key(id))
    }

    fn known_organization(&self, id: &str) -> Option<Known<'_>> {
        self.latest(Some(&self.organizations), id, |state| state.known_organization(id))
    }

    fn known_project(&self, id: &str) -> Option<Known<'_>> {
        self.latest(Some(&self.projects), id, |state| state.known_project(id))
    }

    fn known_resource(&self, resource: Reference<'_>) -> Option<Known<'_>> {
        let states = || std::iter::once(&self.present).chain(&self.policies);
        let is_key_kind = |state: &Arc<Directory>| {
            let policy = state.tables().policy();
            policy.api_key_kind().is_some() && policy.api_key_kind() == policy.kind(resource.type_name)
        };
        let names = self.resources.get(resource.type_name).or_else(|| states().any(is_key_kind).then_some(&self.api_keys));
        self.latest(names, resource.id, |state| state.known_resource(resource))
    }
}
