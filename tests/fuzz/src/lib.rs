//! The common part of the fuzz targets: all questions to a directory, and the properties of every directory.

use std::borrow::Cow;

use bailiwick::{Directory, Instant, Seal, Trust, Value, boundary};
use serde_json::{Value as Json, json};

pub mod c_data;
#[path = "../format.rs"]
mod format;
pub mod mutate;

pub const NOW: Instant = Instant::LATEST;
const AT: &str = "2026-02-01T12:00:00Z";

/// A directory with every type of entry, and every field.
#[must_use]
pub fn example() -> Directory {
    let parsed = |text: &str| serde_json::from_str::<Json>(text).expect("the example is JSON");
    let mut document = parsed(include_str!("../../directories/changes.json"));
    let mut policy = parsed(include_str!("../../../core/policies/projects-2026-02.json"));
    policy["id"] = json!("example");
    policy["multiple_organizations"] = json!(true);
    policy["visibilities"] = json!([{"visibility": "closed", "implied_roles": false}, {"visibility": "open"}]);
    policy["api_key_scopes"] = json!([{"scope": "reading", "verbs": ["read"]}, {"scope": "files", "kinds": ["file"]}]);
    document["policy"] = policy;
    let (early, late) = ("2026-01-01T00:00:00Z", "2026-02-01T12:00:00.001Z");
    let organization = "/organizations/0";
    for (of, field, value) in [
        ("/users/1", "suspended_at", json!(early)),
        (
            organization,
            "groups",
            json!([{"id": "grp_a", "name": "A", "members": [{"user": "usr_mem", "added_at": early, "expires_at": late}]}]),
        ),
        ("/organizations/0/members/2", "expires_at", json!(late)),
        ("/organizations/0/members/3", "suspended_at", json!(late)),
        ("/organizations/1", "suspended_at", json!(late)),
        ("/organizations/0/projects/1", "visibility", json!("open")),
        ("/organizations/0/projects/2", "suspended_at", json!(late)),
        ("/organizations/0/projects/1/collaborators/2", "expires_at", json!(late)),
        ("/organizations/0/projects/1/api_keys/0", "scopes", json!(["reading", "files"])),
        ("/organizations/0/projects/1/api_keys/0", "acts_as", json!("usr_mem")),
        ("/organizations/0/projects/1/api_keys/0", "projects", json!(["prj_c"])),
        ("/organizations/0/projects/1/api_keys/1", "projects", json!("all")),
    ] {
        document.pointer_mut(of).expect("an entry of the example")[field] = value;
    }
    let row = json!({"group": "grp_a", "role": "admin", "added_at": early, "expires_at": late});
    let rows = document.pointer_mut("/organizations/0/projects/2/collaborators").and_then(Json::as_array_mut);
    rows.expect("rows of the example").push(row);
    Directory::from_json(document.to_string().as_bytes()).expect("the example is valid")
}

/// This payload as a snapshot of each version that is read, with right checksums.
#[must_use]
pub fn sealed_snapshots(payload: &[u8]) -> [Vec<u8>; 2] {
    [1, format::VERSION].map(|version| format::Envelope { version, ..format::Envelope::of_snapshot(7) }.seal(payload, None))
}

/// This payload as a delta whose checksums are right, from one directory to another.
#[must_use]
pub fn sealed_delta(before: &Directory, after: &Directory, payload: &[u8]) -> Vec<u8> {
    let state = |directory: &Directory| (directory.revision(), format::state_of(&snapshot(directory)));
    let (revision, hash) = state(after);
    format::Envelope::of_delta(state(before), revision, hash).seal(payload, None)
}

/// The payload of a snapshot or delta.
#[must_use]
pub fn payload_of(bytes: &[u8]) -> &[u8] {
    format::payload_of(bytes)
}

#[must_use]
pub fn snapshot(directory: &Directory) -> Vec<u8> {
    directory.to_snapshot(&Seal::default())
}

#[must_use]
pub fn written(directory: &Directory) -> String {
    serde_json::to_string(&directory.to_document()).expect("a document is JSON")
}

/// Untyped input of a JSON value.
#[must_use]
pub fn value(json: &Json) -> Value<'_> {
    converted(json, &|text| Value::Text(Cow::Borrowed(text)))
}

/// The same, with texts of one control character for values that JSON cannot represent.
#[must_use]
pub fn foreign_value(json: &Json) -> Value<'_> {
    converted(json, &|text| match text {
        "\u{1}" => Value::UnusableText,
        "\u{2}" => Value::Foreign("NaN"),
        "\u{3}" => Value::TooDeep,
        "\u{4}" => Value::Instant(1.7e12),
        "\u{5}" => Value::Instant(f64::NAN),
        text => Value::Text(Cow::Borrowed(text)),
    })
}

fn converted<'j>(json: &'j Json, of_text: &impl Fn(&'j str) -> Value<'j>) -> Value<'j> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => number.as_f64().map_or(Value::Foreign("a number"), Value::Number),
        Json::String(text) => of_text(text),
        Json::Array(items) => Value::List(items.iter().map(|item| converted(item, of_text)).collect()),
        Json::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Borrowed(name.as_str()), converted(member, of_text))).collect())
        }
    }
}

/// A directory is equal after being written and read, as a snapshot or as a document.
pub fn survives(directory: &Directory) {
    let again = survives_reading(directory);
    assert!(snapshot(&again) == snapshot(directory), "the history of a directory shows in its snapshot");
}

/// The same of a directory from any bytes, which may name another state hash than theirs. Returns what its document is read as.
fn survives_reading(directory: &Directory) -> Directory {
    let (bytes, text) = (snapshot(directory), written(directory));
    let again = Directory::from_snapshot(&bytes, Trust::default(), Some(1)).expect("a snapshot that was written can be read");
    assert_eq!(written(&again), text, "the snapshot holds another document");
    assert!(snapshot(&again) == bytes, "the same directory has another snapshot");
    let again = Directory::from_json(text.as_bytes()).expect("what has been written can be read");
    assert_eq!(written(&again), text, "the document reads as another one");
    again
}

/// Asks a directory all questions, makes every type of change to a copy, and checks that the answers are consistent.
pub fn exercise(directory: &Directory) {
    survives(directory);
    live(directory, survives);
}

/// The same of a directory from any bytes.
pub fn exercise_foreign(directory: &Directory) {
    survives_reading(directory);
    live(directory, |changed| drop(survives_reading(changed)));
}

fn live(directory: &Directory, survives: impl Fn(&Directory)) {
    let cast = Cast::of(directory);
    cast.ask(directory);
    let mut changed = directory.clone();
    for change in cast.changes() {
        for terms in [json!({"at": AT}), json!({"at": AT, "actor": cast.principals.first()})] {
            apply(&mut changed, &value(&change), &value(&terms));
        }
    }
    survives(&changed);
    cast.ask(&changed);
}

/// Previews a change and makes it: both agree, and a change that fails changes nothing.
pub fn apply(directory: &mut Directory, change: &Value<'_>, terms: &Value<'_>) {
    let preview = boundary::preview(directory, change, terms, NOW).map(|preview| preview.revision);
    let before = directory.clone();
    let outcome = boundary::apply(directory, change, terms, NOW);
    assert_eq!(outcome, preview, "the preview differs from the change");
    match outcome {
        Ok(revision) => assert_eq!((revision, directory.revision()), (before.revision() + 1, revision)),
        Err(_) => assert!(snapshot(directory) == snapshot(&before), "a change that failed has changed something"),
    }
}

/// Some principals of a directory as references, so that questions are about existing entries.
struct Cast {
    principals: Vec<String>,
    resources: Vec<String>,
    document: Json,
}

/// How many of each type.
const SOME: usize = 2;

impl Cast {
    fn of(directory: &Directory) -> Self {
        let document: Json = serde_json::from_str(&written(directory)).expect("a document is JSON");
        let mut cast = Self { principals: vec!["user:nobody".to_owned()], resources: Vec::new(), document };
        let ids = |list: &Json, field: &str, type_name: &str| -> Vec<String> {
            let name = |entry: &Json| Some(format!("{type_name}:{}", entry[field].as_str()?));
            list.as_array().into_iter().flatten().filter_map(name).take(SOME).collect()
        };
        let document = &cast.document;
        cast.principals.extend(ids(&document["users"], "id", "user"));
        for organization in some(&document["organizations"]) {
            cast.resources.extend(ids(&json!([organization]), "id", "organization"));
            cast.principals.splice(0..0, ids(&organization["members"], "user", "user"));
            for group in some(&organization["groups"]) {
                cast.principals.extend(ids(&group["members"], "user", "user"));
            }
            for project in some(&organization["projects"]) {
                cast.resources.extend(ids(&json!([project]), "id", "project"));
                cast.principals.extend(ids(&project["collaborators"], "user", "user"));
                cast.principals.extend(ids(&project["api_keys"], "id", "api_key"));
                cast.principals.extend(ids(&project["api_keys"], "acts_as", "user"));
                for resource in some(&project["resources"]) {
                    cast.resources.extend(ids(&json!([resource]), "id", resource["kind"].as_str().unwrap_or_default()));
                }
            }
        }
        cast.resources.extend(cast.principals.iter().take(SOME).cloned());
        cast.principals.truncate(3 * SOME);
        cast
    }

    fn ask(&self, directory: &Directory) {
        for principal in &self.principals {
            for resource in &self.resources {
                let question = json!({"principal": principal, "resource": resource, "at": AT});
                let actions = boundary::list_actions(directory, &value(&question), NOW).map_or_else(|_| Vec::new(), |page| page.items);
                for action in actions.iter().map(String::as_str).chain(["no.such"]) {
                    let question = json!({"principal": principal, "action": action, "resource": resource, "at": AT});
                    let decision = boundary::check_access(directory, &value(&question), NOW).expect("a proper question");
                    assert_eq!(decision.allowed, action != "no.such", "{question}: {decision:?}");
                }
                if let Some(action) = actions.first() {
                    let all = pages(directory, &json!({"action": action, "resource": resource, "at": AT}), boundary::list_principals);
                    assert!(all.contains(principal), "{principal} {action} {resource}: {all:?}");
                    pages(directory, &json!({"principal": principal, "action": action, "at": AT}), boundary::list_resources);
                }
                let kind = resource.split_once(':').map_or("", |(kind, _)| kind);
                let _ = boundary::attribute(directory, &value(&json!({"principal": principal, "kind": kind, "resource": resource})), NOW);
            }
            pages(directory, &json!({"principal": principal, "at": AT}), boundary::list_projects);
        }
    }

    /// A change of every type to existing entries.
    fn changes(&self) -> Vec<Json> {
        let mut changes = Vec::new();
        let kind = self.document["organizations"].pointer("/0/projects/0/resources/0/kind").cloned().unwrap_or_else(|| json!("file"));
        for organization in some(&self.document["organizations"]) {
            let id = &organization["id"];
            let digest = |number: usize| format!("sha256:{number:064x}");
            changes.extend([
                json!({"type": "add_member", "organization": id, "user": "new", "email": "new@x.test"}),
                json!({"type": "create_project", "organization": id, "project": "new", "name": "New"}),
                json!({"type": "regenerate_default_key", "organization": id, "digest": digest(1)}),
            ]);
            for project in some(&organization["projects"]) {
                let id = &project["id"];
                changes.extend([
                    json!({"type": "set_external_collaborators", "project": id, "allowed": project["allow_external_collaborators"] == false}),
                    json!({"type": "add_collaborator", "project": id, "user": "new"}),
                    json!({"type": "add_collaborator", "project": id, "user": "other"}),
                    json!({"type": "remove_collaborator", "project": id, "user": "new"}),
                    json!({"type": "create_api_key", "project": id, "key": "new", "digest": digest(2), "name": "New"}),
                    json!({"type": "add_resource", "project": id, "resource": "new", "kind": kind}),
                    json!({"type": "remove_resource", "resource": {"type": kind, "id": "new"}}),
                ]);
                for row in some(&project["collaborators"]) {
                    changes.push(json!({"type": "set_collaborator_role", "project": id, "user": row["user"], "role": row["role"]}));
                    changes.push(json!({"type": "remove_collaborator", "project": id, "user": row["user"]}));
                }
                for key in some(&project["api_keys"]) {
                    changes.push(json!({"type": "expire_api_key", "key": key["id"], "expires_at": AT}));
                    changes.push(json!({"type": "revoke_api_key", "key": key["id"]}));
                }
                changes.extend(
                    some(&project["resources"])
                        .map(|resource| json!({"type": "remove_resource", "resource": {"type": resource["kind"], "id": resource["id"]}})),
                );
            }
            for member in some(&organization["members"]) {
                changes.push(json!({"type": "set_member_role", "organization": id, "user": member["user"], "role": member["role"]}));
                changes.push(json!({"type": "remove_member", "organization": id, "user": member["user"]}));
            }
        }
        changes
    }
}

fn some(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten().take(SOME)
}

/// All items of a listing, which are the same page by page.
fn pages(
    directory: &Directory,
    request: &Json,
    list: impl Fn(&Directory, &Value<'_>, Instant) -> Result<bailiwick::Page, bailiwick::Error>,
) -> Vec<String> {
    let all = list(directory, &value(request), NOW).expect("a proper request").items;
    assert!(all.is_sorted_by(|one, other| one < other), "{request}: {all:?}");
    let mut request = request.clone();
    request["limit"] = json!(1);
    for item in all.iter().take(SOME) {
        let page = list(directory, &value(&request), NOW).expect("the cursor of the page before");
        assert_eq!(page.items, [item.as_str()], "{request}");
        request["cursor"] = json!(page.next_cursor);
    }
    all
}
