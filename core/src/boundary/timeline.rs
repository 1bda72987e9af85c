//! Timelines from untyped input.

use crate::catalogue::error_code::ErrorCode;
use crate::change::Change;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, instant, nullable};
use crate::input::value::Value;
use crate::timeline::{CompactedJournal, JournalEnd, Part, Timeline};
use crate::wire::trust::Trust;

use super::bytes::{Bytes, BytesList};
use super::change::read_terms;
use super::snapshot::{VerifyingKeys, read_present, read_secret_key};

/// A timeline that begins with a snapshot: `{at?, beginning?}`, where `at` is the present. The beginning is by default the instant at which the snapshot was
/// issued; a snapshot that does not say it has always been in force. With public keys, one of them must have signed it and all that follows.
///
/// # Errors
/// As [`directory_from_snapshot`](super::directory_from_snapshot).
pub fn timeline_from_snapshot(
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    seed: Option<u64>,
    now: Instant,
) -> Result<Timeline, Error> {
    let (Options { present, beginning }, public_keys) = (Options::read(options, now)?, keys.read()?);
    let trust = Trust { public_keys: public_keys.as_ref(), now: Some(present) };
    Ok(Timeline::of(Directory::from_snapshot(bytes.required(&Path::Root)?, trust, seed)?, beginning))
}

/// Appends a delta or a later snapshot: `{at?}`, where `at` is the present. Returns the revision.
///
/// # Errors
/// As [`apply_delta`](super::apply_delta) and [`directory_from_snapshot`](super::directory_from_snapshot); `invalid_order` for what happened five seconds or
/// more before the last instant of the timeline; `missing_field` for a snapshot of another state that does not say when it was issued.
pub fn append_to_timeline(
    timeline: &mut Timeline,
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    seed: Option<u64>,
    now: Instant,
) -> Result<u64, Error> {
    let (now, public_keys) = (read_present(options, now)?, keys.read()?);
    timeline.append(bytes.required(&Path::Root)?, Trust { public_keys: public_keys.as_ref(), now: Some(now) }, seed)
}

/// Makes a change, with the options of [`apply`](super::apply). Returns the new revision.
///
/// # Errors
/// As [`apply`](super::apply); `invalid_order` at `/at` for an instant five seconds or more before the last one of the timeline.
pub fn apply_to_timeline(timeline: &mut Timeline, change: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<u64, Error> {
    timeline.apply(&Change::read(change, &Path::Root)?, &read_terms(terms, now)?)
}

/// The directory as it was at an instant: `{at}`.
///
/// # Errors
/// `missing_field`, `wrong_type`, `invalid_timestamp`; `before_history` if the timeline begins later.
pub fn timeline_at(timeline: &Timeline, moment: &Value<'_>) -> Result<Directory, Error> {
    let mut when = None;
    fields!(moment, &Path::Root, required ["at"], |field, at| {
        "at" => when = Some(instant(field, at)?),
    });
    // INVARIANT: the field is required.
    timeline.at(when.unwrap_or(Instant::LATEST))
}

/// A journal that begins with the last state of a timeline, and where it ends.
///
/// # Errors
/// `wrong_type` for the key; `missing_field` at `/beginning` if the timeline has none.
pub fn new_journal(timeline: &Timeline, signing_key: Bytes<'_>) -> Result<(Vec<u8>, JournalEnd), Error> {
    timeline.new_journal(read_secret_key(signing_key)?.as_ref())
}

/// All of a timeline as a journal, which the key signs.
///
/// # Errors
/// `wrong_type` for the key.
pub fn timeline_to_journal(timeline: &Timeline, signing_key: Bytes<'_>) -> Result<Vec<u8>, Error> {
    timeline.to_journal(read_secret_key(signing_key)?.as_ref())
}

/// The timeline of a journal, up to a record that was not written completely, and where its records end: `{at?, since?, until?}`, where `at` is the present.
/// With `since` or `until`, what the moments between them need: nothing is to be appended to a part, and so it has no end.
///
/// # Errors
/// As [`timeline_from_snapshot`] and [`append_to_timeline`]; `snapshot_corrupt` also for bytes that are no journal, or damaged otherwise than by a crash;
/// `invalid_order` at `/until` if it is before `since`.
pub fn timeline_from_journal(
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    seed: Option<u64>,
    now: Instant,
) -> Result<(Timeline, Option<JournalEnd>), Error> {
    let (mut present, mut part) = (now, Part::default());
    fields!(options, &Path::Root, required [], |field, at| {
        "at" => present = nullable(field, at, instant)?.unwrap_or(now),
        "since" => part.since = nullable(field, at, instant)?,
        "until" => part.until = nullable(field, at, instant)?,
    });
    let public_keys = keys.read()?;
    let (bytes, trust) = (bytes.required(&Path::Root)?, Trust { public_keys: public_keys.as_ref(), now: Some(present) });
    match part {
        Part { since: None, until: None } => Timeline::from_journal(bytes, trust, seed).map(|(timeline, end)| (timeline, Some(end))),
        Part { since: Some(since), until: Some(until) } if until < since => {
            Err(Error::new(ErrorCode::InvalidOrder, &Path::Root.field("until"), format_args!("{until} is before `since`, {since}")))
        }
        part => Timeline::part_of_journal(bytes, part, trust, seed).map(|timeline| (timeline, None)),
    }
}

/// A journal whose records up to an instant are merged into one checkpoint, which the key signs: `{until, at?}`, where `at` is the present.
///
/// # Errors
/// As [`timeline_from_journal`]; `missing_field`, `wrong_type`, `invalid_timestamp`.
pub fn compact_journal(
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    signing_key: Bytes<'_>,
    (seed, now): (Option<u64>, Instant),
) -> Result<CompactedJournal, Error> {
    let (mut present, mut until) = (now, None);
    fields!(options, &Path::Root, required ["until"], |field, at| {
        "until" => until = Some(instant(field, at)?),
        "at" => present = nullable(field, at, instant)?.unwrap_or(now),
    });
    let (signing_key, public_keys) = (read_secret_key(signing_key)?, keys.read()?);
    let trust = Trust { public_keys: public_keys.as_ref(), now: Some(present) };
    // INVARIANT: the field is required.
    let until = until.unwrap_or(Instant::LATEST);
    Timeline::compact_journal(bytes.required(&Path::Root)?, until, trust, seed, signing_key.as_ref())
}

/// Appends as [`append_to_timeline`]. Returns the bytes that the journal continues with, and where it ends with them.
///
/// # Errors
/// As [`append_to_timeline`].
pub fn append_to_journal(
    timeline: &mut Timeline,
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    (seed, now): (Option<u64>, Instant),
    end: JournalEnd,
) -> Result<(Vec<u8>, JournalEnd), Error> {
    let (now, public_keys) = (read_present(options, now)?, keys.read()?);
    timeline.append_to_journal(bytes.required(&Path::Root)?, Trust { public_keys: public_keys.as_ref(), now: Some(now) }, seed, end)
}

/// Makes a change as [`apply_to_timeline`]. Returns the bytes that the journal continues with, and where it ends with them.
///
/// # Errors
/// As [`apply_to_timeline`]; `wrong_type` for the key.
pub fn apply_to_journal(
    timeline: &mut Timeline,
    change: &Value<'_>,
    terms: &Value<'_>,
    signing_key: Bytes<'_>,
    now: Instant,
    end: JournalEnd,
) -> Result<(Vec<u8>, JournalEnd), Error> {
    let signing_key = read_secret_key(signing_key)?;
    timeline.apply_to_journal(&Change::read(change, &Path::Root)?, &read_terms(terms, now)?, signing_key.as_ref(), end)
}

/// A timeline of a series of snapshots, oldest first, with the options of [`timeline_from_snapshot`]. What lies between two counts from the instant at which
/// the later one was issued.
///
/// # Errors
/// As [`timeline_from_snapshot`] and [`append_to_timeline`], at the position of the snapshot; `wrong_type` for anything but a list with a snapshot.
pub fn timeline_from_snapshots(
    snapshots: &BytesList<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    seed: Option<u64>,
    now: Instant,
) -> Result<Timeline, Error> {
    let wrong = || Error::new(ErrorCode::WrongType, &Path::Root, "expected a list of snapshots, oldest first");
    let BytesList::Given(snapshots) = snapshots else { return Err(wrong()) };
    let mut timeline: Option<Timeline> = None;
    for (number, bytes) in snapshots.iter().enumerate() {
        let below = |error: Error| error.below(&Path::Root.item(number));
        match &mut timeline {
            None => timeline = Some(timeline_from_snapshot(*bytes, options, keys, seed, now).map_err(below)?),
            Some(timeline) => {
                let options = Options::read(options, now)?;
                let public_keys = keys.read()?;
                let trust = Trust { public_keys: public_keys.as_ref(), now: Some(options.present) };
                timeline.append_snapshot(bytes.required(&Path::Root).map_err(below)?, trust, seed).map_err(below)?;
            }
        }
    }
    timeline.ok_or_else(wrong)
}

/// How a timeline begins.
struct Options {
    present: Instant,
    beginning: Option<Instant>,
}

impl Options {
    fn read(value: &Value<'_>, now: Instant) -> Result<Self, Error> {
        let mut options = Self { present: now, beginning: None };
        fields!(value, &Path::Root, required [], |field, at| {
            "at" => options.present = nullable(field, at, instant)?.unwrap_or(now),
            "beginning" => options.beginning = nullable(field, at, instant)?,
        });
        Ok(options)
    }
}
