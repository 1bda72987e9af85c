//! Random directories, and facts from their documents that do not depend on the engine.

use std::collections::BTreeSet;
use std::fmt;

use bailiwick::{AccessRequest, Directory, Instant, Reference};
use proptest::prelude::*;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

pub(crate) mod answers;
pub(crate) mod facts;
mod model;
mod plan;

pub(crate) const SURFACES: [&str; 3] = ["api", "ui", "playground"];

const POLICY: &str = include_str!("../../core/policies/projects-2026-02.json");
const LATER_POLICY: &str = include_str!("../../core/policies/projects-2026-09.json");

/// The kinds that resources can have; all policies have the same.
pub(crate) fn kinds() -> Vec<String> {
    let policy: Json = serde_json::from_str(POLICY).unwrap();
    let kinds = policy["kinds"].as_array().unwrap().iter().map(|kind| kind["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind != "api_key").collect()
}

/// Every action of any policy.
pub(crate) fn actions() -> Vec<String> {
    let policies = [serde_json::from_str(POLICY).unwrap(), serde_json::from_str(LATER_POLICY).unwrap(), model::policy()];
    policies.iter().flat_map(actions_of).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The actions of a policy.
pub(crate) fn actions_of(policy: &Json) -> BTreeSet<String> {
    let mut actions: BTreeSet<_> = list(policy, "self_actions").map(|action| action.as_str().unwrap().to_owned()).collect();
    for table in ["organization_actions", "project_actions"] {
        actions.extend(list(policy, table).map(|row| text(row, "action").to_owned()));
    }
    for kind in list(policy, "kinds") {
        for verb in list(kind, "verbs").flat_map(|group| list(group, "verbs")) {
            actions.insert(format!("{}.{}", text(kind, "kind"), verb.as_str().unwrap()));
        }
    }
    actions
}

/// The digest of the secret `secret_<number>`.
pub(crate) fn digest(number: usize) -> String {
    let digest = Sha256::digest(format!("secret_{number}"));
    format!("sha256:{}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// A directory with its document, and references to all of its entries. Some are unknown.
pub(crate) struct World {
    pub(crate) document: Json,
    pub(crate) directory: Directory,
    pub(crate) principals: Vec<String>,
    pub(crate) projects: Vec<String>,
    /// Projects and the resources in them, each with its project.
    pub(crate) objects: Vec<(String, String)>,
    pub(crate) policy: Json,
}

/// Shown on failure: the document, and the id of the policy.
impl fmt::Debug for World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut document = self.document.clone();
        document["policy"] = self.policy["id"].clone();
        write!(formatter, "{document}")
    }
}

/// Random directories.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    prop_oneof![1 => plain_worlds(), 2 => model_worlds()]
}

/// Random directories, most of them with some of the fields of the model of 2026-09.
pub(crate) fn model_worlds() -> impl Strategy<Value = World> {
    model::documents().prop_map(|document| World::of(loaded(&document)))
}

/// Random directories without any of the fields of the model of 2026-09.
pub(crate) fn plain_worlds() -> impl Strategy<Value = World> {
    plan::plans().prop_map(|plan| World::of(loaded(&plan::document(&plan))))
}

/// The directory of a valid document.
pub(crate) fn loaded(document: &Json) -> Directory {
    Directory::from_json(document.to_string().as_bytes()).map_err(|error| format!("{error}: {document}")).unwrap()
}

pub(crate) fn at() -> Instant {
    Instant::parse("2026-02-01T00:00:00Z").unwrap()
}

/// The entries of a list; empty if there is no list.
pub(crate) fn list<'j>(document: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    document[name].as_array().into_iter().flatten()
}

/// The text of a member.
pub(crate) fn text<'j>(entry: &'j Json, name: &str) -> &'j str {
    entry[name].as_str().unwrap()
}

/// The users that rows name.
fn users_in(entry: &Json, rows: &str) -> impl Iterator<Item = String> {
    list(entry, rows).filter_map(|row| row["user"].as_str().map(str::to_owned))
}

impl World {
    /// What the directory's document says.
    pub(crate) fn of(directory: Directory) -> Self {
        let document = serde_json::to_value(directory.to_document()).unwrap();
        let (mut users, mut keys, mut projects, mut objects) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        users.extend(list(&document, "users").map(|entry| text(entry, "id").to_owned()));
        for organization in list(&document, "organizations") {
            users.extend(users_in(organization, "members"));
            for project in list(organization, "projects") {
                let id = text(project, "id");
                users.extend(users_in(project, "collaborators"));
                objects.push((format!("project:{id}"), id.to_owned()));
                for key in list(project, "api_keys").map(|key| format!("api_key:{}", text(key, "id"))) {
                    objects.push((key.clone(), id.to_owned()));
                    keys.push(key);
                }
                for resource in list(project, "resources") {
                    objects.push((format!("{}:{}", text(resource, "kind"), text(resource, "id")), id.to_owned()));
                }
                projects.push(id.to_owned());
            }
        }
        users.sort_unstable();
        users.dedup();
        let strangers = ["user:nobody".to_owned(), "robot:x".to_owned()];
        let principals = users.iter().map(|user| format!("user:{user}")).chain(keys).chain(strangers).collect();
        let policy = match document["policy"].as_str() {
            None if document["policy"].is_object() => document["policy"].clone(),
            Some("projects-2026-09") => serde_json::from_str(LATER_POLICY).unwrap(),
            _ => serde_json::from_str(POLICY).unwrap(),
        };
        Self { document, directory, principals, projects, objects, policy }
    }

    /// Asks about every action of every principal on all objects in projects, at an instant.
    pub(crate) fn each_question(&self, at: Instant, mut then: impl FnMut(&str, &str, &(String, String), AccessRequest<'_>)) {
        let actions = actions();
        for principal in &self.principals {
            for object in &self.objects {
                for action in &actions {
                    let request =
                        AccessRequest::new(Reference::parse(principal).unwrap(), action, Reference::parse(&object.0).unwrap(), at);
                    then(principal, action, object, request);
                }
            }
        }
    }
}
