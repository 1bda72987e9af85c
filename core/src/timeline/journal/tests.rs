//! What somebody can do who has no key but can write a journal anew: nothing is left out, exchanged or moved unnoticed.

use crate::catalogue::error_code::ErrorCode;
use crate::input::instant::Instant;
use crate::input::json;
use crate::timeline::states::Timeline;
use crate::wire::hash::Hash;
use crate::wire::signature::{PublicKeys, SecretKey};
use crate::wire::trust::Trust;
use crate::{Directory, boundary};

use super::Part;
use super::frame::{Frames, JournalRecord, RecordKind, beginning};

const KEY: [u8; 32] = [7; 32];

fn at(seconds: i64) -> Instant {
    Instant::from_unix_milliseconds(1.8e12 + 1_000.0 * seconds as f64).unwrap()
}

/// A journal in which somebody joins every ten seconds.
fn journal() -> Vec<u8> {
    let document = r#"{"format": "bailiwick/1", "organizations": [{"id": "acme", "owner": "ada", "members": [{"user": "ada", "role": "admin"}],
        "projects": [{"id": "home", "default": true}]}]}"#;
    let mut timeline = Timeline::of(Directory::from_json(document.as_bytes()).unwrap(), Some(at(0)));
    for seconds in (10..=800).step_by(10) {
        let change = format!(r#"{{"type": "add_member", "organization": "acme", "user": "user_{seconds}"}}"#);
        let (change, terms) = (json::parse(change.as_bytes()).unwrap(), json::parse(b"{}").unwrap());
        boundary::apply_to_timeline(&mut timeline, &change, &terms, at(seconds)).unwrap();
    }
    timeline.to_journal(Some(&SecretKey::from_bytes(&KEY))).unwrap()
}

fn records(bytes: &[u8]) -> Vec<JournalRecord<'_>> {
    let mut frames = Frames::open(bytes).unwrap();
    std::iter::from_fn(|| frames.next().unwrap()).collect()
}

fn written(records: &[JournalRecord<'_>]) -> Vec<u8> {
    let (mut bytes, mut link): (Vec<u8>, Hash) = beginning();
    for record in records {
        let (record, next) = record.to_bytes(&link);
        bytes.extend(record);
        link = next;
    }
    bytes
}

fn read(bytes: &[u8], part: Part) -> Result<Timeline, ErrorCode> {
    let keys = PublicKeys::from(SecretKey::from_bytes(&KEY).public_key());
    let trust = Trust { public_keys: Some(&keys), now: None };
    Timeline::part_of_journal(bytes, part, trust, None).map_err(|error| error.code())
}

/// Where the checkpoints are.
fn checkpoints(records: &[JournalRecord<'_>]) -> Vec<usize> {
    let numbered = records.iter().enumerate();
    numbered.filter(|(_, record)| record.kind == RecordKind::Checkpoint).map(|(number, _)| number).collect()
}

#[test]
fn nothing_can_be_left_out_before_or_between_checkpoints() {
    let bytes = journal();
    let records = records(&bytes);
    assert_eq!(written(&records), bytes);
    let places = checkpoints(&records);
    assert!(places.len() > 2, "{places:?}");
    for number in 1..records.len() - 1 {
        let others: Vec<_> = records.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, record)| *record).collect();
        let found = read(&written(&others), Part::default());
        // A checkpoint that repeats the state is not needed.
        assert_eq!(found.is_ok(), places.contains(&number), "{number}");
    }
    // Everything between two checkpoints.
    let others = [&records[..=places[1]], &records[places[2]..]].concat();
    assert_eq!(read(&written(&others), Part::default()).unwrap_err(), ErrorCode::SnapshotCorrupt);
}

#[test]
fn a_checkpoint_cannot_be_moved_in_time() {
    let bytes = journal();
    let mut records = records(&bytes);
    let place = checkpoints(&records)[1];
    let since = records[place].at;
    assert!(read(&bytes, Part { since, until: None }).is_ok());
    records[place].at = Some(at(1));
    for since in [Some(at(1)), since] {
        assert_eq!(read(&written(&records), Part { since, until: None }).unwrap_err(), ErrorCode::SnapshotCorrupt);
    }
}

#[test]
fn deltas_that_are_passed_are_verified_together() {
    let bytes = journal();
    let mut records = records(&bytes);
    let first = checkpoints(&records)[1] + 1;
    let until = records[first + 3].at;
    let mut spoilt = records[first + 1].payload.to_vec();
    *spoilt.last_mut().unwrap() ^= 1;
    for part in [Part { since: until, until }, Part { since: until, until: None }] {
        assert!(read(&bytes, part).is_ok());
        let whole = std::mem::replace(&mut records[first + 1].payload, &spoilt);
        assert_eq!(read(&written(&records), part).unwrap_err(), ErrorCode::SnapshotCorrupt);
        records[first + 1].payload = whole;
        let others = [&records[..=first], &records[first + 2..]].concat();
        assert_eq!(read(&written(&others), part).unwrap_err(), ErrorCode::DeltaGap);
    }
}

/// A crash may leave any parts of the last record: the pages of a file are not written in order.
#[test]
fn a_last_record_that_was_torn_is_left_out() {
    let whole = journal();
    let ends: Vec<usize> = {
        let mut frames = Frames::open(&whole).unwrap();
        std::iter::from_fn(|| frames.next().unwrap().map(|_| frames.end)).collect()
    };
    let (start, before) = (ends[ends.len() - 2], ends[ends.len() - 3]);
    let trust = Trust::default();
    for place in start..whole.len() {
        let (mut head_only, mut tail_only) = (whole.clone(), whole.clone());
        head_only[place..].fill(0);
        tail_only[start..=place].fill(0);
        for torn in [head_only, tail_only] {
            let (_, end) = Timeline::from_journal(&torn, trust, None).unwrap();
            assert!(end.bytes == start || torn == whole, "{place}");
        }
    }
    // The same in the record before is damage: a crash spoils nothing that was written before.
    for place in before..start {
        let (mut head_only, mut tail_only) = (whole.clone(), whole.clone());
        head_only[place..start].fill(0);
        tail_only[before..=place].fill(0);
        for damaged in [head_only, tail_only] {
            let is_whole = damaged == whole;
            let read = Timeline::from_journal(&damaged, trust, None).map_err(|error| error.code());
            assert!(is_whole || read.unwrap_err() == ErrorCode::SnapshotCorrupt, "{place}");
        }
    }
}
