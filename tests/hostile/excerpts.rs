//! Excerpts into which an organization is put that was left out: memberships of it are not elsewhere any more.

use crate::columns::*;
use crate::delta_contents::Contents;
use crate::delta_stage::sealed_delta;
use crate::*;

fn put_left_out() -> Json {
    json!({"type": "put_organization", "organization": several_document()["organizations"][1]})
}

#[test]
fn an_organization_that_was_left_out_is_put() {
    let mut directory = load(&excerpt()).unwrap();
    let mut copy = directory.clone();
    snapshot(&directory);
    apply(&mut directory, &put_left_out()).unwrap();
    let again = load(&snapshot(&directory)).unwrap();
    assert_eq!(written(&again), written(&directory));
    assert!(snapshot(&again) == snapshot(&directory));
    let delta = directory.to_delta(copy.revision(), &Seal::default()).unwrap();
    assert_eq!(copy.apply_delta(&delta, Trust::default()), Ok(directory.revision()));
    assert!(snapshot(&copy) == snapshot(&directory), "a copy has another snapshot");
}

#[test]
fn what_an_excerpt_says_of_others_survives_failures() {
    let mut directory = load(&excerpt()).unwrap();
    let mut after = directory.clone();
    snapshot(&after);
    apply(&mut after, &put_left_out()).unwrap();
    let contents = Contents::of(&after.to_delta(directory.revision(), &Seal::default()).unwrap());
    let before = snapshot(&directory);
    // A delta that leads elsewhere.
    let bytes = sealed_delta(&directory, &contents.payload(), 1, [0; 32]);
    assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt);
    assert!(snapshot(&directory) == before, "a delta that failed has changed something");
    // Changes of which the last fails, and a preview.
    let at = Instant::parse("2026-02-01T12:00:00Z").unwrap();
    let nothing = Value::Object(Vec::new());
    let changes = json!([put_left_out(), {"type": "remove_resource", "resource": "doc:none"}]);
    boundary::apply_many(&mut directory, &value(&changes), &nothing, at).unwrap_err();
    assert!(snapshot(&directory) == before, "changes that failed have changed something");
    boundary::preview(&mut directory, &value(&put_left_out()), &nothing, at).unwrap();
    assert!(snapshot(&directory) == before, "a preview has changed something");
    // Another policy, which moves all entries into new tables.
    let mut policy = several_document()["policy"].clone();
    policy["id"] = json!("other");
    let policy = json!({"type": "set_policy", "policy": policy});
    let changes = json!([policy, {"type": "remove_resource", "resource": "doc:none"}]);
    boundary::apply_many(&mut directory, &value(&changes), &nothing, at).unwrap_err();
    assert!(snapshot(&directory) == before, "another policy that failed has changed something");
}

/// The columns that say what is left out.
fn elsewhere(directory: &Directory) -> Vec<Vec<u8>> {
    columns(payload_of(&snapshot(directory))).unwrap()[ELSEWHERE].to_vec()
}

#[test]
fn what_is_left_out_stays_so_under_another_policy() {
    let mut directory = load(&excerpt()).unwrap();
    let (before, mut copy) = (elsewhere(&directory), directory.clone());
    snapshot(&directory);
    let mut policy = several_document()["policy"].clone();
    policy["id"] = json!("other");
    apply(&mut directory, &json!({"type": "set_policy", "policy": policy})).unwrap();
    assert!(elsewhere(&directory) == before, "a change of the policy");
    let delta = directory.to_delta(copy.revision(), &Seal::default()).unwrap();
    copy.apply_delta(&delta, Trust::default()).unwrap();
    assert!(elsewhere(&copy) == before, "a delta with another policy");
    assert!(snapshot(&copy) == snapshot(&directory));
}

/// The way to a state does not show in it.
#[test]
fn an_organization_that_was_left_out_is_put_and_removed() {
    let mut directory = load(&excerpt()).unwrap();
    apply(&mut directory, &put_left_out()).unwrap();
    let mut again = load(&snapshot(&directory)).unwrap();
    for directory in [&mut directory, &mut again] {
        apply(directory, &json!({"type": "remove_organization", "organization": "org_b"})).unwrap();
    }
    assert!(snapshot(&again) == snapshot(&directory));
}
