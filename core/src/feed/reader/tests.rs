//! Each rule of the reader, and beside each acceptance the same object with one thing wrong.

use super::*;
use crate::feed::tests::{MAX_AGE, at, copy, delta, engine, join, key, keys, knows, sealed, snapshot};
use crate::snapshot::Seal;

fn reader() -> Reader {
    Reader::new(keys(&[1]))
}

fn look(key: Key) -> Option<Look> {
    Some(Look { key, if_changed: false })
}

fn if_changed(key: Key) -> Option<Look> {
    Some(Look { key, if_changed: true })
}

/// What came of bytes, and what is next.
fn given(reader: &mut Reader, place: &mut Option<Directory>, bytes: &[u8], seconds: i64) -> (Seen, Option<Look>) {
    found(reader, place, Found::Bytes(bytes), seconds)
}

fn found(reader: &mut Reader, place: &mut Option<Directory>, found: Found<'_>, seconds: i64) -> (Seen, Option<Look>) {
    let taken = reader.take(place, found, at(seconds), None);
    (taken.seen, taken.next)
}

fn code_of(seen: &Seen) -> Option<ErrorCode> {
    if let Seen::Refused(error) = seen { Some(error.code()) } else { None }
}

#[test]
fn without_an_engine_a_round_begins_with_the_snapshot() {
    let (origin, mut place, mut reader) = (engine(), None, reader());
    assert_eq!(reader.begin(None), Look { key: Key::Snapshot, if_changed: false });
    assert_eq!(given(&mut reader, &mut place, &snapshot(&origin, 0), 1), (Seen::Loaded, look(Key::Delta(0))));
    assert!(knows(place.as_ref().unwrap(), "ada", 1));
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 0, 5), 6), (Seen::Renewed, None));
    assert_eq!(place.as_ref().unwrap().issued_at(), Some(at(5)));
}

#[test]
fn without_an_engine_nothing_but_a_good_snapshot_makes_one() {
    let origin = engine();
    let good = snapshot(&origin, 0);
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let unsigned = origin.to_snapshot(&Seal { issued_at: Some(at(0)), ..Seal::default() });
    let by_another = origin.to_snapshot(&sealed(&key(2), 0));
    let mut newer = good.clone();
    newer[8] = 3;
    for (bytes, code, is_settled) in [
        (&damaged, ErrorCode::SnapshotCorrupt, false),
        (&good[..9].to_vec(), ErrorCode::SnapshotCorrupt, false),
        (&delta(&origin, 0, 0), ErrorCode::SnapshotCorrupt, false),
        (&unsigned, ErrorCode::SignatureMissing, true),
        (&by_another, ErrorCode::SignatureInvalid, true),
        (&newer, ErrorCode::SnapshotVersion, true),
        (&snapshot(&origin, 302), ErrorCode::IssuedInFuture, false),
    ] {
        let (mut place, mut reader) = (None, reader());
        reader.begin(None);
        let (seen, next) = given(&mut reader, &mut place, bytes, 1);
        assert_eq!((code_of(&seen), next, place.is_none()), (Some(code), None, true));
        assert_eq!(reader.is_snapshot_settled, is_settled, "{code}");
        assert_eq!(reader.begin(None), Look { key: Key::Snapshot, if_changed: false });
    }
    let (mut place, mut reader) = (None, reader());
    reader.begin(None);
    assert_eq!(found(&mut reader, &mut place, Found::Absent, 1), (Seen::Missing, None));
    assert!(place.is_none());
}

#[test]
fn a_snapshot_that_never_becomes_stale_is_not_taken() {
    let mut document = serde_json::to_value(engine().to_document()).unwrap();
    document["max_age_seconds"] = serde_json::Value::Null;
    let endless = Directory::from_json(document.to_string().as_bytes()).unwrap();
    let without_instant = engine().to_snapshot(&Seal { signing_key: Some(&key(1)), ..Seal::default() });
    for bytes in [endless.to_snapshot(&sealed(&key(1), 0)), without_instant] {
        let (mut place, mut reader) = (None, reader());
        reader.begin(None);
        assert_eq!(given(&mut reader, &mut place, &bytes, 1), (Seen::Endless, None));
        assert!(place.is_none());
    }
    // The same directory with an age is taken.
    let bytes = endless.to_snapshot(&Seal { max_age_seconds: Some(MAX_AGE), ..sealed(&key(1), 0) });
    let (mut place, mut reader) = (None, reader());
    reader.begin(None);
    assert_eq!(given(&mut reader, &mut place, &bytes, 1).0, Seen::Loaded);
}

#[test]
fn steps_are_followed_at_once_to_the_renewal() {
    let mut origin = engine();
    let (mut place, mut reader) = (Some(copy(&origin, 0)), reader());
    let mut steps = Vec::new();
    for (revision, user) in [(1, "bob"), (2, "eve")] {
        join(&mut origin, user);
        steps.push(delta(&origin, revision - 1, 10));
    }
    assert_eq!(Some(reader.begin(place.as_ref())), look(Key::Delta(0)));
    assert_eq!(given(&mut reader, &mut place, &steps[0], 11), (Seen::Advanced(0), look(Key::Delta(1))));
    assert_eq!(given(&mut reader, &mut place, &steps[1], 11), (Seen::Advanced(1), look(Key::Delta(2))));
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 2, 11), 11), (Seen::Renewed, None));
    assert!(knows(place.as_ref().unwrap(), "eve", 11));
    // The same step with another signature changes nothing.
    let (mut place, bytes) = (Some(copy(&engine(), 0)), origin.to_delta(0, &sealed(&key(2), 10)).unwrap());
    reader.begin(place.as_ref());
    let (seen, next) = given(&mut reader, &mut place, &bytes, 11);
    assert_eq!((code_of(&seen), next), (Some(ErrorCode::SignatureInvalid), None));
    assert_eq!((place.as_ref().unwrap().revision(), place.as_ref().unwrap().issued_at()), (0, Some(at(0))));
}

#[test]
fn a_renewal_is_asked_for_only_if_it_has_changed() {
    let origin = engine();
    let (mut place, mut reader) = (Some(copy(&origin, 0)), reader());
    assert_eq!(Some(reader.begin(place.as_ref())), look(Key::Delta(0)));
    given(&mut reader, &mut place, &delta(&origin, 0, 5), 6);
    assert_eq!(Some(reader.begin(place.as_ref())), if_changed(Key::Delta(0)));
    assert_eq!(found(&mut reader, &mut place, Found::Unchanged, 7), (Seen::Current, None));
    assert_eq!(Some(reader.begin(place.as_ref())), if_changed(Key::Delta(0)));
    // An older renewal that is served again changes nothing.
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 0, 3), 8), (Seen::Current, None));
    assert_eq!(place.as_ref().unwrap().issued_at(), Some(at(5)));
    // What was refused, but may be accepted later, is read in full.
    reader.begin(place.as_ref());
    let (seen, _) = given(&mut reader, &mut place, &delta(&origin, 0, 320), 9);
    assert_eq!(code_of(&seen), Some(ErrorCode::IssuedInFuture));
    assert_eq!(Some(reader.begin(place.as_ref())), look(Key::Delta(0)));
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 0, 320), 20), (Seen::Renewed, None));
    // Without an engine, an unchanged snapshot would be of no use.
    assert_eq!(reader.begin(None), Look { key: Key::Snapshot, if_changed: false });
}

#[test]
fn where_the_deltas_lead_elsewhere_the_snapshot_is_looked_at() {
    let (mut origin, mut other) = (engine(), engine());
    let mut place = Some(copy(&origin, 0));
    join(&mut origin, "bob");
    join(&mut origin, "eve");
    join(&mut other, "zoe");
    let signpost = delta(&origin, 2, 10);
    for first in [Found::Absent, Found::Bytes(&signpost)] {
        let (mut place, mut reader) = (place.clone(), reader());
        reader.begin(place.as_ref());
        let (seen, next) = found(&mut reader, &mut place, first, 11);
        assert!(seen == Seen::Missing || code_of(&seen) == Some(ErrorCode::DeltaGap));
        assert_eq!(next, look(Key::Snapshot));
        assert_eq!(given(&mut reader, &mut place, &snapshot(&origin, 10), 11), (Seen::Loaded, look(Key::Delta(2))));
        // Once a round: if this leads elsewhere as well, the round ends.
        let (seen, next) = found(&mut reader, &mut place, first, 11);
        assert!(next.is_none() || seen == Seen::Renewed);
        assert!(knows(place.as_ref().unwrap(), "eve", 11));
    }
    // Another history of the same revision.
    place.as_mut().unwrap().apply_delta(&delta(&other, 0, 9), Trust::default()).unwrap();
    let mut reader = reader();
    reader.begin(place.as_ref());
    let (seen, next) = given(&mut reader, &mut place, &delta(&origin, 1, 10), 11);
    assert_eq!((code_of(&seen), next), (Some(ErrorCode::DeltaFork), look(Key::Snapshot)));
    // If the snapshot leads nowhere either, the engine stays, and is asked for the next time in full.
    assert_eq!(found(&mut reader, &mut place, Found::Absent, 11), (Seen::Missing, None));
    assert!(knows(place.as_ref().unwrap(), "zoe", 11));
    assert_eq!(Some(reader.begin(place.as_ref())), look(Key::Delta(1)));
}

#[test]
fn what_is_not_newer_is_not_taken() {
    let mut origin = engine();
    let old = origin.clone();
    join(&mut origin, "bob");
    let present = copy(&origin, 100);
    for (bytes, seen) in [
        (snapshot(&old, 101), Seen::Older),
        (snapshot(&origin, 99), Seen::Older),
        (snapshot(&old, 99), Seen::Older),
        (snapshot(&origin, 100), Seen::Loaded),
        (snapshot(&origin, 101), Seen::Loaded),
    ] {
        let (mut place, mut reader) = (Some(present.clone()), reader());
        reader.begin(place.as_ref());
        found(&mut reader, &mut place, Found::Absent, 102);
        let next = if seen == Seen::Loaded { look(Key::Delta(1)) } else { None };
        assert_eq!(given(&mut reader, &mut place, &bytes, 102), (seen, next));
        let place = place.unwrap();
        assert!(place.revision() == 1 && place.issued_at() >= Some(at(100)));
        // It stays what it is, so it need not be read again.
        assert!(reader.is_snapshot_settled);
    }
}

#[test]
fn another_refusal_ends_the_round_unless_the_engine_is_stale() {
    let mut origin = engine();
    let present = copy(&origin, 0);
    join(&mut origin, "bob");
    let mut damaged = delta(&origin, 0, 100);
    *damaged.last_mut().unwrap() ^= 1;
    for (seconds, next) in [(300, None), (301, look(Key::Snapshot))] {
        let (mut place, mut reader) = (Some(present.clone()), reader());
        reader.begin(place.as_ref());
        let (seen, then) = given(&mut reader, &mut place, &damaged, seconds);
        assert_eq!((code_of(&seen), then), (Some(ErrorCode::SnapshotCorrupt), next));
        assert_eq!(knows(place.as_ref().unwrap(), "ada", seconds), seconds == 300);
    }
}

#[test]
fn a_round_that_ends_stale_looks_at_the_snapshot() {
    let mut origin = engine();
    let (present, old) = (copy(&origin, 0), delta(&origin, 0, 0));
    join(&mut origin, "bob");
    let ends = [Found::Unchanged, Found::Bytes(&old)];
    for (first, (seconds, next)) in ends.into_iter().flat_map(|first| [(300, None), (301, look(Key::Snapshot))].map(|end| (first, end))) {
        let (mut place, mut reader) = (Some(present.clone()), reader());
        reader.begin(place.as_ref());
        assert_eq!(found(&mut reader, &mut place, first, seconds), (Seen::Current, next));
        if next.is_some() {
            assert_eq!(given(&mut reader, &mut place, &snapshot(&origin, 200), seconds).0, Seen::Loaded);
            assert!(knows(place.as_ref().unwrap(), "bob", seconds));
        }
    }
}

#[test]
fn after_many_steps_the_snapshot_is_looked_at_once() {
    let mut origin = engine();
    let (mut steps, many) = (Vec::new(), u64::from(MANY_STEPS));
    for revision in 0..2 * many + 2 {
        join(&mut origin, &format!("user_{revision}"));
        steps.push(delta(&origin, revision, 10));
    }
    for answer in [Found::Absent, Found::Unchanged, Found::Bytes(&snapshot(&origin, 10))] {
        let (mut place, mut reader) = (Some(copy(&engine(), 0)), reader());
        let mut next = Some(reader.begin(place.as_ref()));
        let mut looks = Vec::new();
        while let Some(Look { key, .. }) = next {
            let reached = place.as_ref().unwrap().revision();
            next = match key {
                Key::Snapshot => {
                    looks.push(reached);
                    found(&mut reader, &mut place, answer, 11).1
                }
                Key::Delta(revision) if revision == 2 * many + 2 => given(&mut reader, &mut place, &delta(&origin, revision, 10), 11).1,
                Key::Delta(revision) => given(&mut reader, &mut place, &steps[usize::try_from(revision).unwrap()], 11).1,
            };
        }
        assert_eq!((looks, place.unwrap().revision()), (vec![many], 2 * many + 2));
    }
}

#[test]
fn a_round_may_be_given_up_anywhere() {
    let mut origin = engine();
    let (mut place, mut reader) = (Some(copy(&origin, 0)), reader());
    join(&mut origin, "bob");
    reader.begin(place.as_ref());
    given(&mut reader, &mut place, &delta(&origin, 0, 10), 11);
    // Its request for the next delta gets no answer. The next round begins there.
    assert_eq!(Some(reader.begin(place.as_ref())), look(Key::Delta(1)));
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 1, 12), 13), (Seen::Renewed, None));
    // What nobody has asked for is passed over.
    let taken = reader.take(&mut place, Found::Bytes(&snapshot(&engine(), 20)), at(20), None);
    assert_eq!(taken, Taken { key: None, seen: Seen::Current, next: None });
    // A host that has dropped its engine in between gets another one.
    reader.begin(place.as_ref());
    place = None;
    assert_eq!(given(&mut reader, &mut place, &delta(&origin, 1, 12), 13), (Seen::Missing, look(Key::Snapshot)));
}
