//! Records to append to a journal.

use crate::catalogue::error_code::ErrorCode;
use crate::change::{Change, Terms};
use crate::input::error::Error;
use crate::input::path::Path;
use crate::snapshot::{Inspection, Seal, is_delta};
use crate::timeline::states::Timeline;
use crate::wire::signature::SecretKey;
use crate::wire::trust::Trust;

use super::frame::{JournalRecord, RecordKind};
use super::reading::JournalEnd;

/// Bytes to append to a journal, and where it ends with them.
pub(super) type Continued = (Vec<u8>, JournalEnd);

pub(super) fn missing_instant() -> Error {
    Error::new(ErrorCode::MissingField, &Path::Root.field("beginning"), "a journal says from when its first state is in force")
}

impl Timeline {
    /// A journal that begins with the last state of the timeline, in force from the instant of the last step, and where it ends.
    ///
    /// # Errors
    /// `missing_field` if the timeline has no beginning: a journal says from when its first state is in force.
    pub fn new_journal(&self, signing_key: Option<&SecretKey>) -> Result<Continued, Error> {
        self.last().ok_or_else(missing_instant)?;
        let mut timeline = self.clone();
        timeline.forget_past();
        timeline.written(signing_key)
    }

    /// Appends a delta, or a snapshot of a later state. Returns the bytes that the journal continues with, and where it ends with them.
    ///
    /// # Errors
    /// As [`Timeline::append`]; then nothing has changed.
    pub fn append_to_journal(&mut self, bytes: &[u8], trust: Trust<'_>, seed: Option<u64>, end: JournalEnd) -> Result<Continued, Error> {
        let is_delta = is_delta(bytes)?;
        self.append(bytes, trust, seed)?;
        let kind = if is_delta { RecordKind::Delta } else { RecordKind::Snapshot };
        let at = if is_delta { self.last() } else { Some(Inspection::of(bytes)?.issued_at.ok_or_else(missing_instant)?) };
        Ok(end.followed_by(JournalRecord { kind, at, payload: bytes }))
    }

    /// Makes a change. Returns the bytes that the journal continues with: a delta, and where it ends with them.
    ///
    /// # Errors
    /// As [`Timeline::apply`]; then nothing has changed.
    pub(crate) fn apply_to_journal(
        &mut self,
        change: &Change<'_>,
        terms: &Terms<'_>,
        signing_key: Option<&SecretKey>,
        end: JournalEnd,
    ) -> Result<Continued, Error> {
        // A delta begins at a state whose hash was known before the change.
        let since = self.present().state().revision;
        self.apply(change, terms)?;
        let payload = self.present().to_delta(since, &Seal { signing_key, ..Seal::default() })?;
        Ok(end.followed_by(JournalRecord { kind: RecordKind::Delta, at: self.last(), payload: &payload }))
    }
}

impl JournalEnd {
    /// The bytes of a record that follows, and where the journal ends with it.
    pub(super) fn followed_by(self, record: JournalRecord<'_>) -> Continued {
        let (bytes, link) = record.to_bytes(&self.link);
        let end = Self { bytes: self.bytes.saturating_add(bytes.len()), records: self.records.saturating_add(1), link };
        (bytes, end)
    }
}
