//! Everything that a directory answers about its own entries.

use std::collections::BTreeSet;

use crate::*;

/// Within the age of the directories that have one, and when some rows have ended.
const TIMES: [&str; 2] = ["2026-02-01T06:30:00Z", "2026-06-01T12:00:00Z"];

/// The entries of a list.
fn list<'j>(entry: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    entry[name].as_array().into_iter().flatten()
}

fn text(value: &Json) -> Option<&str> {
    value.as_str()
}

/// The actions of a policy that may be asked of a resource of this type.
fn actions(policy: &Json, type_name: &str) -> Vec<String> {
    let named = |table: &str| list(policy, table).filter_map(|row| text(&row["action"]).map(str::to_owned)).collect();
    match type_name {
        "organization" => named("organization_actions"),
        "project" => named("project_actions"),
        "user" => list(policy, "self_actions").filter_map(|action| text(action).map(str::to_owned)).collect(),
        kind => {
            let kind = if kind == "api_key" { policy["api_key_kind"].as_str().unwrap_or_default() } else { kind };
            let rows = list(policy, "kinds").filter(|row| row["kind"] == kind).flat_map(|row| list(row, "verbs"));
            rows.flat_map(|row| list(row, "verbs")).filter_map(|verb| Some(format!("{kind}.{}", verb.as_str()?))).collect()
        }
    }
}

/// References to all principals and all resources of a document.
fn entries(document: &Json) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut principals = BTreeSet::from(["user:nobody".to_owned()]);
    let mut resources = BTreeSet::from(["project:nothing".to_owned()]);
    let user = |entry: &Json| entry.as_str().map(|id| format!("user:{id}"));
    principals.extend(list(document, "users").filter_map(|entry| user(&entry["id"])));
    for organization in list(document, "organizations") {
        resources.extend(text(&organization["id"]).map(|id| format!("organization:{id}")));
        principals.extend(list(organization, "members").filter_map(|row| user(&row["user"])));
        for project in list(organization, "projects") {
            resources.extend(text(&project["id"]).map(|id| format!("project:{id}")));
            principals.extend(list(project, "collaborators").filter_map(|row| user(&row["user"])));
            for key in list(project, "api_keys") {
                principals.extend(text(&key["id"]).map(|id| format!("api_key:{id}")));
                principals.extend(user(&key["created_by"]));
                principals.extend(user(&key["acts_as"]));
                resources.extend(text(&key["id"]).map(|id| format!("api_key:{id}")));
            }
            for resource in list(project, "resources") {
                resources.extend(text(&resource["kind"]).zip(text(&resource["id"])).map(|(kind, id)| format!("{kind}:{id}")));
            }
        }
    }
    (principals, resources)
}

/// The decision about every action of everybody, what is listed for them, and how their usage is booked.
pub(crate) fn answers(directory: &Directory) -> Vec<String> {
    let document = written(directory);
    let policy = match &document["policy"] {
        Json::String(id) => read_json(&format!("core/policies/{id}.json")),
        policy => policy.clone(),
    };
    let (principals, resources) = entries(&document);
    let mut answers = Vec::new();
    for at in TIMES {
        for principal in &principals {
            let ask = |question: &Json, answers: &mut Vec<String>| {
                let decision = boundary::check_access(directory, &value(question), Instant::LATEST);
                answers.push(format!("{question} {decision:?}"));
            };
            for resource in &resources {
                let (type_name, _) = resource.split_once(':').unwrap();
                for action in actions(&policy, type_name) {
                    ask(&json!({"principal": principal, "action": action, "resource": resource, "at": at}), &mut answers);
                }
                let usage = json!({"principal": principal, "kind": type_name, "resource": resource, "at": at});
                answers.push(format!("{usage} {:?}", boundary::attribute(directory, &value(&usage), Instant::LATEST)));
            }
            for action in actions(&policy, "user") {
                ask(&json!({"principal": principal, "action": action, "resource": principal, "at": at}), &mut answers);
            }
            let projects = json!({"principal": principal, "at": at});
            answers.push(format!("{projects} {:?}", boundary::list_projects(directory, &value(&projects), Instant::LATEST)));
        }
    }
    answers
}
