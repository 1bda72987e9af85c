//! Whom changes concern: the principals and objects whose decisions may differ, and the principals whose usage may be booked elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::directory::{ApiKey, Entry, EntryIndex, Images, Key, Organization, Tables, User, read_entry};
use crate::input::instant::Instant;

/// Pairs of a principal and an object, and principals, all as references.
pub(super) struct Concern {
    pub(super) at: Instant,
    pub(super) access: BTreeSet<(String, String)>,
    pub(super) bookings: BTreeSet<String>,
    /// The API keys of organizations by the users whom they act as, and who made them: of the side that is looked at.
    keys: BTreeMap<Organization, BTreeMap<User, Vec<ApiKey>>>,
}

impl Concern {
    pub(super) fn new(at: Instant) -> Self {
        Self { at, access: BTreeSet::new(), bookings: BTreeSet::new(), keys: BTreeMap::new() }
    }

    /// Adds what one side of the changes shows. Both sides are added before anything is compared.
    pub(super) fn add(&mut self, tables: &Tables, before: &Images, after: &Images, has_another_policy: bool) {
        self.keys.clear();
        if has_another_policy {
            let organizations: Vec<_> = tables.organization_ids().filter_map(|id| tables.organization(id)).collect();
            for organization in organizations {
                self.everybody(tables, organization, &tables.objects_of(organization));
                self.bookings_of_everybody(tables, organization);
            }
        }
        for ((text, before), after) in before.iter().zip(after.values()) {
            let Some(key) = Key::parse(text) else { continue };
            let facts = |image: &Option<Vec<u8>>| image.as_deref().and_then(|image| read_entry(key, image).map(|entry| Facts::of(&entry)));
            let (before, after) = (facts(before), facts(after));
            let access = |facts: &Option<Facts>| facts.as_ref().map(|facts| facts.access.clone());
            let changes = Changes { access: access(&before) != access(&after), bookings: before != after };
            if let Some(entry) = tables.find_entry(key) {
                self.entry(tables, entry, &changes);
            } else if let Some(organization) = key.organization().and_then(|id| tables.organization(id)) {
                // On this side it is not there, but what it is about is.
                self.missing(tables, organization, key);
            }
        }
    }

    fn entry(&mut self, tables: &Tables, entry: EntryIndex, changes: &Changes) {
        match entry {
            EntryIndex::User(user) => {
                for organization in tables.organizations_with(user) {
                    self.user(tables, user, organization, &tables.objects_of(organization));
                }
            }
            EntryIndex::Organization(organization) => {
                if changes.access {
                    self.everybody(tables, organization, &tables.objects_of(organization));
                }
                if changes.bookings {
                    self.bookings_of_everybody(tables, organization);
                }
            }
            EntryIndex::Member(organization, user) => {
                self.user(tables, user, organization, &tables.objects_of(organization));
            }
            EntryIndex::Group(_) | EntryIndex::Resource(_) => {}
            EntryIndex::GroupMember(group, user) => {
                for project in tables.projects_of_group(group) {
                    let organization = tables.project_row(project).organization;
                    self.user(tables, user, organization, &tables.objects_in(project));
                }
            }
            EntryIndex::Project(project) => {
                let organization = tables.project_row(project).organization;
                if changes.access {
                    let mut objects = vec![tables.object_of_project(project), tables.object_of_organization(organization)];
                    objects.extend(tables.object_of_default_key(organization));
                    self.everybody(tables, organization, &objects);
                    self.bookings_of_everybody(tables, organization);
                    // API keys that stand in it are suspended with it, wherever they reach (A25).
                    let keys = &tables.project_contents(project).api_keys;
                    for key in keys.iter().filter(|key| tables.limits(**key).is_some()) {
                        self.api_key(tables, *key, &tables.objects_of(organization));
                    }
                }
            }
            EntryIndex::Grant(project, group) => {
                let organization = tables.project_row(project).organization;
                for user in tables.members_of_group(group) {
                    self.user(tables, *user, organization, &tables.objects_in(project));
                }
            }
            EntryIndex::Collaborator(project, user) => {
                let organization = tables.project_row(project).organization;
                let mut objects = vec![tables.object_of_project(project), tables.object_of_organization(organization)];
                objects.extend(tables.object_of_default_key(organization));
                self.user(tables, user, organization, &objects);
            }
            EntryIndex::ApiKey(key) => {
                let organization = tables.project_row(tables.api_key_row(key).project).organization;
                self.api_key(tables, key, &tables.objects_of(organization));
                if tables.is_default_key(entry)
                    && let Some(object) = tables.object_of_default_key(organization)
                {
                    self.everybody(tables, organization, &[object]);
                }
            }
        }
    }

    /// An entry that the other side has, in an organization that both have.
    fn missing(&mut self, tables: &Tables, organization: Organization, key: Key<'_>) {
        let user = |id: &str| tables.find_user_name(id);
        match key {
            Key::Member(_, id) => {
                if let Some(user) = user(id) {
                    self.user(tables, user, organization, &tables.objects_of(organization));
                }
            }
            Key::GroupMember(_, group, id) => {
                let projects = tables.group(group).map(|group| tables.projects_of_group(group)).unwrap_or_default();
                for project in projects {
                    user(id).into_iter().for_each(|user| self.user(tables, user, organization, &tables.objects_in(project)));
                }
            }
            Key::Grant(_, project, group) => {
                let members = tables.group(group).map(|group| tables.members_of_group(group)).unwrap_or_default();
                if let Some(project) = tables.project(project) {
                    members.iter().for_each(|user| self.user(tables, *user, organization, &tables.objects_in(project)));
                }
            }
            Key::Collaborator(_, project, id) => {
                let mut objects = vec![tables.object_of_organization(organization)];
                objects.extend(tables.project(project).map(|project| tables.object_of_project(project)));
                objects.extend(tables.object_of_default_key(organization));
                user(id).into_iter().for_each(|user| self.user(tables, user, organization, &objects));
            }
            Key::Project(..) => self.bookings_of_everybody(tables, organization),
            _ => {}
        }
    }

    /// A user, the API keys of the organization that act as the user, and the usage of those that the user has made (B5).
    fn user(&mut self, tables: &Tables, user: User, organization: Organization, objects: &[String]) {
        self.pair(format!("user:{}", tables.user_id(user)), objects);
        self.booking_of(tables, user);
        for key in self.keys_of(tables, organization, user) {
            let principal = format!("api_key:{}", tables.api_key_id(key));
            self.bookings.insert(principal.clone());
            if tables.acted_user(key) == Some(user) {
                self.pair(principal, objects);
            }
        }
    }

    /// The API keys of an organization that a user has made, or that act as the user.
    fn keys_of(&mut self, tables: &Tables, organization: Organization, user: User) -> Vec<ApiKey> {
        let by_user = self.keys.entry(organization).or_insert_with(|| {
            let mut by_user: BTreeMap<User, Vec<ApiKey>> = BTreeMap::new();
            for key in tables.keys_in(organization) {
                by_user.entry(tables.maker(key).unwrap_or(User::from(u32::MAX))).or_default().push(key);
            }
            by_user
        });
        by_user.get(&user).cloned().unwrap_or_default()
    }

    fn api_key(&mut self, tables: &Tables, key: ApiKey, objects: &[String]) {
        let principal = format!("api_key:{}", tables.api_key_id(key));
        self.bookings.insert(principal.clone());
        self.pair(principal, objects);
    }

    fn pair(&mut self, principal: String, objects: &[String]) {
        self.access.extend(objects.iter().map(|object| (principal.clone(), object.clone())));
    }

    fn everybody(&mut self, tables: &Tables, organization: Organization, objects: &[String]) {
        for user in tables.users_in(organization) {
            self.pair(format!("user:{}", tables.user_id(user)), objects);
        }
        for key in tables.keys_in(organization) {
            self.pair(format!("api_key:{}", tables.api_key_id(key)), objects);
        }
    }

    /// A user's own usage, and that of keys that the user has made in any organization.
    fn booking_of(&mut self, tables: &Tables, user: User) {
        self.bookings.insert(format!("user:{}", tables.user_id(user)));
        for organization in tables.organizations_with(user) {
            for key in self.keys_of(tables, organization, user) {
                self.bookings.insert(format!("api_key:{}", tables.api_key_id(key)));
            }
        }
    }

    fn bookings_of_everybody(&mut self, tables: &Tables, organization: Organization) {
        for user in tables.users_in(organization) {
            self.booking_of(tables, user);
        }
        for key in tables.keys_in(organization) {
            self.bookings.insert(format!("api_key:{}", tables.api_key_id(key)));
        }
    }
}

/// What may differ because an entry does.
struct Changes {
    access: bool,
    bookings: bool,
}

/// The facts of an entry that decisions read, and those that only bookings read. Names decide nothing.
#[derive(PartialEq)]
struct Facts {
    access: Map<String, Value>,
    bookings: Option<Value>,
}

impl Facts {
    fn of(entry: &Entry<'_>) -> Self {
        let mut access = entry.to_members();
        let bookings = access.remove("projects_since");
        if matches!(entry, Entry::Organization(_) | Entry::Project(_)) {
            ["name", "membership", "multi_project"].iter().for_each(|field| drop(access.remove(*field)));
        }
        Self { access, bookings }
    }
}

impl Tables {
    /// All users with a row in an organization.
    fn users_in(&self, organization: Organization) -> BTreeSet<User> {
        let row = self.organization_row(organization);
        let collaborators = row.projects.iter().flat_map(|project| &self.project_contents(*project).collaborators);
        row.members.iter().chain(collaborators).copied().collect()
    }

    fn keys_in(&self, organization: Organization) -> Vec<ApiKey> {
        let projects = &self.organization_row(organization).projects;
        projects.iter().flat_map(|project| &self.project_contents(*project).api_keys).copied().collect()
    }

    /// The organizations in which a user has a row.
    fn organizations_with(&self, user: User) -> BTreeSet<Organization> {
        let of_projects = self.projects_of(user).map(|project| self.project_row(project).organization);
        self.member_rows(user).map(|row| row.organization).chain(of_projects).collect()
    }
}
