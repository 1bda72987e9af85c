//! Deltas: copies that follow by them are equal to the original.

use crate::*;

/// Checks that a delta is refused with this code and changes nothing.
pub(crate) fn assert_refused(directory: &mut Directory, delta: &[u8], codes: &[ErrorCode]) {
    let (written, bytes) = (document(directory), snapshot(directory));
    let error = directory.apply_delta(delta, Trust::default()).unwrap_err();
    assert!(codes.contains(&error.code()) && error.path().is_empty(), "{codes:?}: {error:?}");
    assert_eq!(document(directory), written);
    assert!(snapshot(directory) == bytes);
}

pub(crate) fn delta(directory: &Directory, since: u64) -> Result<Vec<u8>, Error> {
    directory.to_delta(since, &Seal::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A copy at any earlier revision and the delta since then give the present snapshot, byte for byte.
    #[test]
    fn deltas_give_the_same_directory_as_the_changes(mut origin in worlds(), drafts in vec((drafts(3), any::<bool>()), 1..12)) {
        let first = origin.directory.revision();
        let mut written = BTreeMap::from([(first, snapshot(&origin.directory))]);
        let mut follower = unpacked(&written[&first]);
        let mut late = unpacked(&written[&first]);
        for (drafts, is_sent) in &drafts {
            origin = changed(origin, drafts);
            let (since, revision) = (follower.revision(), origin.directory.revision());
            if !*is_sent {
                continue;
            }
            let delta = delta(&origin.directory, since).unwrap();
            prop_assert_eq!(follower.apply_delta(&delta, Trust::default()), Ok(revision));
            prop_assert_eq!(document(&follower), document(&origin.directory));
            prop_assert!(snapshot(&follower) == snapshot(&origin.directory));
            if since == revision {
                // Nothing has changed; such a delta can be applied twice.
                prop_assert_eq!(follower.apply_delta(&delta, Trust::default()), Ok(revision));
            } else {
                assert_refused(&mut follower, &delta, &[ErrorCode::DeltaGap]);
            }
            if since != first {
                assert_refused(&mut late, &delta, &[ErrorCode::DeltaGap]);
            }
            written.insert(revision, snapshot(&origin.directory));
        }
        let last = snapshot(&origin.directory);
        for maker in [&origin.directory, &follower] {
            for since in first..=maker.revision() {
                let made = delta(maker, since);
                let Some(bytes) = written.get(&since).or((since == maker.revision()).then_some(&last)) else {
                    let error = made.unwrap_err();
                    prop_assert_eq!((error.code(), error.path()), (ErrorCode::DeltaGap, "/since"), "{}", since);
                    continue;
                };
                let mut copy = unpacked(bytes);
                prop_assert_eq!(copy.apply_delta(&made.unwrap(), Trust::default()), Ok(maker.revision()));
                prop_assert!(snapshot(&copy) == snapshot(maker), "since {}", since);
            }
            for since in [first.wrapping_sub(1), maker.revision() + 1, u64::MAX] {
                prop_assert_eq!(delta(maker, since).unwrap_err().code(), ErrorCode::DeltaGap);
            }
        }
    }

    /// A delta of another history is refused, unless both histories led to the same state.
    #[test]
    fn deltas_of_another_history_are_refused(world in worlds(), drafts in [drafts(4), drafts(4)]) {
        let bytes = snapshot(&world.directory);
        let still = |directory: &Directory| {
            let world = World::of(directory.clone());
            let project = &world.projects[0];
            json!({"type": "set_external_collaborators", "project": project, "allowed": world.entry(project).1["allow_external_collaborators"]})
        };
        let mut histories = drafts.map(|drafts| changed(World::of(unpacked(&bytes)), &drafts).directory);
        let longest = histories.iter().map(Directory::revision).max().unwrap();
        for history in &mut histories {
            while history.revision() < longest {
                let change = still(history);
                made(history, change);
            }
        }
        let [mut one, mut other] = histories;
        let (one_bytes, other_bytes) = (snapshot(&one), snapshot(&other));
        let change = still(&one);
        made(&mut one, change);
        let next = delta(&one, longest).unwrap();
        if one_bytes == other_bytes {
            prop_assert_eq!(other.apply_delta(&next, Trust::default()), Ok(longest + 1));
            prop_assert!(snapshot(&other) == snapshot(&one));
        } else {
            assert_refused(&mut other, &next, &[ErrorCode::DeltaFork]);
        }
        // If there are digests, the state without them is another one.
        let mut bare = unpacked(&without_digests(&other));
        if snapshot(&bare) != snapshot(&other) {
            assert_refused(&mut bare, &delta(&other, other.revision()).unwrap(), &[ErrorCode::DeltaFork]);
        }
    }
}

/// The age of a snapshot or delta: when it was issued, and how long it may answer.
pub(crate) fn ages() -> impl Strategy<Value = (Option<usize>, Option<u64>)> {
    (proptest::option::of(0..TIMES.len()), proptest::option::of(prop_oneof![Just(0_u64), 1..1_000_000_u64, Just((1 << 53) - 1)]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A later instant of issue is taken over, and a greatest age with it; an earlier one sets neither, nor does a delta without one.
    #[test]
    fn deltas_renew_the_age(world in worlds(), of_snapshot in ages(), of_deltas in vec((ages(), any::<bool>()), 1..6)) {
        let mut origin = world.directory;
        let seal = |(issued_at, max_age_seconds): (Option<usize>, Option<u64>)| {
            Seal { issued_at: issued_at.map(|time| Instant::parse(TIMES[time]).unwrap()), max_age_seconds, ..Seal::default() }
        };
        let age = |directory: &Directory| {
            let document = serde_json::to_value(directory.to_document()).unwrap();
            (directory.issued_at(), document["max_age_seconds"].as_u64())
        };
        let own = age(&origin);
        let mut follower = unpacked(&origin.to_snapshot(&seal(of_snapshot)));
        let mut expected = (seal(of_snapshot).issued_at.or(own.0), of_snapshot.1.or(own.1));
        prop_assert_eq!(age(&follower), expected);
        for (of_delta, changes) in of_deltas {
            let since = origin.revision();
            if changes {
                made(&mut origin, json!({"type": "set_external_collaborators", "project": world.projects[0], "allowed": true}));
            }
            follower.apply_delta(&origin.to_delta(since, &seal(of_delta)).unwrap(), Trust::default()).unwrap();
            let issued_at = seal(of_delta).issued_at.or(own.0);
            // A delta that was issued earlier may be a replay: it renews nothing, and extends nothing.
            if issued_at.is_some() && issued_at >= expected.0 {
                expected = (issued_at, of_delta.1.or(own.1).or(expected.1));
            }
            prop_assert_eq!(age(&follower), expected);
            prop_assert_eq!(age(&origin), own, "the issuer keeps its own");
        }
    }
}
