//! Text as a policy, and a directory that uses it.
#![no_main]

use bailiwick::{Directory, boundary};
use bailiwick_fuzz::{exercise, mutate, value, written};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value as Json, json};

fuzz_target!(|text: &[u8]| {
    let Ok(policy) = serde_json::from_slice::<Json>(text) else { return };
    if let Ok(empty) =
        boundary::load_directory(br#"{"format": "bailiwick/1", "organizations": []}"#.as_slice(), Some(&value(&policy)), None)
    {
        exercise(&inhabited(&serde_json::from_str(&written(&empty)).expect("a document is JSON")));
    }
});

/// A small directory with the names of a policy, if it has enough of them.
fn inhabited(empty: &Json) -> Directory {
    let policy = &empty["policy"];
    let mut document = empty.clone();
    let kinds = policy["kinds"].as_array().into_iter().flatten().map(|row| &row["kind"]).filter(|kind| **kind != policy["api_key_kind"]);
    let resources: Vec<_> = kinds.take(3).enumerate().map(|(number, kind)| json!({"id": format!("r{number}"), "kind": kind})).collect();
    if let (Some(strongest), Some(weakest), Some(role)) = (
        policy.pointer("/organization_roles/0/role"),
        policy["organization_roles"].as_array().and_then(|roles| Some(&roles.last()?["role"])),
        policy["project_roles"].as_array().and_then(|roles| roles.last()),
    ) {
        let scopes: Vec<_> = policy["api_key_scopes"].as_array().into_iter().flatten().map(|row| &row["scope"]).collect();
        let (early, late) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        document["organizations"] = json!([{
            "id": "o", "owner": "ada",
            "members": [{"user": "ada", "role": strongest}, {"user": "bob", "role": weakest}, {"user": "tom", "role": weakest, "expires_at": late}],
            "groups": [{"id": "g", "members": [{"user": "bob"}, {"user": "tom", "added_at": early}]}],
            "projects": [
                {"id": "d", "default": true, "resources": resources,
                    "api_keys": [{"id": "house", "kind": "organization_default"}, {"id": "wide", "projects": "all", "acts_as": "bob"}]},
                {"id": "p", "allow_external_collaborators": true, "collaborators": [{"user": "zoe", "role": role}, {"user": "bob", "role": role}],
                    "api_keys": [{"id": "key", "created_by": "zoe", "scopes": scopes, "projects": ["d"]}]},
                {"id": "q", "suspended_at": late, "collaborators": [{"group": "g", "role": role, "expires_at": late}]},
            ],
        }]);
        if let Some(last) = policy["visibilities"].as_array().and_then(|list| list.last()) {
            document["organizations"][0]["projects"][2]["visibility"] = last["visibility"].clone();
        }
    }
    Directory::from_json(document.to_string().as_bytes()).expect("the directory has nothing but the policy's names")
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::json(data, size, max_size, seed) });
