//! Facts: the rows that a rule looks at, there or not. Rows of the directory are named by their ids, rows of the policy by their words.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::access::{InProject, Object, Principal, ResourceIndex};
use crate::directory::{ApiKey, Group, Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{Action, OrganizationRole, ProjectRole};

/// A row that was looked at, or looked for: `{fact, …ids…, present}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    fact: &'static str,
    ids: Vec<(&'static str, String)>,
    present: bool,
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("fact", self.fact)?;
        for (name, id) in &self.ids {
            map.serialize_entry(name, id)?;
        }
        map.serialize_entry("present", &self.present)?;
        map.end()
    }
}

/// A list of facts, each once, in the order in which the rule asks for them.
pub(super) struct Facts<'t> {
    pub(super) tables: &'t Tables,
    pub(super) at: Instant,
    list: Vec<Fact>,
}

impl<'t> Facts<'t> {
    pub(super) const fn new(tables: &'t Tables, at: Instant) -> Self {
        Self { tables, at, list: Vec::new() }
    }

    pub(super) fn into_list(self) -> Vec<Fact> {
        self.list
    }

    /// Adds a fact. A row that has ended counts as not there (A27).
    pub(super) fn add(&mut self, fact: &'static str, ids: &[(&'static str, &str)], present: bool) {
        let ids = ids.iter().map(|(name, id)| (*name, (*id).to_owned())).collect();
        let fact = Fact { fact, ids, present };
        if !self.list.contains(&fact) {
            self.list.push(fact);
        }
    }

    // Rows of the directory.

    pub(super) fn user(&mut self, user: User) {
        self.add("user", &[("user", self.tables.user_id(user))], true);
    }

    pub(super) fn organization(&mut self, organization: Organization) {
        self.add("organization", &[("organization", self.tables.organization_id(organization))], true);
    }

    pub(super) fn project(&mut self, project: Project) {
        self.add("project", &[("project", self.tables.project_id(project))], true);
    }

    pub(super) fn api_key(&mut self, key: ApiKey) {
        self.add("api_key", &[("key", self.tables.api_key_id(key))], true);
    }

    pub(super) fn principal(&mut self, principal: Principal) {
        match principal {
            Principal::User(user) => self.user(user),
            Principal::ApiKey(key) => self.api_key(key),
        }
    }

    pub(super) fn object(&mut self, object: Object) {
        match object {
            Object::User(user) => self.user(user),
            Object::Organization(organization) => self.organization(organization),
            Object::Project(project) => self.project(project),
            Object::InProject(InProject { project, index: ResourceIndex::ApiKey(key), .. }) => {
                self.api_key(key);
                self.project(project);
            }
            Object::InProject(InProject { project, kind, index: ResourceIndex::Resource(resource) }) => {
                let reference = format!("{}:{}", self.tables.policy().kind_name(kind), self.tables.resource_id(resource));
                self.add("resource", &[("resource", &reference)], true);
                self.project(project);
            }
        }
    }

    pub(super) fn member(&mut self, user: User, organization: Organization) {
        let present = self.tables.membership(user, organization, self.at).is_some();
        let ids = [("organization", self.tables.organization_id(organization)), ("user", self.tables.user_id(user))];
        self.add("member", &ids, present);
    }

    pub(super) fn collaborator(&mut self, user: User, project: Project) {
        let present = self.tables.has_live_row(project, user, self.at);
        self.add("collaborator", &[("project", self.tables.project_id(project)), ("user", self.tables.user_id(user))], present);
    }

    /// The groups with a row in the project that the user is in: the user's row in the group, and the group's in the project.
    pub(super) fn groups(&mut self, user: User, project: Project) {
        for group in self.tables.groups_in(project) {
            if self.tables.is_in_group(user, *group, self.at) {
                self.group(user, *group, project);
            }
        }
    }

    fn group(&mut self, user: User, group: Group, project: Project) {
        let present = self.tables.group_role(project, group, self.at).is_some();
        let id = self.tables.group_id(group);
        self.add("group_member", &[("group", id), ("user", self.tables.user_id(user))], true);
        self.add("group_collaborator", &[("project", self.tables.project_id(project)), ("group", id)], present);
    }

    // Rows of the policy.

    pub(super) fn permission(&mut self, fact: &'static str, action: Action, present: bool) {
        self.add(fact, &[("action", self.tables.policy().action_name(action))], present);
    }

    pub(super) fn organization_role(&mut self, role: OrganizationRole, action: Action) {
        let policy = self.tables.policy();
        let ids = [("role", policy.organization_role_name(role)), ("action", policy.action_name(action))];
        self.add("organization_role_action", &ids, policy.organization_role_has(role, action));
    }

    pub(super) fn project_role(&mut self, role: ProjectRole, action: Action) {
        let policy = self.tables.policy();
        let ids = [("role", policy.project_role_name(role)), ("action", policy.action_name(action))];
        self.add("project_role_action", &ids, policy.project_role_has(role, action));
    }
}
