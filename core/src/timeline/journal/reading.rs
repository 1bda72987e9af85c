//! A journal read into a timeline.

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::timeline::states::Timeline;
use crate::wire::envelope::corrupt;
use crate::wire::hash::Hash;
use crate::wire::trust::Trust;

use super::frame::{Frames, JournalRecord, RecordKind};

/// Where the records of a journal end. What is appended continues there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalEnd {
    /// How many bytes the records take, with the beginning of the journal. What follows is left of a record that was not written completely.
    pub bytes: usize,
    /// How many records there are.
    pub records: usize,
    /// The last link.
    pub(super) link: Hash,
}

impl Timeline {
    /// Reads a journal, up to a record that was not written completely. With public keys, one of them must have signed every record.
    ///
    /// # Errors
    /// `snapshot_corrupt` for bytes that are no journal, without a first record, or damaged; `snapshot_version`; and what [`Timeline::append`] reports: a
    /// delta of another directory is `delta_fork` or `delta_gap`.
    pub fn from_journal(bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<(Self, JournalEnd), Error> {
        let mut frames = Frames::open(bytes)?;
        let mut timeline = Self::begun(&mut frames, trust, seed)?;
        let mut records = 1_usize;
        while let Some(record) = frames.next()? {
            timeline.follow_record(record, trust, seed)?;
            records = records.saturating_add(1);
        }
        Ok((timeline, JournalEnd { bytes: frames.end, records, link: frames.link }))
    }

    /// The timeline of the first record.
    pub(super) fn begun(frames: &mut Frames<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<Self, Error> {
        let first = frames.next()?.filter(|record| record.kind == RecordKind::Checkpoint);
        let first = first.ok_or_else(|| corrupt("the journal has no first checkpoint"))?;
        let directory = Directory::from_snapshot(first.payload, trust, seed)?;
        ensure_issued_then(&directory, first.at)?;
        Ok(Self::of(directory, Some(first.at)))
    }

    /// Appends what a record contains.
    pub(super) fn follow_record(&mut self, record: JournalRecord<'_>, trust: Trust<'_>, seed: Option<u64>) -> Result<(), Error> {
        match record.kind {
            RecordKind::Delta => {
                self.append_delta(record.payload, trust)?;
                if self.last() != Some(record.at) {
                    return Err(corrupt("a record of the journal has another instant than its delta"));
                }
            }
            RecordKind::Checkpoint => {
                let public_keys = trust.public_keys.or(self.present().demanded_keys());
                let directory = Directory::from_snapshot(record.payload, Trust { public_keys, ..trust }, seed)?;
                ensure_issued_then(&directory, record.at)?;
                self.append_directory(directory, &Path::Root)?;
            }
        }
        Ok(())
    }
}

/// A checkpoint is issued at the instant from which its state is in force: so its signature covers the instant.
fn ensure_issued_then(directory: &Directory, at: Instant) -> Result<(), Error> {
    if directory.issued_at() == Some(at) { Ok(()) } else { Err(corrupt("a record of the journal has another instant than its snapshot")) }
}
