//! Journals: a timeline as bytes, whole or in part, gives the answers of the timeline; whatever a crash leaves of one gives those before it.

use bailiwick::{Part, Timeline};

use crate::timelines::*;
use crate::*;

fn moment(milliseconds: i64) -> Instant {
    Instant::from_unix_milliseconds(milliseconds as f64).unwrap()
}

/// A journal, and the parts of it.
fn part(bytes: &[u8], since: Option<Instant>, until: Option<Instant>) -> Result<Timeline, Error> {
    Timeline::part_of_journal(bytes, Part { since, until }, Trust::default(), None)
}

fn read(bytes: &[u8]) -> Timeline {
    Timeline::from_journal(bytes, Trust::default(), None).unwrap().0
}

fn log(timeline: &Timeline) -> String {
    serde_json::to_string(&timeline.log().collect::<Vec<_>>()).unwrap()
}

/// What there was at an instant: the state, the revision and the age.
fn told(timeline: &Timeline, at: Instant) -> Option<(u64, String, Option<Instant>, Option<Instant>)> {
    let directory = timeline.at(at).ok()?;
    Some((directory.revision(), boundary::state(&directory), directory.issued_at(), directory.fresh_until()))
}

/// The instants around each step.
fn moments(life: &Life) -> Vec<Instant> {
    let mut moments: Vec<_> =
        life.states.iter().flat_map(|(at, ..)| [-3_001, -1, 0, 1, 2_500].map(|step| at.unix_milliseconds() + step)).collect();
    moments.sort_unstable();
    moments.dedup();
    moments.into_iter().map(moment).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A timeline that is written and read is the same.
    #[test]
    fn a_journal_gives_the_same_timeline(world in worlds(), plan in plans()) {
        let life = lived(world, &plan);
        let key = SecretKey::from_bytes(&[7; 32]);
        let bytes = life.timeline.to_journal(Some(&key)).unwrap();
        let trust = Trust { public_keys: Some(&key.public_key().into()), now: None };
        let (again, end) = Timeline::from_journal(&bytes, trust, None).unwrap();
        prop_assert_eq!(end.bytes, bytes.len());
        prop_assert_eq!((again.beginning(), again.end(), again.len()), (life.timeline.beginning(), life.timeline.end(), life.timeline.len()));
        prop_assert_eq!(log(&again), log(&life.timeline));
        prop_assert!(again.to_journal(Some(&key)).unwrap() == bytes);
        for at in moments(&life) {
            prop_assert_eq!(told(&again, at), told(&life.timeline, at), "{}", at);
        }
    }

    /// In a part, the moments that it is read for are as in the whole, and so are the rows of usage; also after it was itself written and read.
    #[test]
    fn a_part_answers_as_the_whole(
        world in worlds(), plan in plans(), ends in vec((0..64_usize, 0..64_usize), 1..8), choices in vec(proptest::array::uniform7(0..65_536_usize), 1..40),
    ) {
        let life = lived(world, &plan);
        let (bytes, moments, rows) = (life.timeline.to_journal(None).unwrap(), moments(&life), rows(&life, &choices));
        for (one, other) in ends {
            let (first, last) = (one.min(other), one.max(other));
            let (since, until) = (moments.get(first).copied(), moments.get(last).copied());
            let found = part(&bytes, since, until).unwrap();
            let again = read(&found.to_journal(None).unwrap());
            prop_assert_eq!((again.beginning(), again.end(), log(&again)), (found.beginning(), found.end(), log(&found)));
            for found in [&found, &again] {
                for at in moments.iter().filter(|at| since.is_none_or(|since| **at >= since) && until.is_none_or(|until| **at <= until)) {
                    prop_assert_eq!(told(found, *at), told(&life.timeline, *at), "{} of {:?} {:?}", at, since, until);
                }
                let is_within = |row: &&Row| row.at.is_some_and(|at| since.is_none_or(|since| at >= since) && until.is_none_or(|until| at <= until));
                let within: Vec<_> = rows.iter().filter(is_within).cloned().collect();
                prop_assert_eq!(by_time(found, &within, 9, 20), by_time(&life.timeline, &within, 9, 20));
            }
            // Before it there is nothing; after it, nothing is known.
            if let (Some(since), Some(beginning)) = (since, found.beginning()) {
                prop_assert!(beginning <= since.max(life.timeline.beginning().unwrap()));
            }
            prop_assert!(until.is_none_or(|until| found.end().unwrap() <= until.max(found.beginning().unwrap())));
            prop_assert!(found.len() <= life.timeline.len());
        }
    }
}

/// A directory under a short policy.
fn small() -> Directory {
    let policy: Json = serde_json::from_str(include_str!("../policies/records.json")).unwrap();
    let document = json!({"format": "bailiwick/1", "policy": policy["id"], "organizations": [{
        "id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}], "projects": [{"id": "home", "default": true}],
    }]});
    boundary::load_directory(document.to_string().as_bytes(), Some(&value(&policy)), None).unwrap()
}

/// A timeline of an organization that somebody joins and leaves, at every second.
fn busy(steps: u64) -> Timeline {
    let mut timeline = Timeline::of(small(), Some(after(0)));
    for number in 0..steps {
        let change = if number % 2 == 0 { joining("bob") } else { json!({"type": "remove_member", "organization": "acme", "user": "bob"}) };
        let terms = json!({"at": after(number + 1).to_string()});
        boundary::apply_to_timeline(&mut timeline, &value(&change), &value(&terms), after(0)).unwrap();
    }
    timeline
}

/// How many checkpoints there are.
fn checkpoints(bytes: &[u8]) -> usize {
    // Of the two envelopes of a checkpoint, the second is a snapshot.
    bytes.windows(11).filter(|window| window.starts_with(b"\x89BWK\r\n\x1a\n") && window[10] == 1).count()
}

/// There are checkpoints where the deltas take more: so the journal is not much longer, and a part needs little of it.
#[test]
fn a_part_of_a_long_journal_needs_little_of_it() {
    let timeline = busy(120);
    let bytes = timeline.to_journal(None).unwrap();
    assert!((5..50).contains(&checkpoints(&bytes)), "{}", checkpoints(&bytes));
    // Whatever is before the checkpoint and after the moment may be anything, and is not looked at.
    let mut spoilt = bytes.clone();
    let (start, end) = (bytes.len() * 9 / 20, bytes.len() * 11 / 20);
    let noisy = |spoilt: &mut Vec<u8>, place: usize| spoilt[place] ^= 1;
    let middle = (after(60), after(61));
    let wanted: Vec<_> = [middle.0, middle.1].map(|at| told(&timeline, at)).into();
    let mut unread = 0;
    for place in (0..start).chain(end..bytes.len()).step_by(97) {
        noisy(&mut spoilt, place);
        match part(&spoilt, Some(middle.0), Some(middle.1)) {
            Ok(found) => {
                assert_eq!([middle.0, middle.1].map(|at| told(&found, at)).to_vec(), wanted);
                unread += 1;
            }
            // The fields of each record are read to pass it.
            Err(error) => assert_eq!(error.code(), ErrorCode::SnapshotCorrupt),
        }
        noisy(&mut spoilt, place);
    }
    assert!(unread * 97 > bytes.len() / 2, "{unread}");
    let found = part(&bytes, Some(middle.0), Some(middle.1)).unwrap();
    assert_eq!((found.len(), found.beginning(), found.end()), (1, Some(middle.0), Some(middle.1)));
}

/// A journal with checkpoints in the middle that is cut anywhere gives the timeline, or the part, up to the last whole record; one with a flipped byte that too,
/// or an error; never another answer.
#[test]
fn a_journal_with_checkpoints_survives_a_crash_at_any_byte() {
    let timeline = busy(7);
    let bytes = timeline.to_journal(None).unwrap();
    assert!(checkpoints(&bytes) >= 2);
    let (since, until) = (after(5), after(6));
    let (mut longest, first) =
        (0, (0..bytes.len()).find(|length| Timeline::from_journal(&bytes[..*length], Trust::default(), None).is_ok()).unwrap());
    for length in 0..=bytes.len() {
        let cut = &bytes[..length];
        let whole = Timeline::from_journal(cut, Trust::default(), None);
        assert_eq!(whole.is_ok(), length >= first, "{length}");
        let Ok((whole, end)) = whole else { continue };
        assert!(whole.len() >= longest && end.bytes <= length);
        if whole.len() > longest {
            longest = whole.len();
            assert!(log(&timeline).starts_with(log(&whole).trim_end_matches(']')));
        }
        if length % 4 != 0 {
            continue;
        }
        for (since, until) in [(Some(since), Some(until)), (None, Some(until))].into_iter().take(if length % 16 == 0 { 2 } else { 1 }) {
            let found = part(cut, since, until).unwrap();
            assert_eq!(told(&found, after(6)), told(&whole, after(6)), "{length}");
        }
        if length % 16 != 0 {
            continue;
        }
        // A file that was made longer before its bytes were written.
        let padded = [cut, &vec![0; bytes.len() - length]].concat();
        match Timeline::from_journal(&padded, Trust::default(), None) {
            Ok((again, again_end)) => {
                assert_eq!((log(&again), again_end), (log(&whole), end));
                let found = part(&padded, Some(since), None).unwrap();
                assert_eq!(told(&found, after(5)), told(&whole, after(5)), "{length}");
            }
            Err(error) => assert_eq!(error.code(), ErrorCode::SnapshotCorrupt),
        }
    }
    assert_eq!(longest, timeline.len());
    let wanted: Vec<_> = (5..=6).map(|second| told(&timeline, after(second))).collect();
    let mut noticed = 0;
    for place in (0..bytes.len()).step_by(5) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        match part(&flipped, Some(since), Some(until)) {
            Ok(found) => assert_eq!((5..=6).map(|second| told(&found, after(second))).collect::<Vec<_>>(), wanted, "{place}"),
            Err(error) => {
                assert!(matches!(error.code(), ErrorCode::SnapshotCorrupt | ErrorCode::SnapshotVersion), "{place}: {error:?}");
                noticed += 1;
            }
        }
    }
    assert!(noticed > bytes.len() / 20);
}

/// A part cannot be asked for backwards. A timeline without a beginning is written as well, but is no file to begin with.
#[test]
fn bounds_and_beginnings() {
    let bytes = busy(3).to_journal(None).unwrap();
    let keys = boundary::VerifyingKeys::default();
    let options = json!({"since": after(2).to_string(), "until": after(1).to_string()});
    let error = boundary::timeline_from_journal(Bytes::Given(&bytes), &value(&options), &keys, None, after(9)).unwrap_err();
    assert_eq!((error.code(), error.path()), (ErrorCode::InvalidOrder, "/until"));
    for (since, until, len) in
        [(None, None, 3), (Some(2), None, 1), (None, Some(2), 2), (Some(2), Some(2), 0), (Some(90), None, 0), (None, Some(0), 0)]
    {
        let at = |seconds: Option<u64>| seconds.map(|seconds| after(seconds).to_string());
        let options = json!({"since": at(since), "until": at(until)});
        let (found, end) = boundary::timeline_from_journal(Bytes::Given(&bytes), &value(&options), &keys, None, after(9)).unwrap();
        assert_eq!((found.len(), end.is_some()), (len, since.is_none() && until.is_none()));
    }
    let mut always = Timeline::of(acme(), None);
    assert_eq!(boundary::new_journal(&always, Bytes::Absent).unwrap_err().path(), "/beginning");
    for _ in 0..2 {
        let again = read(&always.to_journal(None).unwrap());
        assert_eq!((again.beginning(), again.end(), again.len()), (None, always.end(), always.len()));
        assert!(again.at(moment(0)).is_ok());
        let user = format!("usr_{}", always.len());
        boundary::apply_to_timeline(&mut always, &value(&joining(&user)), &value(&json!({})), after(1)).unwrap();
    }
}

/// What may be planned ahead in deltas may lie ahead in a checkpoint; an issue may not.
#[test]
fn what_is_planned_is_read_before_it_happens() {
    let timeline = busy(60);
    let trust = |seconds: u64| Trust { public_keys: None, now: Some(moment(after(0).unix_milliseconds() - 1_000 * seconds as i64)) };
    let bytes = timeline.to_journal(None).unwrap();
    assert!(checkpoints(&bytes) > 1);
    assert_eq!(Timeline::from_journal(&bytes, trust(100_000), None).unwrap().0.len(), 60);
    let mut renewed = timeline;
    let renewal = renewed.present().to_delta(60, &Seal { issued_at: Some(after(70)), ..Seal::default() }).unwrap();
    renewed.append(&renewal, Trust::default(), None).unwrap();
    let bytes = renewed.to_journal(None).unwrap();
    assert_eq!(Timeline::from_journal(&bytes, trust(0), None).unwrap().0.end(), Some(after(70)));
    assert_eq!(Timeline::from_journal(&bytes, trust(1_000), None).unwrap_err().code(), ErrorCode::IssuedInFuture);
}
