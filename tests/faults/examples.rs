//! Examples, each with all of its faults and their positions.

use std::path::Path;

use bailiwick::boundary::find_faults;
use serde_json::{Map, Value as Json};

use crate::{faults_of, faults_of_policy, told};

/// A document of the suite by its name, inline, or changed; an id of a policy stays unchanged.
pub(crate) fn named(root: &Path, folder: &str, source: &Json) -> Json {
    if let Some(name) = source.as_str() {
        let path = root.join("tests").join(folder).join(format!("{name}.json"));
        return if path.exists() { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() } else { source.clone() };
    }
    let Some(base) = source.get("base") else { return source.clone() };
    let mut document = named(root, folder, base);
    for (pointer, new) in source["set"].as_object().unwrap_or(&Map::new()) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Json::Array(items) if key == "-" => items.push(new.clone()),
            Json::Array(items) => items[key.parse::<usize>().unwrap()] = new.clone(),
            parent => parent[key.replace("~1", "/").replace("~0", "~")] = new.clone(),
        }
    }
    for pointer in source["remove"].as_array().into_iter().flatten() {
        let (parent, key) = pointer.as_str().unwrap().rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Json::Array(items) => drop(items.remove(key.parse().unwrap())),
            Json::Object(members) => drop(members.shift_remove(key)),
            _ => unreachable!("nothing can be removed at {pointer}"),
        }
    }
    document
}

/// Each line of an example that ends with `// code path` has that fault, and no other line has any.
fn check(example: &str) {
    let (mut text, mut wanted) = (String::new(), Vec::new());
    for (number, line) in example.trim_start().lines().enumerate() {
        let (line, expected) = line.split_once("//").unwrap_or((line, ""));
        text.push_str(line);
        text.push('\n');
        let faults = expected.split(',').map(str::trim).filter(|fault| !fault.is_empty());
        wanted.extend(faults.map(|fault| fault.split_once(' ').unwrap_or((fault, ""))).map(|(code, path)| (number + 1, code, path)));
    }
    let faults =
        if text.starts_with("{\n  \"format\": \"bailiwick-policy/") { faults_of_policy(&text) } else { faults_of(text.as_bytes(), None) };
    let found: Vec<_> = faults.iter().map(|fault| fault.line).zip(told(&faults)).map(|(line, (code, path))| (line, code, path)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn faults_of_shape_are_reported_together_and_hide_those_of_meaning() {
    check(
        r#"
{
  "format": "bailiwick/1",
  "revision": -1,                                             // wrong_type /revision
  "issued_at": "yesterday",                                   // invalid_timestamp /issued_at
  "polcy": 1,                                                 // unknown_field /polcy
  "users": [
    { "organization": 7,                                      // missing_field /users/0, wrong_type /users/0/organization
      "email": null },
    "ada",                                                    // wrong_type /users/1
    { "id": "ada" }, { "id": "ada" }
  ],
  "organizations": [
    {                                                         // missing_field /organizations/0, missing_field /organizations/0
      "id": "a\u0000",                                        // invalid_id /organizations/0/id
      "membership": "by_owl",                                 // wrong_type /organizations/0/membership
      "members": { "user": "ada" },                           // wrong_type /organizations/0/members
      "extra": { "members": 3 }                               // unknown_field /organizations/0/extra
    },
    {
      "id": "b", "owner": "ada", "members": [{ "user": "ada", "role": "no_such" }],
      "projects": [
        { "id": "p", "default": "yes",                        // wrong_type /organizations/1/projects/0/default
          "api_keys": [
            { "id": "k", "digest": 3 },                       // wrong_type /organizations/1/projects/0/api_keys/0/digest
            { "id": "l", "digest": "sha256:1" },              // invalid_digest /organizations/1/projects/0/api_keys/1/digest
            { "id": "m", "kind": 5 },                         // wrong_type /organizations/1/projects/0/api_keys/2/kind
            [[]]                                              // wrong_type /organizations/1/projects/0/api_keys/3
          ] }
      ]
    }
  ]
}"#,
    );
}

#[test]
fn faults_of_meaning_are_reported_together_in_document_order() {
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    {
      "projects": [                                           // missing_default_project /organizations/0/projects
        { "id": "p", "api_keys": [
            { "id": "k", "digest": "sha256:00000000000000000000000000000000000000000000000000000000000000aa" },
            { "id": "l", "digest": "sha256:00000000000000000000000000000000000000000000000000000000000000AA" }, // duplicate_digest /organizations/0/projects/0/api_keys/1/digest
            { "id": "m", "digest": "sha256:00000000000000000000000000000000000000000000000000000000000000aa", "revoked_at": "2026-01-01T00:00:00Z" }
        ], "resources": [
            { "id": "r", "kind": "castle" },                  // unknown_kind /organizations/0/projects/0/resources/0/kind
            { "id": "r", "kind": "file" }, { "id": "r", "kind": "storage" },
            { "id": "r", "kind": "file" }                     // duplicate_id /organizations/0/projects/0/resources/3/id
        ] },
        { "id": "p" }                                         // duplicate_id /organizations/0/projects/1/id
      ],
      "owner": "bob",                                         // owner_not_admin /organizations/0/owner
      "members": [
        { "user": "ada", "role": "admin" },
        { "user": "bob", "role": "member" },
        { "user": "ada", "role": "admin" },                   // duplicate_id /organizations/0/members/2/user
        { "user": "cem", "role": "king" }                     // unknown_role /organizations/0/members/3/role
      ],
      "id": "a"
    }
  ],
  "users": [
    { "id": "dan", "organization": "a" },                     // user_not_member /users/0/organization
    { "id": "ada", "organization": "z" },                     // user_in_two_organizations /users/1/organization
    { "id": "dan" }                                           // duplicate_id /users/2/id
  ]
}"#,
    );
}

#[test]
fn a_fault_that_follows_from_another_is_not_reported() {
    // An organization that was copied and not renamed: its members are reported neither as duplicates nor as members of two organizations.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }], "projects": [{ "id": "p", "default": true }] },
    { "id": "a", "owner": "bob",                              // duplicate_id /organizations/1/id
      "members": [{ "user": "ada", "role": "member" }, { "user": "bob", "role": "admin" }],
      "projects": [{ "id": "q", "default": true }] }
  ],
  "users": [{ "id": "bob", "organization": "b" },
            { "id": "eve", "organization": "a" }]             // user_not_member /users/1/organization
}"#,
    );
    // A member of two organizations: the second lists its owner, and the user's entry names one that does too.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }], "projects": [{ "id": "p", "default": true }] },
    { "id": "b",
      "members": [{ "user": "ada", "role": "admin" }],        // user_in_two_organizations /organizations/1/members/0/user
      "owner": "ada",
      "projects": [{ "id": "q", "default": true }] }
  ],
  "users": [{ "id": "ada", "organization": "b" }]
}"#,
    );
    // A role that is not in the policy may be meant to be the strongest.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "members": [{ "user": "ada", "role": "admn" }],         // unknown_role /organizations/0/members/0/role
      "id": "a", "owner": "ada", "projects": [{ "id": "p", "default": true }] }
  ]
}"#,
    );
    // Without a default project, no project is a second one, and no default key is misplaced.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }], "multi_project": false,
      "projects": [                                           // missing_default_project /organizations/0/projects
        { "id": "p", "api_keys": [{ "id": "k", "kind": "organization_default" }] }
      ] }
  ]
}"#,
    );
    // A misplaced default key does not make the right one a second.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }],
      "projects": [
        { "id": "p",
          "api_keys": [{ "id": "k", "kind": "organization_default" }] }, // default_key_misplaced /organizations/0/projects/0/api_keys/0/kind
        { "id": "q", "default": true, "api_keys": [
            { "id": "l", "kind": "organization_default" },
            { "id": "m", "kind": "organization_default" } ] } // default_key_misplaced /organizations/0/projects/1/api_keys/1/kind
      ] }
  ]
}"#,
    );
    // A duplicate entry, project or key causes no further faults of duplicates.
    check(
        r#"
{
  "format": "bailiwick/1",
  "users": [{ "id": "eve" }, { "id": "bob" },
            { "id": "eve", "organization": "a" },             // duplicate_id /users/2/id
            { "id": "bob", "organization": "a" }],            // duplicate_id /users/3/id
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }],
      "projects": [
        { "id": "p", "default": true, "api_keys": [
            { "id": "k", "kind": "organization_default" },
            { "id": "k", "kind": "organization_default" } ] },           // duplicate_id /organizations/0/projects/0/api_keys/1/id
        { "id": "p", "default": true }                        // duplicate_id /organizations/0/projects/1/id
      ] }
  ]
}"#,
    );
    // A project that was copied has the same collaborators.
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a", "owner": "ada", "members": [{ "user": "ada", "role": "admin" }],
      "projects": [
        { "id": "p", "default": true, "collaborators": [{ "user": "ada", "role": "admin" }] },
        { "id": "p",                                          // duplicate_id /organizations/0/projects/1/id
          "collaborators": [{ "user": "ada", "role": "admin" }, { "user": "bob", "role": "duke" }] } // unknown_role /organizations/0/projects/1/collaborators/1/role
      ] }
  ]
}"#,
    );
}

/// Loading fails with a fault that follows from another if it comes first; then it is reported.
#[test]
fn a_fault_that_follows_is_reported_if_it_comes_first() {
    check(
        r#"
{
  "format": "bailiwick/1",
  "organizations": [
    { "id": "a",
      "owner": "ada",                                         // owner_not_admin /organizations/0/owner
      "members": [{ "user": "ada", "role": "admn" }],         // unknown_role /organizations/0/members/0/role
      "projects": [{ "id": "p", "default": true }] },
    { "id": "b",
      "owner": "bob",
      "members": [{ "user": "bob", "role": "admn" }],         // unknown_role /organizations/1/members/0/role
      "projects": [{ "id": "q", "default": true }] }
  ]
}"#,
    );
}

const POLICY: &str = r#"
{
  "format": "bailiwick-policy/1",
  "id": "own",
  "surfaces": [{ "surface": "api" }, { "surface": "ui" }, { "surface": "api" }],        // duplicate_id /surfaces/2/surface
  "default_surfaces": { "user": "web", "api_key": "api" },    // unknown_surface /default_surfaces/user
  "organization_roles": [{ "role": "admin", "project_role": "boss" }],                  // unknown_role /organization_roles/0/project_role
  "project_roles": ["admin", "member"],
  "collaborator_role": "member",
  "kinds": [
    { "kind": "file",
      "support": { "api": "supported",
                   "fax": "supported",                        // unknown_surface /kinds/0/support/fax
                   "ui": "unsupported" },
      "verbs": [{ "roles": ["admin", "lord"],                 // unknown_role /kinds/0/verbs/0/roles/1
                  "verbs": ["read", "write",
                            "read"] }],                       // duplicate_id /kinds/0/verbs/0/verbs/2
      "api_key_verbs": ["eat"] },                             // unknown_action /kinds/0/api_key_verbs/0
    { "kind": "file",                                         // duplicate_id /kinds/1/kind
      "verbs": [{ "roles": ["admin"], "verbs": ["read", "write"] }] },
    { "kind": "pro:ject" }                                    // invalid_id /kinds/2/kind
  ],
  "changes": { "add_member": "no.such",                       // unknown_action /changes/add_member
               "ad_member": "no.such" },                      // unknown_change /changes/ad_member
  "api_key_kind": "key"                                       // unknown_kind /api_key_kind
}"#;

#[test]
fn a_policy_is_recognised_by_its_format() {
    check(POLICY);
    let text = POLICY.replace("policy/1", "policy/2");
    let faults = find_faults(Some(text.as_bytes()), None).unwrap();
    assert_eq!(told(&faults), [("invalid_json", "")], "a comment is no JSON");
    let text: String = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    assert_eq!(told(&find_faults(Some(text.as_bytes()), None).unwrap()), [("unsupported_format", "/format")]);
}

/// Faults of shape in an embedded policy are reported with those of the directory around it. A policy of another format is not read.
#[test]
fn a_policy_in_a_directory_has_the_shape_of_one() {
    check(
        r#"
{
  "format": "bailiwick/1",
  "revision": null,                                           // wrong_type /revision
  "policy": {
    "format": "bailiwick-policy/9",                           // unsupported_format /policy/format
    "id": 7
  },
  "organizations": {}                                         // wrong_type /organizations
}"#,
    );
    check(
        r#"
{
  "format": "bailiwick/1",
  "policy": {                                                 // missing_field /policy
    "format": "bailiwick-policy/1", "id": "own", "surfaces": [{ "surface": "api" }], "default_surfaces": { "user": "api", "api_key": "api" },
    "organization_roles": [{ "role": "admin" }], "project_roles": ["admin"],
    "changes": { "add_member": 1,                             // wrong_type /policy/changes/add_member
                 "remove_member": "x", "": [] },              // wrong_type /policy/changes/
    "kinds": [{ "kind": "file", "support": { "api": "perhaps", // wrong_type /policy/kinds/0/support/api
                                             "a/b": 1 } }]    // wrong_type /policy/kinds/0/support/a~1b
  },
  "organizations": [{}]                                       // missing_field /organizations/0, missing_field /organizations/0, missing_field /organizations/0, missing_field /organizations/0
}"#,
    );
}

/// A fault that makes the rest of a document unreadable is reported alone.
#[test]
fn an_unreadable_document_has_one_fault() {
    let places = [
        ("", (1, 1)),
        ("{", (1, 1)),
        ("{\n \"a\": 1,\n \"é\": \"ü\", 2}", (3, 12)),
        ("[1,\n\t]", (2, 2)),
        ("\u{feff}\u{feff}{}", (1, 1)),
        ("\u{feff}{\"a\": \"x\ny\"}", (1, 9)),
        ("{\"a\": \"x\ny\"}", (1, 9)),
        ("{\n \"a\": 1, \"b\": {}, \"\\u0061\": 2, \"b\": 3, oops", (2, 19)),
        ("{\"a\": {\"c\": 1,\n \"c\": 2}, \"a\": 3}", (2, 2)),
    ];
    for (text, place) in places {
        let faults = faults_of(text.as_bytes(), None);
        assert_eq!(faults.iter().map(|fault| (fault.line, fault.column)).collect::<Vec<_>>(), [place], "{text:?}");
        assert_eq!(faults[0].error.code().as_str(), "invalid_json");
        assert!(!faults[0].error.message().contains("column"), "{}", faults[0].error.message());
    }
    let faults = faults_of(b"{\n\"\xc3\xa9\": \"\xff\"}", None);
    assert_eq!((faults.len(), faults[0].line, faults[0].column), (1, 2, 7));
    let faults = faults_of(b"\xef\xbb\xbf\"\xff\"", None);
    assert_eq!((faults.len(), faults[0].line, faults[0].column), (1, 1, 2));
    check("[]                                                        // wrong_type ");
    check("{ \"organizations\": 1, \"format\": \"bailiwick/2\" }              // unsupported_format /format");
    check(
        "{ \"format\": \"bailiwick/1\", \"policy\": \"none\", \"organizations\": [{ \"id\": \"a\", \"owner\": \"a\", \"members\": [], \"projects\": [] }] } // unknown_policy /policy",
    );
}

/// Names in paths are cut, and two that are equal after cutting still have positions of their own.
#[test]
fn long_names_have_their_own_positions() {
    let long = "é".repeat(300);
    let text = format!("{{\"format\": \"bailiwick/1\", \"organizations\": [],\n\"{long}a\": 0,\n\"{long}b\": 0}}");
    let faults = faults_of(text.as_bytes(), None);
    assert_eq!(faults.iter().map(|fault| (fault.line, fault.column)).collect::<Vec<_>>(), [(2, 1), (3, 1)]);
    assert_eq!(faults[0].error.path(), format!("/{}", "é".repeat(256)));
}

/// A separate policy is not part of the document.
#[test]
fn a_separate_policy_replaces_that_of_the_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = named(root, "directories", &Json::from("minimal")).to_string();
    let error = find_faults(Some(text.as_bytes()), Some(&bailiwick::Value::Text("none".into()))).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("unknown_policy", "/policy"));
    let error = find_faults(None, None).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("wrong_type", "/text"));
    let (strange, own) = (text.replacen('{', "{\"policy\": \"none\",", 1), bailiwick::Value::Text("projects-2026-02".into()));
    assert_eq!(told(&faults_of(strange.as_bytes(), None)), [("unknown_policy", "/policy")]);
    assert_eq!(told(&faults_of(strange.as_bytes(), Some(&own))), []);
}
