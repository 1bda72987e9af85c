//! Random documents with the fields of the model of 2026-09: groups, ends, suspensions, visibilities, and limits of keys.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::plan::{Plan, USERS, document, own_policy, plans, user};
use super::{list, text};

/// Before, at and after the instant of most questions.
const INSTANTS: [&str; 3] = ["2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-05T00:00:00Z"];

/// Random numbers, again from the beginning when they are used up. Zero always means: without the field.
struct Choices {
    numbers: Vec<u16>,
    next: usize,
}

impl Choices {
    fn number(&mut self) -> usize {
        self.next += 1;
        usize::from(self.numbers[self.next % self.numbers.len()])
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.number() % times == times - 1
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.number() % of.len()].clone()
    }

    fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        of.iter().filter(|_| self.once_in(2)).cloned().collect()
    }

    /// Sometimes sets a member of an entry to an instant.
    fn date(&mut self, entry: &mut Json, name: &str, times: usize) {
        if self.once_in(times) {
            entry[name] = json!(self.one(&INSTANTS));
        }
    }
}

/// Random documents, most of them with some of these fields.
pub(super) fn documents() -> impl Strategy<Value = Json> {
    // A prime number of numbers, so that no list of entries meets the same ones again.
    (plans(), vec(any::<u16>(), 211)).prop_map(|(plan, numbers)| with_fields(&plan, Choices { numbers, next: 0 }))
}

/// A policy with every field. In it, no role has all that the others have.
pub(super) fn policy() -> Json {
    let mut policy = own_policy();
    let mut add = |table: &str, row: Json| policy[table].as_array_mut().unwrap().push(row);
    add("project_actions", json!({"action": "review.write", "roles": ["member"], "api_key": true}));
    add("project_actions", json!({"action": "review.read", "roles": ["visitor"], "external": false}));
    add("project_actions", json!({"action": "project.discover", "roles": []}));
    for row in policy["organization_actions"].as_array_mut().unwrap() {
        row["api_key"] = json!(row["action"] == "billing.read" || row["action"] == "organization.read_name");
    }
    for row in policy["project_actions"].as_array_mut().unwrap() {
        row["external"] = json!(row["action"] != "cost_analytics.read" && row["action"] != "review.read");
    }
    let storage = policy["kinds"].as_array_mut().unwrap().iter_mut().find(|kind| kind["kind"] == "storage").unwrap();
    storage["verbs"][0]["external"] = json!(false);
    policy["id"] = json!("model");
    policy["default_project_role"] = json!({"admin": "member", "visitor": "visitor"});
    policy["visibilities"] = json!([
        {"visibility": "hidden", "implied_roles": false},
        {"visibility": "listed", "implied_roles": false, "join": {"admin": "admin"}, "actions": [
            {"roles": ["admin", "member"], "actions": ["project.discover", "file.read"]}, {"roles": ["visitor"], "actions": ["project.discover"]},
        ]},
        {"visibility": "wide", "actions": [{"roles": ["member"], "actions": ["review.read"]}], "join": {"member": "member"}},
    ]);
    policy["api_key_scopes"] = json!([
        {"scope": "reading", "verbs": ["read"]},
        {"scope": "files", "kinds": ["file", "storage"]},
        {"scope": "reviews", "actions": ["review.write", "organization.read_name"]},
        {"scope": "nothing"},
    ]);
    policy["suspended_actions"] = json!({"principal": ["profile.read", "file.read"], "scope": ["file.read", "organization.read_name"]});
    policy
}

/// The policy without some of its fields.
fn some_policy(choices: &mut Choices) -> Json {
    let mut policy = policy();
    policy["role_combination"] = json!(choices.one(&["strongest", "union", "most_specific"]));
    policy["multiple_organizations"] = json!(choices.once_in(2));
    policy["default_key_owner_only"] = json!(!choices.once_in(2));
    for field in ["visibilities", "suspended_actions", "default_project_role"] {
        if choices.once_in(3) {
            policy.as_object_mut().unwrap().remove(field);
        }
    }
    policy
}

fn with_fields(plan: &Plan, mut choices: Choices) -> Json {
    let (choices, mut document) = (&mut choices, document(plan));
    let (mut roles, mut policy) = (vec!["admin", "member"], json!({}));
    match (plan.has_own_policy, choices.number() % 4) {
        (true, 0) => roles.push("visitor"),
        (true, _) => {
            roles.push("visitor");
            policy = some_policy(choices);
            document["policy"] = policy.clone();
        }
        (false, 0 | 1) => {}
        (false, _) => {
            roles[1] = "editor";
            policy = serde_json::from_str(super::LATER_POLICY).unwrap();
            document["policy"] = policy["id"].clone();
        }
    }
    let names = |table: &str, name: &str| -> Vec<String> { list(&policy, table).map(|row| text(row, name).to_owned()).collect() };
    let fields = Fields {
        roles,
        visibilities: names("visibilities", "visibility"),
        scopes: names("api_key_scopes", "scope"),
        has_several_organizations: policy["multiple_organizations"] == true,
        // Of a directory with many, most answers would be the same denials.
        ends: choices.one(&[usize::MAX, 3, 6]),
        suspensions: choices.one(&[usize::MAX, 6, usize::MAX, 12]),
    };
    for organization in document["organizations"].as_array_mut().unwrap() {
        fields.add_to_organization(organization, choices);
    }
    fields.suspend_users(&mut document, choices);
    document
}

/// The names of a policy, and how rare ends and suspensions are.
struct Fields {
    roles: Vec<&'static str>,
    visibilities: Vec<String>,
    scopes: Vec<String>,
    has_several_organizations: bool,
    ends: usize,
    suspensions: usize,
}

impl Fields {
    /// An added row, which may end.
    fn period(&self, row: &mut Json, choices: &mut Choices) {
        choices.date(row, "added_at", 5);
        choices.date(row, "expires_at", self.ends);
    }

    fn add_to_organization(&self, organization: &mut Json, choices: &mut Choices) {
        let owner = organization["owner"].clone();
        if self.has_several_organizations {
            let others: Vec<_> =
                (0..USERS).map(user).filter(|user| list(organization, "members").all(|row| row["user"] != *user)).collect();
            for user in choices.some(&others) {
                let role = choices.one(&["member", "admin", "visitor"]);
                organization["members"].as_array_mut().unwrap().push(json!({"user": user, "role": role}));
            }
        }
        for row in organization["members"].as_array_mut().unwrap().iter_mut().filter(|row| row["user"] != owner) {
            self.period(row, choices);
            choices.date(row, "suspended_at", self.suspensions);
        }
        choices.date(organization, "suspended_at", self.suspensions.saturating_mul(2));
        let members: Vec<_> = list(organization, "members").map(|row| row["user"].clone()).collect();
        let id = text(organization, "id").to_owned();
        let groups: Vec<_> = (0..choices.number() % 3).map(|number| format!("group:{id}_{number}")).collect();
        organization["groups"] = groups
            .iter()
            .map(|group| {
                let mut rows: Vec<_> = choices.some(&members).into_iter().map(|user| json!({"user": user})).collect();
                rows.iter_mut().for_each(|row| self.period(row, choices));
                json!({"id": group, "name": "A group", "members": rows})
            })
            .collect();
        let projects: Vec<_> = list(organization, "projects").map(|project| project["id"].clone()).collect();
        for project in organization["projects"].as_array_mut().unwrap() {
            self.add_to_project(project, &groups, choices);
            for key in project["api_keys"].as_array_mut().unwrap() {
                self.limit_key(key, &projects, choices);
            }
        }
    }

    fn add_to_project(&self, project: &mut Json, groups: &[String], choices: &mut Choices) {
        choices.date(project, "suspended_at", self.suspensions);
        if !self.visibilities.is_empty() && choices.once_in(2) {
            project["visibility"] = json!(choices.one(&self.visibilities));
        }
        let rows = project["collaborators"].as_array_mut().unwrap();
        // Most projects have fewer rows of users, so that other sources of roles decide.
        if choices.once_in(2) {
            rows.retain(|_| choices.once_in(2));
        }
        for row in rows.iter_mut().filter(|row| row["role"] == "member") {
            row["role"] = json!(self.roles[1]);
        }
        rows.extend(choices.some(groups).into_iter().map(|group| json!({"group": group, "role": choices.one(&self.roles)})));
        rows.iter_mut().for_each(|row| self.period(row, choices));
    }

    fn limit_key(&self, key: &mut Json, projects: &[Json], choices: &mut Choices) {
        if choices.once_in(3) {
            key["scopes"] = json!(choices.some(&self.scopes));
        }
        if choices.once_in(3) {
            key["acts_as"] = json!(choices.one(&(0..USERS).map(user).chain(["gone".to_owned()]).collect::<Vec<_>>()));
        }
        match choices.number() % 4 {
            2 => key["projects"] = json!(choices.some(projects)),
            3 => key["projects"] = json!("all"),
            _ => {}
        }
    }

    fn suspend_users(&self, document: &mut Json, choices: &mut Choices) {
        let users = document["users"].as_array_mut().unwrap();
        for id in (0..USERS).map(user) {
            if users.iter().all(|entry| entry["id"] != id) && choices.once_in(2) {
                users.push(json!({"id": id}));
            }
        }
        users.iter_mut().for_each(|entry| choices.date(entry, "suspended_at", self.suspensions));
    }
}
