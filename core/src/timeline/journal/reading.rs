//! A journal read into a timeline.

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::timeline::states::Timeline;
use crate::wire::envelope::{State, corrupt};
use crate::wire::trust::Trust;

use super::checkpoint::{Checkpoint, is_signed};
use super::end::JournalEnd;
use super::frame::{Frames, JournalRecord, RecordKind};

/// The moments that a timeline is read for; all without a bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// The first of them.
    pub since: Option<Instant>,
    /// The last of them.
    pub until: Option<Instant>,
}

impl Timeline {
    /// Reads a journal, up to a record that was not written completely. With public keys, one of them must have signed every record.
    ///
    /// # Errors
    /// `snapshot_corrupt` for bytes that are no journal, without a first record, or damaged; `snapshot_version`; and what [`Timeline::append`] reports: a
    /// delta of another directory is `delta_fork` or `delta_gap`.
    pub fn from_journal(bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<(Self, JournalEnd), Error> {
        let mut frames = Frames::open(bytes)?;
        let mut last = Frames::next(&mut { frames })?;
        let mut timeline = Self::begun(&mut frames, trust, seed)?;
        let mut records = 1_usize;
        while let Some(record) = frames.next()? {
            timeline.follow_record(record, trust, seed)?;
            records = records.saturating_add(1);
            last = Some(record);
        }
        let is_signed = last.as_ref().map_or(Ok(false), is_signed)?;
        let end = JournalEnd { bytes: frames.end, records, state: timeline.present().state(), is_signed, link: frames.link };
        Ok((timeline, end))
    }

    /// Reads what some moments need of a journal: they are as in the whole timeline. It begins with the state that is in force at the first of them. Nothing
    /// is known of what is later than the last.
    ///
    /// # Errors
    /// As [`Timeline::from_journal`]. Damage before the last checkpoint and after the last moment may not be noticed.
    pub fn part_of_journal(bytes: &[u8], Part { since, until }: Part, trust: Trust<'_>, seed: Option<u64>) -> Result<Self, Error> {
        let mut frames = since.map_or_else(|| Frames::open(bytes), |since| Frames::open_at(bytes, since))?;
        let mut timeline = Self::begun(&mut frames, trust, seed)?;
        // What the deltas before the first moment should have led to.
        let mut passed = None;
        while let Some(record) = frames.next()? {
            if until.is_some_and(|until| record.at > Some(until)) {
                if timeline.is_renewal(record, trust, seed)? {
                    continue;
                }
                break;
            }
            let is_past = timeline.is_empty() && since.is_some_and(|since| record.at <= Some(since));
            if is_past && record.kind == RecordKind::Delta {
                let state = passed.unwrap_or_else(|| timeline.present().state());
                passed = Some(timeline.pass_delta(state, record.payload, trust)?);
                timeline.ensure_at(&record)?;
                continue;
            }
            timeline.ensure_passed(passed.take())?;
            timeline.follow_record(record, trust, seed)?;
            if is_past {
                timeline.forget_past();
            }
        }
        timeline.ensure_passed(passed)?;
        if let Some(until) = until {
            timeline.ages.retain(|age| age.from <= until);
            timeline.end = timeline.last().max(timeline.ages.last().map(|age| age.issued_at));
        }
        Ok(timeline)
    }

    /// Whether a record is a snapshot of the present state, which only says how fresh it is. Its instant may be later than that of the next step.
    fn is_renewal(&self, record: JournalRecord<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<bool, Error> {
        if record.kind != RecordKind::Snapshot {
            return Ok(false);
        }
        Ok(Directory::from_snapshot(record.payload, trust, seed)?.state_hash() == self.present().state_hash())
    }

    /// The timeline of the first record.
    pub(super) fn begun(frames: &mut Frames<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<Self, Error> {
        let first = frames.next()?.filter(|record| record.kind != RecordKind::Delta);
        let first = first.ok_or_else(|| corrupt("the journal has no first state"))?;
        if first.kind == RecordKind::Checkpoint {
            return Ok(Self::from(Checkpoint::open(&first, trust)?.directory(trust, seed)?, first.at));
        }
        let directory = Directory::from_snapshot(first.payload, trust, seed)?;
        ensure_issued_then(&directory, first.at)?;
        Ok(Self::from(directory, first.at))
    }

    /// Appends what a record contains.
    pub(super) fn follow_record(&mut self, record: JournalRecord<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<(), Error> {
        match record.kind {
            RecordKind::Delta => {
                self.append_delta(record.payload, trust)?;
                self.ensure_at(&record)?;
            }
            RecordKind::Snapshot => {
                let directory = Directory::from_snapshot(record.payload, trust, seed)?;
                ensure_issued_then(&directory, record.at)?;
                self.append_directory(directory, &Path::Root)?;
            }
            RecordKind::Checkpoint => self.follow_checkpoint(&record, trust, seed)?,
        }
        Ok(())
    }

    fn ensure_at(&self, record: &JournalRecord<'_>) -> Result<(), Error> {
        if self.last() == record.at { Ok(()) } else { Err(corrupt("a record of the journal has another instant than its delta")) }
    }

    /// Verifies that the present state is what it should be.
    fn ensure_passed(&self, state: Option<State>) -> Result<(), Error> {
        let is_other = state.is_some_and(|state| state != self.present().state());
        if is_other { Err(corrupt("the deltas of the journal lead to another state than they say")) } else { Ok(()) }
    }

    /// Verifies that a checkpoint follows the last state. If it has another one, that is the next step.
    fn follow_checkpoint(&mut self, record: &JournalRecord<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<(), Error> {
        let checkpoint = Checkpoint::open(record, trust)?;
        let present = self.present().state();
        let (is_same, is_later) = (checkpoint.state == present, checkpoint.state.revision > present.revision);
        if checkpoint.base != present || !(is_same && record.at == self.last() || is_later && record.at >= self.last()) {
            return Err(corrupt("a checkpoint of the journal does not follow from what is before it"));
        }
        if let Some(at) = record.at.filter(|_| !is_same) {
            self.push_directory(at, checkpoint.directory(trust, seed)?);
        }
        self.renew(checkpoint.issued_at, checkpoint.max_age_seconds);
        Ok(())
    }
}

/// A snapshot is issued at the instant from which its state is in force: so its signature covers the instant.
fn ensure_issued_then(directory: &Directory, at: Option<Instant>) -> Result<(), Error> {
    if directory.issued_at() == at { Ok(()) } else { Err(corrupt("a record of the journal has another instant than its snapshot")) }
}
