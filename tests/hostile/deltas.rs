//! Deltas with valid envelopes and invalid contents.

use crate::delta_contents::*;
use crate::delta_stage::*;
use crate::lengths::*;
use crate::memory::{bound, json_bound};
use crate::*;

#[test]
fn a_delta_with_invalid_contents_changes_nothing() {
    let history = json!({"type": "add_collaborator", "project": "prj_o", "user": "usr_new"});
    let change = json!({"type": "remove_resource", "resource": "file:file_1"});
    let mut stage = Stage::of(&read_json("tests/directories/changes.json"), &[history], &change);
    assert!(state(&stage.directory).deltas.iter().filter(|delta| delta.is_ok()).count() == 2);
    let (here, there) = (state_hash(&stage.directory), state_hash(&stage.after));
    let one = stage.contents.payload();
    assert!(
        sealed_delta(&stage.directory, &one, 1, there) == stage.delta,
        "the engine writes envelopes as the description of the format says"
    );

    let whole = stage.contents.columns();
    let mut bad = vec![
        Vec::new(),
        b"[]".to_vec(),
        b"null".to_vec(),
        [one.as_slice(), b"\0"].concat(),
        one.repeat(2),
        vec![255; 64],
        vec![251; 64],
        vec![252; 64],
        vec![253; 64],
        b"[".repeat(1 << 20),
    ];
    for number in 0..DELTA_COLUMNS {
        let with = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut columns = whole.clone();
            edit(&mut columns);
            payload(&columns)
        };
        bad.push(with(&|columns| drop(columns.remove(number))));
        bad.push(with(&|columns| columns.insert(number, Vec::new())));
        bad.push(payload(&whole[..number]));
        for size in [1, 2, 4, 8, 32] {
            bad.push(with(&|columns| columns[number].extend(vec![0; size])));
            // An actor that is none, in a column that is empty where there are none.
            if (number, size) != (DeltaColumn::ActorLengths as usize, 2) {
                bad.push(with(&|columns| columns[number].extend(vec![255; size])));
            }
        }
        if !whole[number].is_empty() {
            bad.push(with(&|columns| columns[number].clear()));
            bad.push(with(&|columns| columns[number].truncate(whole[number].len() - 1)));
            // Any word may be the type of a change, and many instants its time.
            if ![DeltaColumn::Types as usize, DeltaColumn::Times as usize].contains(&number) {
                bad.push(with(&|columns| columns[number].rotate_left(1)));
            }
        }
        for claim in CLAIMS.into_iter().map(length_prefix).chain([vec![253; 9], vec![254; 17], vec![255; 17], vec![253]]) {
            bad.push([payload(&whole[..number]), claim.clone(), payload(&whole[number..])[1..].to_vec()].concat());
            bad.push([payload(&whole[..number]), claim].concat());
        }
    }
    let before = state(&stage.directory);
    for (number, contents) in bad.iter().enumerate() {
        if *contents == one {
            continue;
        }
        for (further, state_hash) in [(1, there), (0, here), (1, here), (1, [0; 32])] {
            let bytes = sealed_delta(&stage.directory, contents, further, state_hash);
            let (outcome, most) = memory::most_of(|| stage.directory.apply_delta(&bytes, Trust::default()));
            assert_eq!(outcome.map_err(|error| error.code()), Err(ErrorCode::SnapshotCorrupt), "payload {number}");
            assert!(most <= bound(bytes.len()), "{most} for payload {number}");
        }
    }
    stage.is_untouched(&before, "payloads of another structure");
}

/// The entries are valid; there are too few changes, too many, or they lead elsewhere.
#[test]
fn a_delta_leads_to_the_revision_and_the_state_that_it_names() {
    let mut stage = Stage::example();
    let (here, there) = (state_hash(&stage.directory), state_hash(&stage.after));
    let one = stage.contents.clone();
    let (mut two, mut none, mut unlisted, mut empty) = (one.clone(), one.clone(), one.clone(), one.clone());
    two.changes.push(one.changes[0].clone());
    none.entries.clear();
    unlisted.changes.clear();
    (empty.entries, empty.changes) = (Vec::new(), Vec::new());
    for (contents, further, state_hash) in [
        (&two, 1, there),
        (&two, 2, here),
        (&one, 0, there),
        (&one, 2, there),
        (&one, u64::MAX, there),
        (&one, 1 << 53, there),
        (&one, 1, here),
        (&one, 1, [0; 32]),
        (&none, 1, there),
        (&unlisted, 0, there),
        (&unlisted, 0, here),
        (&unlisted, 1, there),
        (&empty, 0, there),
        (&empty, 1, here),
        (&empty, 1, there),
    ] {
        let bytes = sealed_delta(&stage.directory, &contents.payload(), further, state_hash);
        stage.refuses(&bytes, &format!("{contents:?} {further}"));
    }
    // Changes that undo each other alter no entry, and the type of a change may be one of a later release.
    let mut other = none;
    other.changes[0].0 = "do_something_new".to_owned();
    let mut copy = stage.directory.clone();
    let bytes = sealed_delta(&copy, &other.payload(), 1, here);
    assert_eq!(copy.apply_delta(&bytes, Trust::default()), Ok(stage.after.revision()));
    assert_eq!(written(&copy)["organizations"], written(&stage.directory)["organizations"]);
}

#[test]
fn the_envelope_of_a_delta_is_checked() {
    let stage = Stage::example();
    let mut directory = stage.directory.clone();
    let before = state(&directory);
    let (first, here, there) = (directory.revision(), state_hash(&directory), state_hash(&stage.after));
    let one = stage.contents.payload();
    // It begins elsewhere.
    for (base, code) in [
        ((first - 1, here), ErrorCode::DeltaGap),
        ((first + 1, here), ErrorCode::DeltaGap),
        ((u64::MAX, here), ErrorCode::SnapshotCorrupt),
        ((first, there), ErrorCode::DeltaFork),
        ((first, [0; 32]), ErrorCode::DeltaFork),
    ] {
        let bytes = Envelope::of_delta(base, base.0.wrapping_add(1), there).seal(&one, None);
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    let with = |edit: fn(&mut Envelope)| {
        let mut envelope = Envelope::of_delta((first, here), first + 1, there);
        edit(&mut envelope);
        envelope.seal(&one, None)
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
        (snapshot(&stage.after), ErrorCode::SnapshotCorrupt),
    ] {
        assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), code);
    }
    stage.is_untouched(&before, "the envelope");
}

#[test]
fn entries_are_in_the_order_of_their_keys_and_each_is_there_once() {
    let mut stage = Stage::example();
    let mut contents = stage.contents.clone();
    contents.remove(&["a", "usr_kai"]);
    for entries in [
        vec![contents.entries[1].clone(), contents.entries[0].clone()],
        vec![contents.entries[0].clone(); 2],
        vec![contents.entries[1].clone(); 2],
        vec![(contents.entries[1].0.clone(), Some(Vec::new())), contents.entries[1].clone()],
    ] {
        contents.entries = entries;
        let message = stage.refuses(&stage.sealed(&contents.payload()), "entries out of order");
        assert_eq!(message, "the entries are not sorted");
    }
}

#[test]
fn a_long_delta_takes_memory_by_its_length() {
    let directory = Directory::from_json(&read("tests/directories/minimal.json")).unwrap();
    let whole = Stage::example().contents.columns();
    let most_of = |payload: &[u8], further: u64| {
        let bytes = sealed_delta(&directory, payload, further, [0; 32]);
        let mut copy = directory.clone();
        let (outcome, most) = memory::most_of(|| copy.apply_delta(&bytes, Trust::default()).map(|_| ()));
        assert_eq!(outcome.map_err(|error| error.code()), Err(ErrorCode::SnapshotCorrupt));
        (most, bytes.len())
    };
    for number in 1..DELTA_COLUMNS {
        for (fill, length) in [(0, (7 << 16) + 8), (1, (7 << 16) + 8), (255, (7 << 16) + 8), (b'a', 1 << 18)] {
            let mut columns = whole.clone();
            columns[number] = vec![fill; length];
            let (most, length) = most_of(&payload(&columns), 1);
            assert!(most <= bound(length), "{} for each byte of column {number}", most / length);
        }
    }
    for text in long_json() {
        let mut columns = whole.clone();
        columns[DeltaColumn::Policy as usize] = text.into_bytes();
        let (most, length) = most_of(&payload(&columns), 1);
        assert!(most <= json_bound(length), "{} for each byte of a policy", most / length);
    }
    // As many entries and changes as there can be, of every type, which are valid until the last.
    let mut contents = Contents { policy: String::new(), entries: Vec::new(), changes: vec![("x".to_owned(), None, 0); 1 << 15] };
    let (most, length) = most_of(&contents.payload(), 1 << 15);
    assert!(most <= bound(length), "{} for each byte of changes", most / length);
    contents.entries = (0..1 << 15).map(|number| (key(&["a", &format!("{number:05}")]), None)).collect();
    contents.entries.push(("c".to_owned(), None));
    let (most, length) = most_of(&contents.payload(), 1 << 15);
    assert!(most <= bound(length), "{} for each byte of entries that are removed", most / length);
    let none = image(&[Field::None, Field::None, Field::At(0)]);
    contents.entries = (0..1 << 15).map(|number| (key(&["a", &format!("{number:05}")]), Some(none.clone()))).collect();
    let (most, length) = most_of(&contents.payload(), 1 << 15);
    assert!(most <= bound(length), "{} for each byte of users", most / length);
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
    let contents = Contents { policy: String::new(), entries: Vec::new(), changes: vec![("create_project".to_owned(), None, 0)] };
    let bytes = sealed_delta(&directory, &contents.payload(), 1, state_hash(&directory));
    assert_eq!(directory.apply_delta(&bytes, Trust::default()).unwrap_err().code(), ErrorCode::SnapshotCorrupt);
    assert!(state(&directory) == before);
}
