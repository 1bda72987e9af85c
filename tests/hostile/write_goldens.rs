//! Writes goldens of the present format.

use crate::*;

/// Writes goldens of the present format into `target/goldens`. Those in `snapshots/` are never rewritten: a new format gets new ones.
#[test]
#[ignore = "writes files for a new format"]
fn write_goldens() {
    let folder = root().join("target/goldens");
    fs::create_dir_all(&folder).unwrap();
    let signer = SecretKey::from_bytes(&std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let key = PublicKeys::from(signer.public_key());
    let write = |name: &str, suffix: &str, bytes: &[u8], directory: &Directory| {
        fs::write(folder.join(format!("{name}.{suffix}")), bytes).unwrap();
        let document = serde_json::to_string_pretty(&directory.to_document()).unwrap();
        fs::write(folder.join(format!("{name}.json")), document + "\n").unwrap();
    };
    let write_snapshot = |name: &str, text: &[u8], policy: Option<&str>, seal: &Seal<'_>, digests: bool| {
        let policy = policy.map(|path| value(&read_json(path)));
        let directory = boundary::load_directory(text, policy.as_ref(), None).unwrap();
        let bytes = directory.to_snapshot(seal, digests);
        let directory = Directory::from_snapshot(&bytes, by(seal.signing_key.map(|_| &key)), None).unwrap();
        write(name, "bin", &bytes, &directory);
        directory
    };
    let write_delta = |name: &str, mut directory: Directory, changes: &[(Json, Json)], seal: &Seal<'_>| {
        let (since, mut copy) = (directory.revision(), directory.clone());
        for (change, terms) in changes {
            boundary::apply(&mut directory, &value(change), &value(terms), Instant::LATEST).unwrap();
        }
        let bytes = directory.to_delta(since, seal).unwrap();
        copy.apply_delta(&bytes, Trust::default()).unwrap();
        write(name, "delta", &bytes, &copy);
    };
    let signed = Seal { signing_key: Some(&signer), ..Seal::default() };
    let renewed = Seal { issued_at: Instant::parse("2026-02-01T06:00:00Z"), max_age_seconds: Some(3600), ..signed };
    let acme = read("tests/directories/acme.json");
    let tiny = json!({"format": "bailiwick/1", "policy": {
        "format": "bailiwick-policy/1", "id": "none", "surfaces": [{"surface": "any"}], "default_surfaces": {"user": "any", "api_key": "any"},
        "organization_roles": [], "project_roles": ["all"], "collaborator_role": "all",
    }, "organizations": []});

    let empty = write_snapshot("v1-empty-signed", tiny.to_string().as_bytes(), None, &signed, true);
    write_delta("v1-empty-signed-renewed", empty, &[], &renewed);
    let minimal = write_snapshot("v1-minimal", &read("tests/directories/minimal.json"), None, &Seal::default(), true);
    let at = json!({"at": "2026-02-01T12:00:00.5Z"});
    let changes = [
        (json!({"type": "create_project", "organization": "org_m", "project": "prj_new", "name": "é \"new\" 🦀"}), at.clone()),
        (json!({"type": "add_member", "organization": "org_m", "user": "usr_n", "email": "n@m.test"}), at),
    ];
    write_delta("v1-minimal-changed", minimal, &changes, &Seal::default());
    write_snapshot("v1-embedded-signed", &read("tests/directories/embedded.json"), None, &renewed, true);
    let far = Seal { issued_at: Instant::parse("9999-12-31T23:59:59.999Z"), max_age_seconds: Some(0), ..Seal::default() };
    write_snapshot("v1-studio", &read("tests/directories/studio.json"), Some("tests/policies/studio.json"), &far, true);
    write_snapshot("v1-acme-without-digests", &acme, None, &Seal::default(), false);
    let acme = write_snapshot("v1-acme-signed", &acme, None, &signed, true);
    write_delta("v1-acme-signed-changed", acme, &every_change(), &renewed);
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
