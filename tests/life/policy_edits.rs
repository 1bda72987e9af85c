//! Random edits of the policy of a directory.

use crate::*;

/// An edit: which one, and what it is applied to.
pub(crate) type Edit = (usize, usize, usize);

pub(crate) fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    vec((0..EDITS.len(), 0..1024_usize, 0..1024_usize), 1..=most)
}

/// The directory under its policy after those of the edits that leave a valid document. No change has a permission in it.
pub(crate) fn under_edited_policy(world: &World, edits: &[Edit]) -> Directory {
    let mut document = world.document.clone();
    document["policy"] = world.policy.clone();
    (document["policy"]["id"], document["policy"]["changes"]) = (json!("edited"), json!({}));
    let mut directory = loaded(&document.to_string());
    for (edit, first, second) in edits {
        let mut edited = document.clone();
        EDITS[*edit](&mut edited, *first, *second);
        if let Ok(valid) = Directory::from_json(edited.to_string().as_bytes()) {
            (document, directory) = (edited, valid);
        }
    }
    directory
}

type Editing = fn(&mut Json, usize, usize);

const EDITS: [Editing; 14] = [
    // No role is shared with the old policy, and no action.
    |document, _, _| {
        renamed(document, &["role", "roles", "project_role", "project_roles", "collaborator_role", "default_project_role", "join"])
    },
    |document, _, _| {
        document["policy"].as_object_mut().unwrap().remove("suspended_actions");
        renamed(&mut document["policy"], &["action", "actions", "verbs", "api_key_verbs", "create_verb", "self_actions"]);
    },
    // An action more or less for a role, and other limits of an action.
    |document, first, second| flip_role(&mut row_of_action(document, first)["roles"], second),
    |document, first, second| flip_role(&mut row_of_verbs(document, first)["roles"], second),
    |document, first, second| flip(&mut row_of_action(document, first)[["api_key", "external", "owner"][second % 3]]),
    |document, first, second| match second % 2 {
        0 => flip(&mut row_of_verbs(document, first)["external"]),
        _ => remove(&mut one(&mut document["policy"]["kinds"], first)["api_key_verbs"], second),
    },
    // An action or a kind that only one side has.
    |document, first, _| {
        row_of_action(document, first)["action"] = json!("another.action");
    },
    |document, first, second| {
        let table = ["organization_actions", "project_actions", "kinds"][first % 3];
        remove(&mut document["policy"][table], second);
    },
    // Where usage is booked.
    |document, first, second| {
        let support = &mut one(&mut document["policy"]["kinds"], first)["support"];
        support[SURFACES[second % 2]] = json!(["supported", "unsupported", "not_applicable"][second / 2 % 3]);
    },
    |document, first, _| flip(&mut one(&mut document["policy"]["surfaces"], first)["books_to_default_project"]),
    // What holds for the whole policy.
    |document, first, _| document["policy"]["role_combination"] = json!(["strongest", "union", "most_specific"][first % 3]),
    |document, _, _| flip(&mut document["policy"]["default_key_owner_only"]),
    |document, first, _| {
        let field = ["default_project_role", "suspended_actions", "api_key_kind"][first % 3];
        document["policy"].as_object_mut().unwrap().remove(field);
    },
    |document, first, second| match second % 3 {
        0 => flip(&mut one(&mut document["policy"]["visibilities"], first)["implied_roles"]),
        1 => remove(&mut one(&mut document["policy"]["visibilities"], first)["actions"], second),
        _ => remove(&mut one(&mut document["policy"]["api_key_scopes"], first)["verbs"], second),
    },
];

/// One of a list; something that nobody reads, if there is none.
fn one(list: &mut Json, number: usize) -> &mut Json {
    if list.as_array().is_none_or(Vec::is_empty) {
        *list = json!([{}]);
    }
    let list = list.as_array_mut().unwrap();
    let place = number % list.len();
    &mut list[place]
}

fn remove(list: &mut Json, number: usize) {
    if let Some(list) = list.as_array_mut().filter(|list| !list.is_empty()) {
        list.remove(number % list.len());
    }
}

fn row_of_action(document: &mut Json, number: usize) -> &mut Json {
    one(&mut document["policy"][["organization_actions", "project_actions"][number % 2]], number / 2)
}

fn row_of_verbs(document: &mut Json, number: usize) -> &mut Json {
    one(&mut one(&mut document["policy"]["kinds"], number)["verbs"], number / 32)
}

fn flip(value: &mut Json) {
    *value = json!(*value != true);
}

fn flip_role(roles: &mut Json, number: usize) {
    let role = json!(["admin", "member", "editor", "visitor"][number % 4]);
    let Some(roles) = roles.as_array_mut() else { return };
    match roles.iter().position(|other| *other == role) {
        Some(place) => drop(roles.remove(place)),
        None => roles.push(role),
    }
}

/// Gives other names to what stands under these fields: as texts, in lists, and as the names of members.
fn renamed(json: &mut Json, fields: &[&str]) {
    match json {
        Json::Object(members) => {
            for (field, value) in members {
                match value {
                    Json::Object(map) if fields.contains(&field.as_str()) => {
                        *map = std::mem::take(map).into_iter().map(|(name, value)| (other_name(&name), value)).collect();
                        map.values_mut().for_each(rename);
                    }
                    value if fields.contains(&field.as_str()) => {
                        rename(value);
                        renamed(value, fields);
                    }
                    value => renamed(value, fields),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| renamed(item, fields)),
        _ => {}
    }
}

fn rename(value: &mut Json) {
    match value {
        Json::String(name) => *name = other_name(name),
        Json::Array(items) => items.iter_mut().for_each(rename),
        _ => {}
    }
}

fn other_name(name: &str) -> String {
    format!("{name}_too")
}
