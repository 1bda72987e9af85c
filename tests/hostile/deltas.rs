//! Deltas with valid envelopes and invalid contents.

use crate::lengths::*;
use crate::memory::{bound, json_bound};
use crate::*;

/// A delta from a directory, with these entries and declared to lead this many revisions further and to this state.
pub(crate) fn sealed_delta(base: &Directory, entries: &str, further: u64, state: [u8; 32]) -> Vec<u8> {
    let from = (base.revision(), hash(payload_of(&snapshot(base))));
    Envelope::of_delta(from, base.revision().wrapping_add(further), state).seal(entries.as_bytes(), None)
}

#[test]
fn a_delta_with_invalid_contents_changes_nothing() {
    let mut directory = Directory::from_json(&read("tests/directories/changes.json")).unwrap();
    let from = hash(payload_of(&snapshot(&directory)));
    // Some history, which must be kept too.
    apply(&mut directory, &json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_new"})).unwrap();
    let here = hash(payload_of(&snapshot(&directory)));
    let before = state(&directory);
    assert!(before.deltas.iter().filter(|delta| delta.is_ok()).count() == 2);

    let good = json!({"change": {"type": "remove_resource", "resource": "file:file_1"}, "at": "2026-02-01T12:00:00Z"});
    let mut after = directory.clone();
    apply(&mut after, &good["change"]).unwrap();
    let there = hash(payload_of(&snapshot(&after)));
    let one = json!([good]).to_string();
    assert_eq!(directory.clone().apply_delta(&sealed_delta(&directory, &one, 1, there), Trust::default()), Ok(22));

    let entry = |edit: fn(&mut Json)| {
        let mut entry = good.clone();
        edit(&mut entry);
        json!([entry]).to_string()
    };
    let bad: Vec<String> = vec![
        entry(|entry| entry["change"]["resource"] = json!("nothing")),
        entry(|entry| entry["change"]["resource"] = json!("")),
        entry(|entry| entry["change"]["type"] = json!("remove_everything")),
        entry(|entry| entry["change"]["more"] = json!(1)),
        entry(|entry| entry["more"] = json!(1)),
        entry(|entry| entry["at"] = json!("yesterday")),
        entry(|entry| entry["at"] = Json::Null),
        entry(|entry| entry["user"] = json!("a\nb")),
        entry(|entry| entry["user"] = json!(["usr_own"])),
        entry(|entry| drop(entry.as_object_mut().unwrap().remove("at"))),
        entry(|entry| drop(entry.as_object_mut().unwrap().remove("change"))),
        entry(|entry| entry["change"] = json!([])),
        entry(|entry| entry["change"] = json!({"type": "add_member", "organization": "org_a", "user": "usr_in"})),
        entry(|entry| entry["change"] = json!({"type": "remove_member", "organization": "org_a", "user": "usr_own"})),
        good.to_string(),
        String::new(),
        "[".to_owned(),
        "null".to_owned(),
        "[null]".to_owned(),
        "[[]]".to_owned(),
        format!("{one} x"),
        format!("{one}\0"),
        one.replace("\"at\"", "\"at\":\"2026-02-01T12:00:00Z\",\"at\""),
        "[".repeat(1 << 20),
        "{\"change\":".repeat(1 << 18),
    ];
    for entries in &bad {
        for (further, state_hash) in [(1, there), (0, here), (1, here), (1, [0; 32])] {
            let bytes = sealed_delta(&directory, entries, further, state_hash);
            let (outcome, most) = memory::most_of(|| directory.apply_delta(&bytes, Trust::default()));
            let shown: String = entries.chars().take(100).collect();
            assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt, "{shown}");
            assert!(most <= bound(bytes.len()), "{most} for {shown}");
        }
    }
    // The first changes are valid and the last is not; there are too few, too many, or they lead elsewhere.
    let two = json!([good, good]).to_string();
    let empty = "[]";
    for (entries, further, state_hash) in [
        (two.as_str(), 2, there),
        (&one, 0, there),
        (&one, 2, there),
        (&one, u64::MAX, there),
        (&one, 1 << 53, there),
        (&one, 1, here),
        (&one, 1, [0; 32]),
        (empty, 0, there),
        (empty, 1, here),
        (empty, 1, there),
    ] {
        let bytes = sealed_delta(&directory, entries, further, state_hash);
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt, "{entries} {further}");
    }
    // It begins elsewhere.
    for (base, code) in [
        ((20, from), ErrorCode::DeltaGap),
        ((22, here), ErrorCode::DeltaGap),
        ((u64::MAX, here), ErrorCode::SnapshotCorrupt),
        ((21, from), ErrorCode::DeltaFork),
        ((21, [0; 32]), ErrorCode::DeltaFork),
    ] {
        let bytes = Envelope::of_delta(base, base.0.wrapping_add(1), there).seal(one.as_bytes(), None);
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    let with = |edit: fn(&mut Envelope)| {
        let mut envelope = Envelope::of_delta((21, here), 22, there);
        edit(&mut envelope);
        envelope.seal(one.as_bytes(), None)
    };
    for (bytes, code) in [
        (with(|envelope| envelope.version = 3), ErrorCode::SnapshotVersion),
        (with(|envelope| envelope.version = 1), ErrorCode::SnapshotVersion),
        (with(|envelope| envelope.version = 0), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.kind = format::SNAPSHOT), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.base = None), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.flags = 8), ErrorCode::SnapshotCorrupt),
        (with(|envelope| (envelope.flags, envelope.issued_at) = (1, i64::MAX)), ErrorCode::SnapshotCorrupt),
        (with(|envelope| envelope.length = Some(1 << 40)), ErrorCode::SnapshotCorrupt),
        (snapshot(&after), ErrorCode::SnapshotCorrupt),
    ] {
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    assert!(state(&directory) == before, "a delta that failed has changed something");
}

#[test]
fn a_long_delta_takes_memory_by_its_length() {
    let mut directory = Directory::from_json(&read("tests/directories/minimal.json")).unwrap();
    let state_hash = hash(payload_of(&snapshot(&directory)));
    let entries = format!("[{}0]", "{\"change\":0,\"at\":0},".repeat(1 << 15));
    for text in long_json().into_iter().chain([entries]) {
        let bytes = sealed_delta(&directory, &text, 1 << 15, state_hash);
        let (outcome, most) = memory::most_of(|| directory.apply_delta(&bytes, Trust::default()));
        assert_eq!(outcome.unwrap_err().code(), ErrorCode::SnapshotCorrupt);
        assert!(most <= json_bound(bytes.len()), "{} for each", most / bytes.len());
    }
}

#[test]
fn no_change_follows_the_greatest_revision() {
    let document = {
        let mut document = read_json("tests/directories/minimal.json");
        document["revision"] = json!((1_u64 << 53) - 1);
        document.to_string()
    };
    let mut directory = Directory::from_json(document.as_bytes()).unwrap();
    let before = state(&directory);
    let change = json!({"type": "create_project", "organization": "org_m", "project": "p", "name": "P"});
    assert_eq!(apply(&mut directory, &change).unwrap_err().code(), ErrorCode::LimitExceeded);
    let entries = json!([{"change": change, "at": "2026-02-01T12:00:00Z"}]).to_string();
    let bytes = sealed_delta(&directory, &entries, 1, [0; 32]);
    assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt);
    assert!(state(&directory) == before);
}
