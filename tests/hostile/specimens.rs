//! Snapshots and deltas in the present format, made of the same directories as the first goldens, and of some that only the present format
//! can hold. `write_goldens` writes them.

use crate::columns::{directory_of, example_document, excerpt, several_document};
use crate::goldens::Golden;
use crate::*;

pub(crate) fn all() -> Vec<Golden> {
    let seed: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let signer = SecretKey::from_bytes(&seed);
    let of = |directory: &Directory, name: &str, seal: &Seal<'_>, digests: bool| {
        let bytes = if digests { directory.to_snapshot(seal) } else { directory.without_digests().unwrap().to_snapshot(seal) };
        let directory = load(&bytes).unwrap();
        let seed = seal.signing_key.map(|_| seed);
        Golden {
            name: format!("v2-{name}"),
            document: written(&directory),
            bytes,
            seed,
            digests,
            is_excerpt: false,
            after: None,
            refused: false,
        }
    };
    let after = |base: &Golden, name: &str, changes: &[(Json, Json)], seal: &Seal<'_>| {
        let (mut directory, mut copy) = (base.load(), base.load());
        for (change, terms) in changes {
            boundary::apply(&mut directory, &value(change), &value(terms), Instant::LATEST).unwrap();
        }
        let bytes = directory.to_delta(copy.revision(), seal).unwrap();
        copy.apply_delta(&bytes, Trust::default()).unwrap();
        let seed = seal.signing_key.map(|_| seed);
        let (document, after) = (written(&copy), Some(Box::new(base.clone())));
        Golden { name: format!("v2-{name}"), document, bytes, seed, digests: true, is_excerpt: false, after, refused: false }
    };
    let file = |name: &str| directory_of(&read_json(&format!("tests/directories/{name}.json")));
    let with_policy = |name: &str| {
        let policy = value(&read_json(&format!("tests/policies/{name}.json")));
        boundary::load_directory(read(&format!("tests/directories/{name}.json")).as_slice(), Some(&policy), None).unwrap()
    };
    let open = Seal::default();
    let signed = Seal { signing_key: Some(&signer), ..Seal::default() };
    let renewed = Seal { issued_at: Instant::parse("2026-02-01T06:00:00Z"), max_age_seconds: Some(3600), ..signed };
    let far = Seal { issued_at: Instant::parse("9999-12-31T23:59:59.999Z"), max_age_seconds: Some(0), ..Seal::default() };
    let tiny = json!({"format": "bailiwick/1", "policy": {
        "format": "bailiwick-policy/1", "id": "none", "surfaces": [{"surface": "any"}], "default_surfaces": {"user": "any", "api_key": "any"},
        "organization_roles": [], "project_roles": ["all"], "collaborator_role": "all",
    }, "organizations": []});
    let at = json!({"at": "2026-02-01T12:00:00.5Z"});
    let two = [
        (json!({"type": "create_project", "organization": "org_m", "project": "prj_new", "name": "é \"new\" 🦀"}), at.clone()),
        (json!({"type": "add_member", "organization": "org_m", "user": "usr_n", "email": "n@m.test"}), at),
    ];

    let empty = of(&directory_of(&tiny), "empty-signed", &signed, true);
    let minimal = of(&file("minimal"), "minimal", &open, true);
    let acme = of(&file("acme"), "acme-signed", &signed, true);
    let part = of(&load(&excerpt()).unwrap(), "several-excerpt", &open, true);
    let mut policy = read_json("core/policies/projects-2026-02.json");
    policy["id"] = json!("another");
    let policy = [(json!({"type": "set_policy", "policy": policy}), json!({"at": "2026-02-01T12:00:00Z"}))];
    let changed = after(&minimal, "minimal-changed", &two, &open);
    vec![
        next(&changed),
        changed,
        after(&minimal, "minimal-policy", &policy, &open),
        Golden { is_excerpt: true, ..part },
        of(&directory_of(&long_document()), "long", &open, true),
        after(&empty, "empty-signed-renewed", &[], &renewed),
        after(&acme, "acme-signed-changed", &every_change(), &renewed),
        empty,
        minimal,
        acme,
        of(&file("acme"), "acme-without-digests", &open, false),
        of(&file("embedded"), "embedded-signed", &renewed, true),
        of(&with_policy("studio"), "studio", &far, true),
        of(&with_policy("modern"), "modern", &open, true),
        of(&directory_of(&example_document()), "whole-signed", &signed, true),
        of(&directory_of(&several_document()), "several", &open, true),
    ]
}

/// A delta as a next format could have it.
fn next(delta: &Golden) -> Golden {
    let from = &delta.after.as_ref().unwrap().bytes;
    let revision = |bytes: &[u8]| u64::from_le_bytes(bytes[20..28].try_into().unwrap());
    let base = (revision(from), format::state_of(from));
    let envelope = Envelope::of_delta(base, revision(&delta.bytes), format::state_of(&delta.bytes));
    let bytes = Envelope { version: format::VERSION + 1, ..envelope }.seal(payload_of(&delta.bytes), None);
    Golden { name: delta.name.replace("v2-", "v3-"), bytes, refused: true, ..delta.clone() }
}

/// Enough members for several chunks of the state hash.
fn long_document() -> Json {
    let members: Vec<_> = (0..900).map(|number| json!({"user": format!("u{number}"), "role": "member"})).collect();
    let mut document = read_json("tests/directories/minimal.json");
    document["organizations"][0]["members"].as_array_mut().unwrap().extend(members);
    document
}

/// A change of every type to the example organization, most of them with an actor.
#[rustfmt::skip]
pub(crate) fn every_change() -> Vec<(Json, Json)> {
    let terms = |actor: &str, minute: usize| json!({"actor": actor, "at": format!("2026-02-01T12:{minute:02}:00Z")});
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    [
        ("user:usr_ada", json!({"type": "add_member", "organization": "org_acme", "user": "usr_gil", "email": "gil@acme.test"})),
        ("user:usr_ben", json!({"type": "set_member_role", "organization": "org_acme", "user": "usr_gil", "role": "admin"})),
        ("user:usr_gil", json!({"type": "create_project", "organization": "org_acme", "project": "prj_c", "name": "Project C"})),
        ("user:usr_gil", json!({"type": "set_external_collaborators", "project": "prj_c", "allowed": true})),
        ("user:usr_gil", json!({"type": "add_collaborator", "project": "prj_c", "user": "usr_zoe", "role": "member"})),
        ("user:usr_gil", json!({"type": "set_collaborator_role", "project": "prj_c", "user": "usr_zoe", "role": "admin"})),
        ("user:usr_zoe", json!({"type": "create_api_key", "project": "prj_c", "key": "key_c", "digest": digest("a"), "name": "c"})),
        ("user:usr_zoe", json!({"type": "expire_api_key", "key": "key_c", "expires_at": "2027-01-01T00:00:00+01:00"})),
        ("user:usr_dan", json!({"type": "revoke_api_key", "key": "key_ci"})),
        ("user:usr_ada", json!({"type": "regenerate_default_key", "organization": "org_acme", "digest": digest("c")})),
        ("user:usr_gil", json!({"type": "add_resource", "project": "prj_c", "resource": "file_c", "kind": "file", "name": "c.jsonl"})),
        ("user:usr_cleo", json!({"type": "remove_resource", "resource": "instant_cluster:cl_1"})),
        ("user:usr_gil", json!({"type": "remove_collaborator", "project": "prj_a", "user": "usr_kai"})),
        ("user:usr_ada", json!({"type": "remove_member", "organization": "org_acme", "user": "usr_dan"})),
    ].into_iter().enumerate().map(|(minute, (actor, change))| (change, terms(actor, minute))).collect()
}
