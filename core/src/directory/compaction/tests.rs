//! Compaction changes no answer, whatever was changed before.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::collections::names::Names;
use crate::directory::indices::Resource;
use crate::directory::state::StoredChunks;
use crate::input::instant::Instant;
use crate::input::json;
use crate::{Directory, boundary};

const DIRECTORY: &str = r#"{"format": "bailiwick/1", "users": [
  {"id": "u6", "email": "six@b.test", "organization": "elsewhere"}, {"id": "u2", "email": "two@b.test"}, {"id": "u7"},
  {"id": "u8", "suspended_at": "2026-01-01T00:00:00Z"}],
  "organizations": [{"id": "o0", "name": "Zero", "owner": "ada", "members": [
      {"user": "u1", "role": "member", "added_at": "2026-01-01T00:00:00Z", "expires_at": "9999-12-31T23:59:59.999Z"}, {"user": "ada", "role": "admin"},
      {"user": "u9", "role": "member", "expires_at": "2026-01-01T00:00:00Z"}],
    "groups": [{"id": "g0", "members": [{"user": "u1", "expires_at": "9999-12-31T00:00:00Z"}, {"user": "ada"}, {"user": "u9"}]}],
    "projects": [
      {"id": "p0", "default": true, "name": "Home", "resources": [{"id": "r0", "kind": "file", "created_by": "u5", "name": "first"}]},
      {"id": "p1", "allow_external_collaborators": true, "collaborators": [
         {"user": "u3", "role": "member", "expires_at": "2026-06-01T00:00:00Z"}, {"user": "u1", "role": "admin"},
         {"group": "g0", "role": "member", "added_at": "2026-02-01T00:00:00Z"}],
       "api_keys": [{"id": "k0", "created_by": "u4", "name": "a key", "acts_as": "u0", "projects": ["p0"]},
         {"id": "k1", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000001", "projects": "all"}],
       "resources": [{"id": "r9", "kind": "storage"}, {"id": "r1", "kind": "file", "created_at": "2026-01-01T00:00:00Z", "name": "é"}]}]},
    {"id": "o1", "owner": "eve", "members": [{"user": "eve", "role": "admin"}, {"user": "u4", "role": "admin"}],
      "groups": [{"id": "g1", "name": "One", "members": [{"user": "u4"}]}],
      "projects": [{"id": "p2", "default": true, "api_keys": [{"id": "k2", "kind": "organization_default"}]},
      {"id": "p3", "name": "Open", "allow_external_collaborators": true, "collaborators": [{"user": "ada", "role": "admin"}]}]}]}"#;

/// The directory; with `several`, its users may be members of several organizations.
fn loaded(several: bool) -> Directory {
    let mut document: serde_json::Value = serde_json::from_str(DIRECTORY).unwrap();
    if several {
        let mut policy: serde_json::Value = serde_json::from_str(include_str!("../../../policies/projects-2026-02.json")).unwrap();
        policy["id"] = "several".into();
        policy["multiple_organizations"] = true.into();
        document["policy"] = policy;
        let member = serde_json::json!({"user": "u1", "role": "member", "suspended_at": "2026-01-01T00:00:00Z"});
        document["organizations"][1]["members"].as_array_mut().unwrap().push(member);
        document["organizations"].as_array_mut().unwrap().push(serde_json::json!({
            "id": "o2", "owner": "u1", "members": [{"user": "u1", "role": "admin"}], "projects": [{"id": "p9", "default": true}],
        }));
        document["users"].as_array_mut().unwrap().push(serde_json::json!({"id": "u1", "organization": "o1"}));
    }
    Directory::from_json(document.to_string().as_bytes()).unwrap()
}

/// Makes the change that these numbers encode, if it is valid.
fn change(directory: &mut Directory, [what, one, other, more]: [u8; 4]) {
    let change = match what {
        0 => format!(r#""add_member", "organization": "o{}", "user": "u{other}", "email": "{more}@b.test""#, one % 2),
        1 => format!(r#""add_member", "organization": "o{}", "user": "u{other}""#, one % 2),
        2 => format!(r#""remove_member", "organization": "o{}", "user": "u{other}""#, one % 2),
        3 | 4 => format!(r#""add_collaborator", "project": "p{}", "user": "u{other}""#, one % 4),
        5 => format!(r#""remove_collaborator", "project": "p{}", "user": "u{other}""#, one % 4),
        6 => format!(r#""add_resource", "project": "p{}", "resource": "r{other}", "kind": "file""#, one % 4),
        7 => format!(r#""add_resource", "project": "p{}", "resource": "r{other}", "kind": "storage", "name": "n{more}""#, one % 4),
        8 => format!(r#""remove_resource", "resource": "{}:r{other}""#, if more % 2 == 0 { "file" } else { "storage" }),
        9 => format!(r#""set_external_collaborators", "project": "p{}", "allowed": {}"#, one % 4, more % 4 > 0),
        10 => {
            let limits =
                ["", r#", "projects": ["p0", "p1", "p4"]"#, r#", "projects": "all""#, r#", "acts_as": "u3""#][usize::from(one % 4)];
            format!(
                r#""create_api_key", "project": "p{}", "key": "k{other}", "digest": "sha256:{more:064x}", "name": "k"{limits}"#,
                one % 5
            )
        }
        11 => {
            let facts =
                [r#""projects": ["p1", "p3"]"#, r#""projects": null, "name": null"#, r#""acts_as": "u9", "name": "n""#, r#""scopes": []"#];
            format!(r#""update_api_key", "key": "k{other}", {}"#, facts[usize::from(one % 4)])
        }
        12 => format!(r#""remove_api_key", "key": "k{other}""#),
        13 => format!(r#""create_project", "organization": "o{}", "project": "p{}", "name": "new""#, one % 2, other % 6),
        14 => format!(r#""remove_project", "project": "p{}""#, other % 6),
        15 => format!(r#""move_project", "project": "p{}", "organization": "o{}""#, other % 6, one % 2),
        16 => format!(r#""set_default_project", "project": "p{}""#, other % 6),
        17 => format!(r#""remove_organization", "organization": "o{}""#, one % 2),
        18 => format!(r#""remove_user", "user": "u{other}""#),
        19 => format!(r#""drop_member", "organization": "o{}", "user": "u{other}""#, one % 2),
        20 => format!(r#""add_group", "organization": "o{}", "group": "g{}", "name": "new""#, one % 2, other % 4),
        21 => format!(r#""remove_group", "group": "g{}""#, other % 4),
        22 => format!(r#""add_group_member", "group": "g{}", "user": "u{other}", "expires_at": "9999-12-31T00:00:00Z""#, one % 4),
        23 => format!(r#""remove_group_member", "group": "g{}", "user": "u{other}""#, one % 4),
        24 => format!(r#""add_collaborator", "project": "p{}", "group": "g{}""#, one % 6, other % 4),
        25 => format!(r#""remove_collaborator", "project": "p{}", "group": "g{}""#, one % 6, other % 4),
        26 => format!(r#""move_resource", "resource": "file:r{other}", "project": "p{}""#, one % 6),
        27 => format!(r#""suspend", "user": "u{other}""#),
        28 => format!(r#""resume", "user": "u{other}""#),
        29 => format!(r#""set_collaborator_role", "project": "p{}", "user": "u{other}", "role": "admin", "expires_at": null"#, one % 4),
        30 => format!(r#""set_member_role", "organization": "o{}", "user": "u{other}", "role": "admin", "expires_at": null"#, one % 2),
        31 => format!(r#""transfer_ownership", "organization": "o{}", "user": "u{other}""#, one % 2),
        _ => format!(r#""update_organization", "organization": "o{}", "name": "{more}", "multi_project": true"#, one % 2),
    };
    let actors = ["ada", "eve", "u3", "u1"];
    let actor = actors.get(usize::from(more % 5)).filter(|_| what < 10);
    let terms = actor.map_or("{}".to_owned(), |actor| format!(r#"{{"actor": "user:{actor}"}}"#));
    let change = format!(r#"{{"type": {change}}}"#);
    let _ = boundary::apply(directory, &json::parse(change.as_bytes()).unwrap(), &json::parse(terms.as_bytes()).unwrap(), Instant::LATEST);
}

fn document(directory: &Directory) -> String {
    serde_json::to_string(&directory.to_document()).unwrap()
}

/// The lengths of the tables.
fn sizes(tables: &Tables) -> [usize; 26] {
    [
        tables.user_rows.len(),
        tables.users.iter().count(),
        tables.users.iter().filter(|(_, name)| tables.find_user_name(name).is_some()).count(),
        tables.listed_users().len(),
        tables.organization_rows.len(),
        tables.organization_list.len(),
        tables.organizations.iter().filter(|(_, name)| tables.organization(name).is_some()).count(),
        tables.group_rows.len(),
        tables.groups.iter().filter(|(_, name)| tables.group(name).is_some()).count(),
        tables.project_rows.len(),
        tables.project_contents.len(),
        tables.projects.iter().filter(|(_, name)| tables.project(name).is_some()).count(),
        tables.api_key_rows.len(),
        tables.api_key_facts.len(),
        tables.api_keys.iter().filter(|(_, name)| tables.api_key(name).is_some()).count(),
        tables.api_key_limits.len(),
        tables.resource_rows.len(),
        tables.resources.iter().count(),
        tables.resources.iter().filter(|(resource, _)| is_found(tables, *resource)).count(),
        tables.texts.len(),
        tables.texts.iter().map(str::len).sum(),
        tables.collaborators.len(),
        tables.grants.len(),
        tables.externals.len(),
        tables.digests.len(),
        tables.periods.len(),
    ]
}

fn is_found(tables: &Tables, resource: Resource) -> bool {
    tables.resource(tables.resource_rows[resource].kind, tables.resource_id(resource)) == Some(resource)
}

/// Whether every name is found at its own index.
fn finds_all<I: Copy + PartialEq + From<u32> + Into<u32>>(tables: &Tables, names: &Names<I>) -> bool {
    names.iter().all(|(index, name)| names.find(&tables.hasher, name) == Some(index))
}

/// Everything that is allowed.
fn allowed(directory: &Directory) -> Vec<String> {
    let principals =
        (0..10).map(|number| format!("user:u{number}")).chain(["user:ada", "user:eve", "api_key:k0", "api_key:k1"].map(str::to_owned));
    let resources = (0..10).map(|number| format!("file:r{number}")).chain((0..6).map(|number| format!("project:p{number}")));
    let resources: Vec<_> = resources.collect();
    let mut allowed = Vec::new();
    for principal in principals {
        for action in ["file.read", "file.delete", "project_settings.read"] {
            for resource in &resources {
                if boundary::is_allowed(directory, [&principal, action, resource], Instant::LATEST).unwrap() {
                    allowed.push(format!("{principal} {action} {resource}"));
                }
            }
        }
        let request = format!(r#"{{"principal": "{principal}", "action": "file.read"}}"#);
        let page = boundary::list_resources(directory, &json::parse(request.as_bytes()).unwrap(), Instant::LATEST).unwrap();
        allowed.push(format!("{page:?}"));
    }
    allowed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    /// Compaction never changes an answer, and leaves tables as long as after loading.
    #[test]
    fn compaction_changes_no_answer(several in any::<bool>(), changes in vec(([0..33_u8, 0..8_u8, 0..10_u8, 0..20_u8], 0..4_u8), 1..60)) {
        let mut directory = loaded(several);
        let mut uncompacted = directory.clone();
        for (numbers, compactions) in changes {
            change(&mut directory, numbers);
            change(&mut uncompacted, numbers);
            if compactions > 0 {
                continue;
            }
            directory.tables_mut().compact();
            prop_assert_eq!(document(&directory), document(&uncompacted));
            let payload = directory.tables().to_payload(&StoredChunks::default());
            prop_assert!(payload == uncompacted.tables().to_payload(&StoredChunks::default()));
            prop_assert_eq!(allowed(&directory), allowed(&uncompacted));
            let fresh = Tables::from_payload(&payload, 2, directory.tables().hasher.clone()).unwrap().0;
            prop_assert_eq!(sizes(directory.tables()), sizes(&fresh));
            let tables = directory.tables();
            prop_assert!(finds_all(tables, &tables.users) && finds_all(tables, &tables.organizations));
            prop_assert!(finds_all(tables, &tables.groups) && finds_all(tables, &tables.projects) && finds_all(tables, &tables.api_keys));
            prop_assert!(tables.resource_rows.iter().all(|(resource, _)| is_found(tables, resource)));
            prop_assert_eq!((directory.tables().garbage, directory.revision()), (0, uncompacted.revision()));
        }
        // A second compaction changes nothing.
        directory.tables_mut().compact();
        let compacted = format!("{directory:?}");
        directory.tables_mut().compact();
        prop_assert_eq!(format!("{directory:?}"), compacted);
    }
}

/// What is tried out and undone leaves unused rows, which are freed although nothing ever changes.
#[test]
fn trials_leave_little_behind() {
    let mut directory = loaded(false);
    let (before, state) = (directory.tables().size(), boundary::state(&directory));
    let (digest, at) = ("0".repeat(64), Instant::parse("2026-02-01T00:00:00Z").unwrap());
    let change = format!(r#"{{"type": "create_api_key", "project": "p1", "key": "k9", "digest": "sha256:{digest}"}}"#);
    let change = json::parse(change.as_bytes()).unwrap();
    let nothing = json::parse(b"{}").unwrap();
    for _ in 0..LITTLE_GARBAGE {
        boundary::preview(&mut directory, &change, &nothing, at).unwrap();
        #[cfg(feature = "insight")]
        {
            let usage = br#"{"principal": "user:u1", "kind": "fine_tuning", "surface": "ui", "project": "p1"}"#;
            boundary::explain_usage(&mut directory, &json::parse(usage).unwrap(), at).unwrap();
        }
    }
    assert!(directory.tables().size() < before + LITTLE_GARBAGE + 16, "{} rows", directory.tables().size());
    assert_eq!((boundary::state(&directory), directory.revision()), (state, 0));
}
