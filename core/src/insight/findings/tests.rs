//! Each finding, and a directory that differs in one thing and does not have it.

use serde_json::{Value as Json, json};

use super::Finding;
use crate::directory::Directory;
use crate::input::instant::Instant;

const BEFORE: &str = "2026-01-01T00:00:00Z";
const AFTER: &str = "2027-01-01T00:00:00Z";

fn at() -> Instant {
    Instant::parse("2026-06-01T00:00:00Z").unwrap()
}

/// A directory without findings, of the first built-in policy.
fn clean() -> Json {
    json!({
        "format": "bailiwick/1",
        "organizations": [{
            "id": "acme",
            "owner": "ada",
            "members": [{"user": "ada", "role": "admin"}, {"user": "bob", "role": "admin"}, {"user": "cyd", "role": "member"}],
            "groups": [{"id": "team", "members": [{"user": "cyd"}]}],
            "projects": [
                {"id": "default", "default": true},
                {
                    "id": "lab",
                    "allow_external_collaborators": true,
                    "collaborators": [
                        {"user": "cyd", "role": "member"},
                        {"user": "eve", "role": "member"},
                        {"group": "team", "role": "member"},
                    ],
                    "api_keys": [{"id": "key", "created_by": "cyd", "expires_at": AFTER}],
                },
            ],
        }],
    })
}

/// The directory with another value at some pointers. Null members are left out.
fn with(values: &[(&str, Json)]) -> Json {
    let mut document = clean();
    for (pointer, value) in values {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Json::Array(items) if name == "-" => items.push(value.clone()),
            Json::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
            object => object[name] = value.clone(),
        }
    }
    document
}

const LAB: &str = "/organizations/0/projects/1";

fn in_lab(place: &str, value: Json) -> (String, Json) {
    (format!("{LAB}/{place}"), value)
}

fn loaded(document: &Json) -> Directory {
    Directory::from_json(document.to_string().as_bytes()).unwrap()
}

/// The findings: what, about what, where, and the fix.
fn told(document: &Json) -> Vec<(String, String, Option<String>, Json)> {
    let told = |finding: Finding| {
        assert!(finding.sentence.ends_with('.') && finding.sentence.contains('`'), "{}", finding.sentence);
        (finding.finding.to_string(), finding.subject, finding.on, serde_json::to_value(finding.fix).unwrap())
    };
    loaded(document).findings(at()).into_iter().map(told).collect()
}

/// Changes the clean directory in one thing, and expects one finding.
fn assert_finding(values: &[(String, Json)], finding: &str, subject: &str, on: Option<&str>, fix: Json) {
    let values: Vec<_> = values.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
    let expected = (finding.to_owned(), subject.to_owned(), on.map(str::to_owned), fix);
    assert_eq!(told(&with(&values)), [expected]);
}

#[test]
fn a_clean_directory_has_no_findings() {
    assert_eq!(told(&clean()), []);
}

#[test]
fn keys_of_somebody_who_is_gone() {
    let revoked = json!([{"type": "revoke_api_key", "key": "key"}]);
    let lab = Some("project:lab");
    assert_finding(&[in_lab("api_keys/0/created_by", json!("gone"))], "key_creator_gone", "api_key:key", lab, revoked.clone());
    assert_finding(&[in_lab("api_keys/0/acts_as", json!("gone"))], "key_user_gone", "api_key:key", lab, revoked.clone());
    // Of a key that acts as somebody, the creator does not matter.
    let values = [(&*format!("{LAB}/api_keys/0/created_by"), json!("gone")), (&format!("{LAB}/api_keys/0/acts_as"), json!("cyd"))];
    assert_eq!(told(&with(&values)), []);
    // Nor does that of a key that has ended.
    for end in ["expires_at", "revoked_at"] {
        let values = [(&*format!("{LAB}/api_keys/0/created_by"), json!("gone")), (&format!("{LAB}/api_keys/0/{end}"), json!(BEFORE))];
        assert_eq!(told(&with(&values)), []);
    }
}

#[test]
fn keys_of_somebody_without_access() {
    let members = "/organizations/0/members/-".to_owned();
    let values = [(members, json!({"user": "dan", "role": "member"})), in_lab("api_keys/0/created_by", json!("dan"))];
    let revoked = json!([{"type": "revoke_api_key", "key": "key"}]);
    assert_finding(&values, "key_creator_without_access", "api_key:key", Some("project:lab"), revoked.clone());
    // The twin: an external collaborator has access. That is another finding.
    let values = [in_lab("api_keys/0/created_by", json!("eve"))];
    assert_finding(&values, "key_of_external", "api_key:key", Some("project:lab"), revoked.clone());
    let values = [in_lab("api_keys/0/acts_as", json!("eve"))];
    assert_finding(&values, "key_of_external", "api_key:key", Some("project:lab"), revoked);
}

#[test]
fn keys_that_never_expire() {
    let fix = json!([{"type": "expire_api_key", "key": "key", "expires_at": "2026-08-30T00:00:00Z"}]);
    assert_finding(&[in_lab("api_keys/0/expires_at", Json::Null)], "key_never_expires", "api_key:key", Some("project:lab"), fix);
    // The organization default key cannot have an end; and nothing mends that its creator is gone.
    let key = json!([{"id": "default_key", "kind": "organization_default"}]);
    assert_eq!(told(&with(&[("/organizations/0/projects/0/api_keys", key)])), []);
    let key = json!([{"id": "default_key", "kind": "organization_default", "created_by": "gone"}]);
    let values = [("/organizations/0/projects/0/api_keys".to_owned(), key)];
    assert_finding(&values, "key_creator_gone", "api_key:default_key", Some("project:default"), json!([]));
}

#[test]
fn external_collaborators() {
    let weaker = json!([{"type": "set_collaborator_role", "project": "lab", "user": "eve", "role": "member"}]);
    let values = [in_lab("collaborators/1/role", json!("admin"))];
    assert_finding(&values, "external_is_admin", "user:eve", Some("project:lab"), weaker);
    let removed = json!([{"type": "remove_collaborator", "project": "lab", "user": "eve"}]);
    let values = [in_lab("allow_external_collaborators", json!(false))];
    assert_finding(&values, "row_without_effect", "user:eve", Some("project:lab"), removed);
    // The twin: a member with the strongest role.
    assert_eq!(told(&with(&[(&format!("{LAB}/collaborators/0/role"), json!("admin"))])), []);
}

#[test]
fn rows_that_have_ended() {
    let pair = |fields: Json, words: [&str; 2]| {
        let change = |word: &str| {
            let mut change = json!({"type": word});
            change.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            change
        };
        json!(words.map(change))
    };
    let collaborator = ["add_collaborator", "remove_collaborator"];
    let ended = |row: &str| vec![(format!("{row}/expires_at"), json!(BEFORE))];
    let lab = Some("project:lab");
    // Of somebody with another role there, since the key's creator is asked about too.
    let fix = pair(json!({"project": "lab", "user": "cyd"}), collaborator);
    assert_finding(&ended(&format!("{LAB}/collaborators/0")), "row_expired", "user:cyd", lab, fix);
    let fix = pair(json!({"project": "lab", "user": "eve"}), collaborator);
    assert_finding(&ended(&format!("{LAB}/collaborators/1")), "row_expired", "user:eve", lab, fix);
    let fix = pair(json!({"project": "lab", "group": "team"}), collaborator);
    assert_finding(&ended(&format!("{LAB}/collaborators/2")), "row_expired", "group:team", lab, fix);

    let mut values = ended("/organizations/0/members/1");
    let fix = pair(json!({"organization": "acme", "user": "bob"}), ["add_member", "remove_member"]);
    values.push(("/organizations/0/members/-".to_owned(), json!({"user": "dan", "role": "admin"})));
    assert_finding(&values, "row_expired", "user:bob", Some("organization:acme"), fix);

    let mut values = ended("/organizations/0/groups/0/members/0");
    values.push(("/organizations/0/groups/0/members/-".to_owned(), json!({"user": "bob"})));
    let fix = pair(json!({"group": "team", "user": "cyd"}), ["add_group_member", "remove_group_member"]);
    assert_finding(&values, "row_expired", "user:cyd", Some("group:team"), fix);

    // No change removes the row of a member in the default project.
    let row = json!([{"user": "cyd", "role": "admin", "expires_at": BEFORE}]);
    let values = [("/organizations/0/projects/0/collaborators".to_owned(), row)];
    assert_finding(&values, "row_expired", "user:cyd", Some("project:default"), json!([]));
    // The twin: a row that ends later.
    assert_eq!(told(&with(&[(&format!("{LAB}/collaborators/1/expires_at"), json!(AFTER))])), []);
}

#[test]
fn a_row_without_effect_that_has_ended() {
    let values =
        [(format!("{LAB}/allow_external_collaborators"), json!(false)), (format!("{LAB}/collaborators/1/expires_at"), json!(BEFORE))];
    let fix = json!([
        {"type": "put_collaborator", "project": "lab", "collaborator": {"user": "eve", "role": "member"}},
        {"type": "remove_collaborator", "project": "lab", "user": "eve"},
    ]);
    assert_finding(&values, "row_expired", "user:eve", Some("project:lab"), fix);
}

#[test]
fn empty_groups() {
    let fix = json!([{"type": "remove_group", "group": "team"}]);
    let values = [("/organizations/0/groups/0/members".to_owned(), json!([]))];
    assert_finding(&values, "group_empty", "group:team", Some("organization:acme"), fix);
}

#[test]
fn organizations_with_one_admin() {
    let (acme, ada) = ("organization:acme", Some("user:ada"));
    let bob = "/organizations/0/members/1";
    assert_finding(&[(format!("{bob}/role"), json!("member"))], "organization_with_one_admin", acme, ada, json!([]));
    assert_finding(&[(format!("{bob}/suspended_at"), json!(BEFORE))], "organization_with_one_admin", acme, ada, json!([]));
    assert_eq!(told(&with(&[(&format!("{bob}/suspended_at"), json!(AFTER))])), []);
}

/// Of the later policy, in whose private projects nobody has a role by their organization role.
fn later(values: &[(&str, Json)]) -> Json {
    let mut document = with(values);
    document["policy"] = json!("projects-2026-09");
    for row in document.pointer_mut(&format!("{LAB}/collaborators")).unwrap().as_array_mut().unwrap() {
        row["role"] = if row["role"] == "member" { json!("editor") } else { row["role"].clone() };
    }
    document
}

#[test]
fn projects_without_admins() {
    let (project, collaborators) = (format!("{LAB}/visibility"), format!("{LAB}/collaborators"));
    let private = || (project.as_str(), json!("private"));
    let found = |fix: Json| [("project_without_admin".to_owned(), "project:lab".to_owned(), Some("organization:acme".to_owned()), fix)];
    let added = json!([{"type": "add_collaborator", "project": "lab", "user": "ada", "role": "admin"}]);
    assert_eq!(told(&later(&[private()])), found(added.clone()));
    assert_eq!(told(&later(&[(project.as_str(), json!("open"))])), []);
    // By a row of one's own, or of a group; not if it has ended, or its user is suspended.
    let admin = |row: Json| (format!("{collaborators}/-"), row);
    for (row, is_admin) in
        [(json!({"user": "bob", "role": "admin"}), true), (json!({"user": "bob", "role": "admin", "expires_at": AFTER}), true)]
    {
        let (pointer, row) = admin(row);
        assert_eq!(told(&later(&[private(), (&pointer, row)])).is_empty(), is_admin);
    }
    assert_eq!(told(&later(&[private(), (&format!("{LAB}/collaborators/2/role"), json!("admin"))])), []);
    let (pointer, row) = admin(json!({"user": "dan", "role": "admin"}));
    let dan = json!({"user": "dan", "role": "member", "suspended_at": BEFORE});
    assert_eq!(told(&later(&[private(), ("/organizations/0/members/-", dan), (&pointer, row)])), found(added));
    // The owner's own row gets another role.
    let (pointer, row) = admin(json!({"user": "ada", "role": "editor"}));
    let set = json!([{"type": "set_collaborator_role", "project": "lab", "user": "ada", "role": "admin"}]);
    assert_eq!(told(&later(&[private(), (&pointer, row)])), found(set));
    // An owner who is suspended mends nothing.
    let users = ("/users", json!([{"id": "ada", "suspended_at": BEFORE}]));
    let dan = json!({"user": "dan", "role": "admin"});
    assert_eq!(told(&later(&[private(), users, ("/organizations/0/members/-", dan)])), found(json!([])));
}

#[test]
fn findings_are_written_with_their_severity() {
    let directory = loaded(&with(&[("/organizations/0/groups/0/members", json!([]))]));
    let expected = json!([{
        "finding": "group_empty",
        "severity": "low",
        "subject": "group:team",
        "on": "organization:acme",
        "sentence": "Nobody is in `group:team` of `organization:acme`.",
        "fix": [{"type": "remove_group", "group": "team"}],
    }]);
    assert_eq!(serde_json::to_string(&directory.findings(at())).unwrap(), expected.to_string());
}
