//! The order of writes, each condition, and what happens when a publisher stops, is held up, or is not alone.

use super::held::Snapshot;
use super::*;
use crate::feed::reader::Seen;
use crate::feed::tests::*;
use crate::snapshot::Seal;
use crate::wire::trust::Trust;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    RequestLost,
    ReplyLost,
    /// It is sent twice, and the second answer is heard.
    Repeated,
}

/// A feed at revision 0, its publisher, and the engine.
fn begun() -> (Store, Publisher, Directory) {
    let (mut store, mut publisher, directory) = (Store::default(), Publisher::new(1), engine());
    assert_eq!(publisher.resume(&mut store, 0).0, Next::Done(Report::default()));
    assert!(matches!(publisher.publish(&mut store, &directory, 0), Next::Done(Report { revision: 0, snapshots: 1, renewals: 1, .. })));
    publisher.told();
    (store, publisher, directory)
}

/// An engine with a history of its own, at a higher revision.
fn elsewhere(revision: u64) -> Directory {
    let mut document = serde_json::to_value(engine().to_document()).unwrap();
    document["revision"] = serde_json::json!(revision);
    let mut directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    join(&mut directory, "zoe");
    directory
}

#[test]
fn each_publication_writes_in_its_order() {
    let (mut store, mut publisher, mut directory) = (Store::default(), Publisher::new(1), engine());
    publisher.resume(&mut store, 0);
    assert_eq!(publisher.told(), "get snapshot");
    publisher.publish(&mut store, &directory, 0);
    assert_eq!(publisher.told(), "create snapshot, create deltas/0, replace deltas/0, check snapshot");
    join(&mut directory, "bob");
    join(&mut directory, "eve");
    let Next::Done(report) = publisher.publish(&mut store, &directory, 1) else { panic!() };
    assert_eq!(publisher.told(), "replace deltas/0, create deltas/2, replace deltas/2, replace snapshot");
    assert_eq!((report.revision, report.steps, report.renewals, report.snapshots, report.jumps), (2, 1, 1, 1, 0));
    // The renewal was written twice.
    let bytes: usize = store.objects.values().chain([&store.objects[&Key::Delta(2)]]).map(|(_, bytes)| bytes.len()).sum();
    assert_eq!((report.bytes, report.claims), (bytes as u64, 1));
    assert!(knows(&reached(&store, &[1], 2), "eve", 2));
    // With a large snapshot, which is not due.
    publisher.writer.held.as_mut().unwrap().snapshot.bytes = 1 << 30;
    join(&mut directory, "kim");
    publisher.publish(&mut store, &directory, 2);
    assert_eq!(publisher.told(), "replace deltas/2, create deltas/3, replace deltas/3, check snapshot");
    assert!(knows(&reached(&store, &[1], 2), "kim", 2));
    publisher.publish(&mut store, &directory, 3);
    assert_eq!(publisher.told(), "");
}

#[test]
fn a_renewal_is_due_after_a_third_of_the_greatest_age() {
    let (mut store, mut publisher, directory) = begun();
    for (seconds, told) in [(99, ""), (100, "replace deltas/0, replace snapshot"), (199, ""), (200, "replace deltas/0, replace snapshot")] {
        publisher.publish(&mut store, &directory, seconds);
        assert_eq!(publisher.told(), told, "{seconds}");
    }
    assert_eq!(reached(&store, &[1], 201).fresh_until(), Some(at(500)));
    // A step renews as well.
    let mut directory = directory;
    join(&mut directory, "bob");
    publisher.publish(&mut store, &directory, 250);
    publisher.told();
    publisher.publish(&mut store, &directory, 349);
    assert_eq!(publisher.told(), "");
}

#[test]
fn what_was_left_undone_is_completed_without_answering_for_longer() {
    let (mut store, mut publisher, mut directory) = begun();
    join(&mut directory, "bob");
    let next = publisher.begin(&directory, 10);
    publisher.run(&mut store, next, 1);
    let mut second = Publisher::new(1);
    let (_, resumed) = second.resume(&mut store, 200);
    assert_eq!(second.told(), "get snapshot, get deltas/0, get deltas/1, create deltas/1, replace deltas/1, check snapshot");
    assert_eq!(reached(&store, &[1], 200).issued_at(), Some(at(10).moved(2)));
    // That is for the publisher who knows what the database says.
    second.publish(&mut store, &resumed.unwrap(), 200);
    assert_eq!((second.told().as_str(), reached(&store, &[1], 200).issued_at()), ("replace deltas/1, replace snapshot", Some(at(200))));
}

#[test]
fn a_snapshot_is_renewed_only_by_whoever_has_the_head() {
    for is_alone in [true, false] {
        let (mut store, mut publisher, directory) = begun();
        // The head was renewed when the snapshot was not.
        publisher.writer.held.as_mut().unwrap().snapshot.object.issued_at = Some(at(-100));
        if !is_alone {
            Publisher::new(1).resume(&mut store, 1);
        }
        let before = store.objects[&Key::Snapshot].clone();
        let next = publisher.publish(&mut store, &directory, 5);
        assert_eq!(next == Next::Conflict(Key::Delta(0)), !is_alone);
        assert_eq!(store.objects[&Key::Snapshot] == before, !is_alone);
        assert_eq!(publisher.told(), if is_alone { "replace deltas/0, replace snapshot" } else { "replace deltas/0, get deltas/0" });
    }
}

#[test]
fn a_snapshot_is_due_for_each_of_its_reasons() {
    let (_, publisher, directory) = begun();
    let begun = publisher.writer.held.unwrap();
    let due = |seconds: i64, step: Option<usize>, change: fn(&mut Snapshot)| {
        let mut held = begun.clone();
        held.snapshot.bytes = 800_000;
        change(&mut held.snapshot);
        held.is_snapshot_due(&Terms::new(&directory, None, None, at(seconds)).unwrap(), step)
    };
    assert!(!due(99, None, |_| {}) && due(100, None, |_| {}));
    assert!(!due(0, Some(100_000), |_| {}) && due(0, Some(100_001), |_| {}));
    assert!(!due(0, Some(1), |held| held.step_bytes = 99_999) && due(0, Some(1), |held| held.step_bytes = 100_000));
    assert!(!due(0, Some(1), |held| held.steps = 62) && due(0, Some(1), |held| held.steps = 63));
    assert!(!due(0, None, |held| held.object.is_own = true) && due(0, None, |held| held.object.is_own = false));
    assert!(!due(0, Some(1), |held| held.bytes = 256 * 1_024 + 1) && due(0, Some(1), |held| held.bytes = 256 * 1_024));
    // A small snapshot is written after a step, and not without one.
    assert!(!due(0, None, |held| held.bytes = 1));
}

#[test]
fn where_no_delta_can_be_made_readers_are_sent_to_the_snapshot() {
    let (mut store, mut publisher, directory) = begun();
    let mut edge = Some(reached(&store, &[1], 1));
    let Next::Done(report) = publisher.publish(&mut store, &elsewhere(10), 2) else { panic!() };
    assert_eq!(publisher.told(), "replace deltas/0, replace snapshot, create deltas/11, replace deltas/11, check snapshot");
    assert_eq!((report.revision, report.steps, report.jumps, report.snapshots, report.renewals), (11, 0, 1, 1, 1));
    let seen = follow(&store, &mut edge, &[1], 3);
    assert!(matches!(&seen[..], [Seen::Refused(gap), Seen::Loaded, Seen::Current] if gap.code() == ErrorCode::DeltaGap), "{seen:?}");
    assert!(knows(edge.as_ref().unwrap(), "zoe", 3));
    // Another state at a revision that is not later is refused, and nothing is written.
    let writes = store.writes;
    for guard in [elsewhere(9), directory] {
        assert!(guard.revision() < 11);
        assert_eq!(publisher.writer.begin(&guard, at(4)).unwrap_err().code(), ErrorCode::DeltaFork);
    }
    let mut other = elsewhere(9);
    join(&mut other, "bob");
    assert_eq!((other.revision(), publisher.writer.begin(&other, at(4)).unwrap_err().code()), (11, ErrorCode::DeltaFork));
    // The same state is no other one, whatever led there.
    assert!(matches!(publisher.publish(&mut store, &elsewhere(10), 4), Next::Done(_)));
    assert_eq!(store.writes, writes);
}

/// A publication of each kind: what is there before, and what is published.
fn publications() -> Vec<(Store, Publisher, Directory)> {
    let (store, publisher, mut directory) = begun();
    join(&mut directory, "bob");
    let step = (store, publisher, directory);
    let jump = {
        let (store, publisher, _) = begun();
        (store, publisher, elsewhere(10))
    };
    let mut first = (Store::default(), Publisher::new(1), engine());
    first.1.resume(&mut first.0, 0);
    vec![step, jump, first, begun()]
}

#[test]
fn after_a_lost_request_or_answer_the_same_is_written_once() {
    for kind in 0..4 {
        let (mut expected, mut publisher, directory) = publications().swap_remove(kind);
        publisher.told();
        publisher.publish(&mut expected, &directory, 150);
        let requests = publisher.told().split(", ").count();
        for (number, fate) in
            (0..requests).flat_map(|number| [Fate::RequestLost, Fate::ReplyLost, Fate::Repeated].map(|fate| (number, fate)))
        {
            let (mut store, mut publisher, directory) = publications().swap_remove(kind);
            let next = publisher.begin(&directory, 150);
            let mut next = publisher.run(&mut store, next, number);
            let mut heard = None;
            let tags = publisher.tags.clone();
            if fate != Fate::RequestLost {
                heard = Some(publisher.request(&mut store, &next));
            }
            if fate == Fate::Repeated {
                // The library of the host sent it again with the tag that it knew.
                publisher.tags = tags.clone();
                heard = Some(publisher.request(&mut store, &next));
            }
            if fate == Fate::ReplyLost {
                publisher.tags = tags;
                heard = None;
            }
            next = publisher.writer.reply(heard.as_ref().map_or(Reply::Failed, Heard::as_reply), at(150)).unwrap();
            if next == Next::Failed {
                next = publisher.begin(&directory, 160);
            }
            next = publisher.run(&mut store, next, usize::MAX);
            assert!(matches!(next, Next::Done(_)), "{kind} {number} {fate:?}: {next:?}");
            let bytes = |store: &Store| store.objects.iter().map(|(key, (_, bytes))| (*key, bytes.clone())).collect::<Vec<_>>();
            assert!(bytes(&store) == bytes(&expected) && store.writes == expected.writes, "{kind} {number} {fate:?}");
        }
    }
}

#[test]
fn a_publisher_that_stops_anywhere_is_followed_by_another() {
    for kind in 0..4 {
        for number in 0..8 {
            let (mut store, mut publisher, directory) = publications().swap_remove(kind);
            let mut edge = Some(store.objects.get(&Key::Snapshot).map_or_else(|| copy(&engine(), 0), |_| reached(&store, &[1], 1)));
            let next = publisher.begin(&directory, 150);
            publisher.run(&mut store, next, number);
            // An edge reads what is there.
            follow(&store, &mut edge, &[1], 151);
            let mut second = Publisher::new(1);
            let (next, resumed) = second.resume(&mut store, 152);
            assert!(matches!(next, Next::Done(_)), "{kind} {number}: {next:?}");
            let is_published = resumed.as_ref().is_some_and(|resumed| resumed.state() == directory.state());
            let edge_revision = edge.as_ref().unwrap().revision();
            assert!(is_published || edge_revision == 0, "{kind} {number}: an edge has what was not published");
            // It goes on from there.
            let mut directory = resumed.unwrap_or(directory);
            join(&mut directory, "kim");
            assert!(matches!(second.publish(&mut store, &directory, 153), Next::Done(_)), "{kind} {number}");
            follow(&store, &mut edge, &[1], 154);
            for edge in [edge.unwrap(), reached(&store, &[1], 154)] {
                assert_eq!((edge.state(), edge.is_stale(at(154))), (directory.state(), false), "{kind} {number}");
            }
            // The first one wakes up. It is told, at the latest when it has something to write.
            let mut last = publisher.run(&mut store, next_of(&publisher), usize::MAX);
            if matches!(last, Next::Done(_)) {
                last = publisher.publish(&mut store, &elsewhere(20), 300);
            }
            assert!(matches!(last, Next::Conflict(_)), "{kind} {number}: {last:?}");
            assert_eq!(reached(&store, &[1], 156).state(), directory.state(), "{kind} {number}");
        }
    }
}

/// The request at which a publisher was held up.
fn next_of(publisher: &Publisher) -> Next {
    match publisher.writer.operation() {
        Some(Operation::Put { key, before, .. }) => Next::Put(*key, if before.is_some() { Condition::IfSeen } else { Condition::IfAbsent }),
        Some(Operation::Check) => Next::Get(Look { key: Key::Snapshot, if_changed: true }),
        Some(Operation::Delete(revision)) => Next::Delete(Key::Delta(*revision)),
        None => Next::Done(Report::default()),
    }
}

#[test]
fn a_second_publisher_is_told_and_has_written_nothing() {
    let (mut store, mut publisher, mut directory) = begun();
    let mut second = Publisher::new(1);
    let (_, resumed) = second.resume(&mut store, 1);
    let mut other = resumed.unwrap();
    // One of them renews, and the other one steps; then the other way round.
    join(&mut other, "eve");
    assert!(matches!(second.publish(&mut store, &other, 2), Next::Done(_)));
    let writes = store.writes;
    assert_eq!(publisher.publish(&mut store, &directory, 150), Next::Conflict(Key::Delta(0)));
    assert_eq!((store.writes, publisher.writer.published()), (writes, None));
    // It does nothing until it has read the feed again.
    assert_eq!(publisher.writer.begin(&directory, at(151)).unwrap_err().code(), ErrorCode::RevisionConflict);
    let (next, resumed) = publisher.resume(&mut store, 152);
    assert!(matches!(next, Next::Done(Report { revision: 1, .. })) && resumed.unwrap().state() == other.state());
    directory = other.clone();
    join(&mut directory, "bob");
    join(&mut other, "kim");
    assert!(matches!(publisher.publish(&mut store, &directory, 153), Next::Done(_)));
    let writes = store.writes;
    assert_eq!(second.publish(&mut store, &other, 153), Next::Conflict(Key::Delta(1)));
    assert_eq!(store.writes, writes);
    // Of two that begin a feed, one is told.
    let (mut store, mut one, mut other) = (Store::default(), Publisher::new(1), Publisher::new(1));
    one.resume(&mut store, 0);
    other.resume(&mut store, 0);
    assert!(matches!(one.publish(&mut store, &directory, 1), Next::Done(_)));
    assert_eq!(other.publish(&mut store, &engine(), 1), Next::Conflict(Key::Snapshot));
}

#[test]
fn a_signpost_without_its_snapshot_is_undone_and_the_one_who_wrote_it_cannot_go_on() {
    let (mut store, mut publisher, _) = begun();
    let next = publisher.begin(&elsewhere(10), 150);
    let next = publisher.run(&mut store, next, 1);
    assert_eq!(next, Next::Put(Key::Snapshot, Condition::IfSeen));
    // An edge finds no newer snapshot, and stays.
    let mut edge = Some(copy(&engine(), 149));
    let seen = follow(&store, &mut edge, &[1], 151);
    assert!(matches!(&seen[..], [Seen::Refused(_), Seen::Older]), "{seen:?}");
    // Held up for less than a moment by the clock of the second one: its snapshot has other bytes all the same.
    let mut second = Publisher::new(1);
    second.resume(&mut store, 0);
    assert_eq!(second.told(), "get snapshot, get deltas/0, replace snapshot, replace deltas/0");
    assert_eq!(publisher.run(&mut store, next, usize::MAX), Next::Conflict(Key::Snapshot));
    // The revision answers for no longer than before.
    let edge = reached(&store, &[1], 152);
    assert_eq!((edge.revision(), edge.issued_at()), (0, Some(at(0).moved(2))));
}

#[test]
fn who_was_held_up_for_long_publishes_nothing_beside_the_chain() {
    let (mut store, mut publisher, mut directory) = begun();
    publisher.writer.held.as_mut().unwrap().snapshot.bytes = 1 << 30;
    join(&mut directory, "bob");
    let next = publisher.begin(&directory, 50);
    let next = publisher.run(&mut store, next, 1);
    assert_eq!(next, Next::Put(Key::Delta(1), Condition::IfAbsent));
    // Others go on, until the delta that it is about to create has come and gone.
    let mut second = Publisher::new(1);
    let (_, resumed) = second.resume(&mut store, 60);
    let mut other = resumed.unwrap();
    join(&mut other, "eve");
    for seconds in [70, 71, 672, 673] {
        second.publish(&mut store, &other, seconds);
    }
    assert!(!store.objects.contains_key(&Key::Delta(1)));
    assert_eq!(publisher.run(&mut store, next, usize::MAX), Next::Conflict(Key::Snapshot));
    assert_eq!(publisher.told(), "replace deltas/0, create deltas/1, replace deltas/1, check snapshot");
    // What it created leads an edge astray that has been stale for long, but no further than to the snapshot.
    let mut edge = Some(copy(&engine(), 0));
    edge.as_mut().unwrap().apply_delta(&delta(&directory, 0, 50), Trust::default()).unwrap();
    follow(&store, &mut edge, &[1], 674);
    assert_eq!(edge.unwrap().state(), other.state());
}

#[test]
fn nothing_is_built_on_what_can_be_created_again() {
    let (mut store, mut publisher, mut directory) = begun();
    join(&mut directory, "bob");
    let next = publisher.begin(&directory, 10);
    let next = publisher.run(&mut store, next, 1);
    assert_eq!(next, Next::Put(Key::Delta(1), Condition::IfAbsent));
    let created = publisher.writer.body().to_vec();
    publisher.run(&mut store, next, 1);
    // One publisher takes the feed over and is held up. Another one goes on, until the delta is deleted.
    let (mut second, mut third) = (Publisher::new(1), Publisher::new(1));
    let (_, resumed) = second.resume(&mut store, 20);
    let mut held_up = resumed.unwrap();
    let (_, resumed) = third.resume(&mut store, 30);
    let mut other = resumed.unwrap();
    join(&mut other, "eve");
    for seconds in [40, 41, 700] {
        third.publish(&mut store, &other, seconds);
    }
    assert!(!store.objects.contains_key(&Key::Delta(1)));
    // The request of the first one arrives a second time.
    store.insert(Key::Delta(1), &created);
    join(&mut held_up, "kim");
    assert_eq!(second.publish(&mut store, &held_up, 701), Next::Conflict(Key::Delta(1)));
    assert!(store.objects[&Key::Delta(1)].1 == created);
}

#[test]
fn with_another_key_everything_is_renewed_at_once() {
    let (store, _, directory) = begun();
    let (mut again, mut same) = (store.clone(), Publisher::new(1));
    let (_, resumed) = same.resume(&mut again, 1);
    assert!(matches!(same.publish(&mut again, &resumed.unwrap(), 1), Next::Done(Report { revision: 0, bytes: 0, .. })));
    let mut replaced = Publisher::with(2, &[1]);
    let mut signed_by_two = store.clone();
    let (_, resumed) = replaced.resume(&mut signed_by_two, 1);
    assert_eq!(replaced.told(), "get snapshot, get deltas/0, replace deltas/0, check snapshot");
    replaced.publish(&mut signed_by_two, &resumed.unwrap(), 1);
    assert_eq!(replaced.told(), "replace deltas/0, replace snapshot");
    assert_eq!(reached(&signed_by_two, &[2], 2).state(), directory.state());
    // Without the older key the feed is somebody else's.
    let (mut stranger, mut unchanged) = (Publisher::new(2), store.clone());
    let next = stranger.writer.resume(None);
    let heard = stranger.request(&mut unchanged, &next);
    assert_eq!(stranger.writer.reply(heard.as_reply(), at(1)).unwrap_err().code(), ErrorCode::SignatureInvalid);
    assert_eq!(stranger.writer.begin(&directory, at(1)).unwrap_err().code(), ErrorCode::RevisionConflict);
    assert_eq!(unchanged.writes, store.writes);
}

#[test]
fn a_feed_with_an_object_that_is_not_its_own_is_not_gone_on_with() {
    let (store, _, _) = begun();
    let mut other = engine();
    join(&mut other, "zoe");
    join(&mut other, "bob");
    let forged = other.to_delta(0, &sealed(&key(2), 1)).unwrap();
    let longer = Seal { signing_key: Some(&key(1)), issued_at: Some(at(400)), max_age_seconds: None };
    for (bytes, code) in [
        (forged, ErrorCode::SignatureInvalid),
        (delta(&other, 1, 1), ErrorCode::SnapshotCorrupt),
        (fork(), ErrorCode::DeltaFork),
        (engine().to_delta(0, &longer).unwrap(), ErrorCode::IssuedInFuture),
    ] {
        let (mut store, mut publisher) = (store.clone(), Publisher::new(1));
        store.insert(Key::Delta(0), &bytes);
        let next = publisher.writer.resume(None);
        let heard = publisher.request(&mut store, &next);
        let next = publisher.writer.reply(heard.as_reply(), at(1)).unwrap();
        let heard = publisher.request(&mut store, &next);
        assert_eq!(publisher.writer.reply(heard.as_reply(), at(1)).unwrap_err().code(), code);
        assert_eq!(publisher.writer.published(), None);
    }
}

/// A renewal of another state at revision 0.
fn fork() -> Vec<u8> {
    let mut document = serde_json::to_value(engine().to_document()).unwrap();
    document["organizations"][0]["name"] = serde_json::json!("Another");
    let directory = Directory::from_json(document.to_string().as_bytes()).unwrap();
    directory.to_delta(0, &sealed(&key(1), 1)).unwrap()
}

#[test]
fn deltas_are_deleted_once_nobody_needs_them() {
    let (mut store, mut publisher, mut directory) = begun();
    join(&mut directory, "bob");
    publisher.publish(&mut store, &directory, 0);
    publisher.publish(&mut store, &directory, 10);
    publisher.told();
    // The time began when the publisher saw that nobody needs it.
    for (seconds, is_there) in [(610, true), (611, false)] {
        publisher.publish(&mut store, &directory, seconds);
        assert_eq!(store.objects.contains_key(&Key::Delta(0)), is_there, "{seconds}");
    }
    assert!(store.objects.contains_key(&Key::Delta(1)));
    // What the snapshot does not cover stays.
    let held = publisher.writer.held.as_mut().unwrap();
    (held.snapshot.bytes, held.snapshot.object.issued_at) = (1 << 30, Some(at(9_000)));
    join(&mut directory, "eve");
    publisher.publish(&mut store, &directory, 700);
    publisher.publish(&mut store, &directory, 710);
    publisher.publish(&mut store, &directory, 9_000);
    assert!(store.objects.contains_key(&Key::Delta(1)));
}

#[test]
fn a_publisher_that_is_told_what_the_store_has_deletes_what_others_left() {
    let (mut store, mut first, mut directory) = begun();
    for user in ["bob", "eve"] {
        join(&mut directory, user);
        first.publish(&mut store, &directory, 1);
    }
    for (is_listed, left) in [(false, 4), (true, 2)] {
        let (mut store, mut second) = (store.clone(), Publisher::new(1));
        second.resume(&mut store, 2);
        if is_listed {
            // Names of later revisions are passed over.
            second.writer.list(store.objects.keys().copied().chain([Key::Delta(7)]).collect::<Vec<_>>());
        }
        for seconds in [3, 650, 1_300] {
            second.publish(&mut store, &directory, seconds);
        }
        assert_eq!(store.objects.len(), left, "{:?}", store.objects.keys());
        assert_eq!(reached(&store, &[1], 1_301).state(), directory.state());
    }
}

#[test]
fn what_never_becomes_stale_is_not_published() {
    let mut document = serde_json::to_value(engine().to_document()).unwrap();
    document["max_age_seconds"] = serde_json::Value::Null;
    let endless = Directory::from_json(document.to_string().as_bytes()).unwrap();
    for (max_age_seconds, is_published) in [(None, false), (Some(0), false), (Some(60), true)] {
        let (mut store, mut publisher) = (Store::default(), Publisher::new(1));
        publisher.writer = Writer::new(key(1), &[], max_age_seconds);
        publisher.resume(&mut store, 0);
        match publisher.writer.begin(&endless, at(0)) {
            Ok(next) => assert!(is_published && matches!(publisher.run(&mut store, next, usize::MAX), Next::Done(_))),
            Err(error) => assert!(!is_published && error.code() == ErrorCode::MissingField && error.path() == "/max_age_seconds"),
        }
    }
}

#[test]
fn each_publication_is_issued_after_the_last_whatever_the_clock_says() {
    let (mut store, mut publisher, mut directory) = begun();
    let mut edge = Some(copy(&directory, 0));
    join(&mut directory, "bob");
    publisher.publish(&mut store, &directory, 1_000);
    join(&mut directory, "eve");
    publisher.publish(&mut store, &directory, 700);
    follow(&store, &mut edge, &[1], 1_000);
    assert_eq!(edge.as_ref().unwrap().issued_at(), Some(at(1_000).moved(2)));
    join(&mut directory, "kim");
    assert_eq!(publisher.writer.begin(&directory, at(699)).unwrap_err().code(), ErrorCode::IssuedInFuture);
    assert!(matches!(publisher.publish(&mut store, &directory, 701), Next::Done(_)));
}
