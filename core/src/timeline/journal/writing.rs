//! Records to append to a journal.

use crate::catalogue::error_code::ErrorCode;
use crate::change::{Change, Terms};
use crate::input::error::Error;
use crate::input::path::Path;
use crate::snapshot::Seal;
use crate::timeline::states::Timeline;
use crate::wire::envelope::open_unverified;
use crate::wire::signature::SecretKey;
use crate::wire::trust::Trust;

use super::end::{JournalEnd, ensure_signer};
use super::frame::{JournalRecord, RecordKind};

/// Bytes to append to a journal, and where it ends with them.
pub(super) type Continued = (Vec<u8>, JournalEnd);

pub(super) fn missing_instant() -> Error {
    Error::new(ErrorCode::MissingField, &Path::Root.field("beginning"), "a journal says from when its first state is in force")
}

impl Timeline {
    /// A journal that begins with the last state of the timeline, in force from the instant of the last step, and where it ends.
    ///
    /// # Errors
    /// `missing_field` if the timeline has no beginning: a journal says from when its first state is in force. `signature_missing` and `signature_invalid` at
    /// `/signing_key` if the timeline demands signatures, and this key does not give them.
    pub fn new_journal(&self, signing_key: Option<&SecretKey>) -> Result<Continued, Error> {
        self.last().ok_or_else(missing_instant)?;
        ensure_signer(self.present().demanded_keys(), false, signing_key)?;
        let mut timeline = self.clone();
        timeline.forget_past();
        timeline.written(signing_key)
    }

    /// Appends a delta, or a snapshot of a later state. Returns the bytes that the journal continues with, and where it ends with them.
    ///
    /// # Errors
    /// As [`Timeline::append`]; `delta_fork` if the journal does not end at the last state; `signature_missing` for bytes without a signature, if the last
    /// record has one. Then nothing has changed.
    pub fn append_to_journal(&mut self, bytes: &[u8], trust: Trust<'_>, seed: Option<u64>, end: JournalEnd) -> Result<Continued, Error> {
        end.ensure_at(self.present())?;
        let (header, _, key_id) = open_unverified(bytes)?;
        if end.is_signed && key_id.is_none() {
            let message = "the journal is signed, and this is not";
            return Err(Error::new(ErrorCode::SignatureMissing, &Path::Root, message));
        }
        let is_delta = header.base.is_some();
        if !is_delta {
            header.issued_at.ok_or_else(missing_instant)?;
        }
        self.append(bytes, trust, seed)?;
        let (kind, at) = if is_delta { (RecordKind::Delta, self.last()) } else { (RecordKind::Snapshot, header.issued_at) };
        Ok(end.followed_by(JournalRecord { kind, at, payload: bytes }, self, key_id.is_some()))
    }

    /// Makes a change. Returns the bytes that the journal continues with: a delta, and where it ends with them.
    ///
    /// # Errors
    /// As [`Timeline::apply`]; `delta_fork` if the journal does not end at the last state; `signature_missing` and `signature_invalid` at `/signing_key` if
    /// readers of the journal would not take what this key signs. Then nothing has changed.
    pub(crate) fn apply_to_journal(
        &mut self,
        change: &Change<'_>,
        terms: &Terms<'_>,
        signing_key: Option<&SecretKey>,
        end: JournalEnd,
    ) -> Result<Continued, Error> {
        // A delta begins at a state whose hash was known before the change.
        end.ensure_at(self.present())?;
        end.ensure_signer(self.present(), signing_key)?;
        let since = self.present().revision();
        self.apply(change, terms)?;
        let payload = self.present().to_delta(since, &Seal { signing_key, ..Seal::default() })?;
        Ok(end.followed_by(JournalRecord { kind: RecordKind::Delta, at: self.last(), payload: &payload }, self, signing_key.is_some()))
    }
}

impl JournalEnd {
    /// The bytes of a record that follows and leads to the last state of the timeline, and where the journal ends with it.
    fn followed_by(self, record: JournalRecord<'_>, timeline: &Timeline, is_signed: bool) -> Continued {
        let (bytes, link) = record.to_bytes(&self.link);
        let (end, records) = (self.bytes.saturating_add(bytes.len()), self.records.saturating_add(1));
        (bytes, Self { bytes: end, records, state: timeline.present().state(), is_signed, link })
    }
}
