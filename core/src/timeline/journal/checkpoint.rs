//! Checkpoints: the whole state in the middle of a journal, and what it follows.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | length of the link |
//! | | the link: an envelope like that of a delta without a payload, from the state before to this one, with the age that the directory has here |
//! | | the state: a snapshot that is issued at the instant from which the state is in force |
//!
//! A checkpoint after a delta has the state that the delta led to: it begins and ends at that one. Where two snapshots were compared, it is the step to the
//! later one. Who begins to read here needs nothing before it; who passes by verifies that it follows. Both envelopes are signed, and so are the states, the
//! instant and the age.

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::snapshot::Seal;
use crate::timeline::states::Age;
use crate::wire::envelope::{Header, State, corrupt, open_unverified};
use crate::wire::hash::hash_of;
use crate::wire::signature::SecretKey;
use crate::wire::trust::Trust;

use super::frame::{JournalRecord, RecordKind};

/// A checkpoint whose envelopes are intact, trusted, and about one state.
#[derive(Debug)]
pub(super) struct Checkpoint<'b> {
    /// The state before.
    pub(super) base: State,
    /// Its own state.
    pub(super) state: State,
    /// The age that the directory has here.
    pub(super) issued_at: Option<Instant>,
    pub(super) max_age_seconds: Option<u64>,
    snapshot: &'b [u8],
}

impl<'b> Checkpoint<'b> {
    pub(super) fn open(record: &JournalRecord<'b>, trust: Trust<'_>) -> Result<Self, Error> {
        let (link, snapshot) = parts_of(record.payload)?;
        let (link, _) = Header::open(link, true, trust)?;
        let (header, _) = Header::open(snapshot, false, trust_of_state(trust))?;
        if link.state != header.state || header.issued_at != record.at {
            return Err(corrupt("a checkpoint of the journal has another instant or state than its record"));
        }
        let Header { state, issued_at, max_age_seconds, .. } = link;
        Ok(Self { base: link.base.ok_or_else(damaged)?, state, issued_at, max_age_seconds, snapshot })
    }

    /// The directory, with the age that it has here.
    pub(super) fn directory(&self, trust: Trust<'_>, seed: Option<u64>) -> Result<Directory, Error> {
        let mut directory = Directory::from_snapshot(self.snapshot, trust_of_state(trust), seed)?;
        directory.set_age(self.issued_at, self.max_age_seconds);
        Ok(directory)
    }

    /// The payload of a checkpoint. The directory has no age of its own.
    pub(super) fn payload(
        directory: &Directory,
        base: State,
        at: Option<Instant>,
        age: Option<&Age>,
        signing_key: Option<&SecretKey>,
    ) -> Vec<u8> {
        let link = Header {
            version: Header::VERSION,
            base: Some(base),
            state: directory.state(),
            issued_at: age.map(|age| age.issued_at),
            max_age_seconds: age.and_then(|age| age.max_age_seconds),
            payload_hash: hash_of(&[]),
        };
        let link = link.seal(&[], signing_key);
        let snapshot = directory.to_snapshot(&Seal { signing_key, issued_at: at, max_age_seconds: None });
        [&(link.len() as u64).to_le_bytes()[..], &link, &snapshot].concat()
    }
}

/// The link and the state.
fn parts_of(payload: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let (length, rest) = payload.split_first_chunk::<8>().ok_or_else(damaged)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok();
    length.and_then(|length| rest.split_at_checked(length)).ok_or_else(damaged)
}

fn damaged() -> Error {
    corrupt("a checkpoint of the journal is damaged")
}

/// Whether what a record contains has a signature, which is not verified.
///
/// # Errors
/// `snapshot_corrupt`, `snapshot_version`.
pub(super) fn is_signed(record: &JournalRecord<'_>) -> Result<bool, Error> {
    let envelope = if record.kind == RecordKind::Checkpoint { parts_of(record.payload)?.0 } else { record.payload };
    open_unverified(envelope).map(|(_, _, key_id)| key_id.is_some())
}

/// The state is from when it is in force, which is no issue: what is planned may lie ahead, as it may in deltas.
fn trust_of_state(trust: Trust<'_>) -> Trust<'_> {
    Trust { now: None, ..trust }
}
