//! Changes that fail change nothing.

use crate::*;

/// An invalid change of every type for `changes.json`.
#[rustfmt::skip]
pub(crate) fn failing_changes() -> Vec<(Json, ErrorCode)> {
    let digest = "sha256:f9dcc22ca38516d1a8fff0de667e9f0796a9ca50202e5bed2e0dcdc909792e98";
    vec![
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_in"}), ErrorCode::UserInTwoOrganizations),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_new", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr_mem"}), ErrorCode::AlreadyExists),
        (json!({"type": "add_member", "organization": "org_a", "user": "usr\n"}), ErrorCode::InvalidId),
        (json!({"type": "remove_member", "organization": "org_a", "user": "usr_own"}), ErrorCode::OwnerProtected),
        (json!({"type": "remove_member", "organization": "org_a", "user": "usr_far"}), ErrorCode::NotAMember),
        (json!({"type": "set_member_role", "organization": "org_a", "user": "usr_mem", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "set_member_role", "organization": "org_x", "user": "usr_mem", "role": "admin"}), ErrorCode::NotFound),
        (json!({"type": "create_project", "organization": "org_b", "project": "prj_new", "name": "New"}), ErrorCode::MultiProjectDisabled),
        (json!({"type": "create_project", "organization": "org_a", "project": "prj_b", "name": "New"}), ErrorCode::AlreadyExists),
        (json!({"type": "create_project", "organization": "org_a", "project": "prj_new", "name": "x".repeat(4097)}), ErrorCode::LimitExceeded),
        (json!({"type": "set_external_collaborators", "project": "prj_x", "allowed": true}), ErrorCode::NotFound),
        (json!({"type": "set_external_collaborators", "project": "prj_o", "allowed": 0}), ErrorCode::WrongType),
        (json!({"type": "add_collaborator", "project": "prj_c", "user": "usr_new"}), ErrorCode::ExternalCollaboratorsDisabled),
        (json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_new", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_mem"}), ErrorCode::AlreadyExists),
        (json!({"type": "remove_collaborator", "project": "prj_d", "user": "usr_mem"}), ErrorCode::DefaultProjectProtected),
        (json!({"type": "remove_collaborator", "project": "prj_o", "user": "usr_sol"}), ErrorCode::NotFound),
        (json!({"type": "set_collaborator_role", "project": "prj_o", "user": "usr_mem", "role": "boss"}), ErrorCode::UnknownRole),
        (json!({"type": "set_collaborator_role", "project": "prj_o", "user": "usr_sol", "role": "admin"}), ErrorCode::NotFound),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_new", "digest": digest}), ErrorCode::AlreadyExists),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_b", "digest": digest.replace('f', "0")}), ErrorCode::AlreadyExists),
        (json!({"type": "create_api_key", "project": "prj_o", "key": "key_new", "digest": "bw_secret"}), ErrorCode::InvalidDigest),
        (json!({"type": "revoke_api_key", "key": "key_house"}), ErrorCode::DefaultKeyNotRevocable),
        (json!({"type": "revoke_api_key", "key": "key_old"}), ErrorCode::AlreadyRevoked),
        (json!({"type": "expire_api_key", "key": "key_house", "expires_at": "2027-01-01T00:00:00Z"}), ErrorCode::DefaultKeyNotRevocable),
        (json!({"type": "expire_api_key", "key": "key_mem", "expires_at": "soon"}), ErrorCode::InvalidTimestamp),
        (json!({"type": "regenerate_default_key", "organization": "org_b", "digest": digest}), ErrorCode::NotFound),
        (json!({"type": "regenerate_default_key", "organization": "org_a", "digest": digest}), ErrorCode::AlreadyExists),
        (json!({"type": "add_resource", "project": "prj_o", "resource": "file_1", "kind": "file"}), ErrorCode::AlreadyExists),
        (json!({"type": "add_resource", "project": "prj_o", "resource": "new", "kind": "api_key"}), ErrorCode::UnknownKind),
        (json!({"type": "remove_resource", "resource": "storage:file_1"}), ErrorCode::NotFound),
        (json!({"type": "remove_resource"}), ErrorCode::MissingField),
        (json!({"type": "remove_everything"}), ErrorCode::UnknownChange),
        (json!({}), ErrorCode::MissingField),
        (json!([]), ErrorCode::WrongType),
    ]
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let first = snapshot(&directory);
    apply(&mut directory, &json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_guest"})).unwrap();
    let before = state(&directory);
    for (change, code) in failing_changes() {
        assert_eq!(apply(&mut directory, &change).map_err(|error| error.code()), Err(code), "{change}");
        assert!(state(&directory) == before, "{change}");
    }
    // Options that are refused change nothing either.
    let change = value(&json!({"type": "remove_resource", "resource": "file:file_1"}));
    let at = Instant::parse("2026-02-01T12:00:00Z").unwrap();
    for (terms, code) in [
        (json!({"actor": "user:usr_bea"}), ErrorCode::Forbidden),
        (json!({"actor": "user:nobody"}), ErrorCode::Forbidden),
        (json!({"actor": "usr_own"}), ErrorCode::InvalidReference),
        (json!({"expected_revision": 20}), ErrorCode::RevisionConflict),
        (json!({"expected_revision": 1.5}), ErrorCode::WrongType),
        (json!({"at": "never"}), ErrorCode::InvalidTimestamp),
        (json!({"by": "user:usr_own"}), ErrorCode::UnknownField),
    ] {
        let outcome = boundary::apply(&mut directory, &change, &value(&terms), at);
        assert_eq!(outcome.map_err(|error| error.code()), Err(code), "{terms}");
        assert!(state(&directory) == before, "{terms}");
    }
    // The history still brings a copy up to date.
    let delta = directory.to_delta(20, &Seal::default()).unwrap();
    let mut copy = load(&first).unwrap();
    assert_eq!(copy.apply_delta(&delta, Trust::default()), Ok(21));
    assert!(snapshot(&copy) == snapshot(&directory));
}
