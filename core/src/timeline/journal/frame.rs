//! Frames: how records lie in a journal.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | magic, once at the beginning of the journal |
//! | 2 + 6 | version of the format, and zeros, likewise |
//! | 1 + 7 | kind of the record: 1 snapshot, 2 delta, 3 checkpoint; and zeros |
//! | 8 | the instant from which its state is in force (Unix milliseconds); `i64::MIN` if it always has been |
//! | 8 | length of the payload |
//! | 8 | the first bytes of the SHA-256 of the link before and of these fields |
//! | | the payload: a snapshot or a delta as it arrived, or a [`checkpoint`](super::checkpoint) |
//! | 32 | the link: the SHA-256 of the link before, of the fields and of the SHA-256 of the payload |
//!
//! Numbers are little-endian. The first link is the SHA-256 of the beginning of the journal. Since each record continues the one before, none can be left
//! out, exchanged or taken from another journal unnoticed. A damaged length is noticed by the fields alone, and is not taken for a cut.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::{Instant, MaybeInstant};
use crate::input::path::Path;
use crate::wire::envelope::{corrupt, is_envelope};
use crate::wire::hash::{Hash, hash_of};

const MAGIC: [u8; 8] = *b"\x89BWJ\r\n\x1a\n";
const VERSION: u16 = 1;
const BEGINNING: usize = 16;
const FIELDS: usize = 24;
const CHECK: usize = 8;
const LINK: usize = 32;
/// A link, the fields and the check of the record after it, and what its payload begins with.
const LOOK: usize = LINK + FIELDS + CHECK + 16;

/// What a record contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    /// A snapshot as it arrived: the whole state.
    Snapshot,
    /// A delta: what differs from the state before.
    Delta,
    /// The whole state, and what it follows: a place to begin reading at.
    Checkpoint,
}

/// A record of a journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct JournalRecord<'b> {
    /// What it contains.
    pub(super) kind: RecordKind,
    /// The instant from which its state is in force; none if it always has been.
    pub(super) at: Option<Instant>,
    /// The snapshot, delta or checkpoint.
    pub(super) payload: &'b [u8],
}

impl JournalRecord<'_> {
    fn fields(&self) -> [u8; FIELDS] {
        let mut fields = [0; FIELDS];
        let kind: u64 = match self.kind {
            RecordKind::Snapshot => 1,
            RecordKind::Delta => 2,
            RecordKind::Checkpoint => 3,
        };
        let numbers = [kind, MaybeInstant::from(self.at).to_bits().cast_unsigned(), self.payload.len() as u64];
        for (place, number) in fields.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
        }
        fields
    }

    /// The bytes of a record that continues a journal whose last link is this one, and its own link.
    pub(super) fn to_bytes(self, link: &Hash) -> (Vec<u8>, Hash) {
        let fields = self.fields();
        let next = link_of(link, &fields, self.payload);
        let mut bytes = Vec::with_capacity(self.payload.len().saturating_add(FIELDS + CHECK + LINK));
        bytes.extend_from_slice(&fields);
        bytes.extend_from_slice(&check_of(link, &fields));
        bytes.extend_from_slice(self.payload);
        bytes.extend_from_slice(&next);
        (bytes, next)
    }
}

fn check_of(link: &Hash, fields: &[u8; FIELDS]) -> [u8; CHECK] {
    hash_of(&[&link[..], fields].concat()).first_chunk().copied().unwrap_or_default()
}

fn link_of(link: &Hash, fields: &[u8; FIELDS], payload: &[u8]) -> Hash {
    hash_of(&[&link[..], fields, &hash_of(payload)].concat())
}

/// The bytes that every journal begins with, and the first link.
pub(super) fn beginning() -> (Vec<u8>, Hash) {
    let [low, high] = VERSION.to_le_bytes();
    let bytes = [&MAGIC[..], &[low, high, 0, 0, 0, 0, 0, 0]].concat();
    let link = hash_of(&bytes);
    (bytes, link)
}

/// The records of a journal, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frames<'b> {
    bytes: &'b [u8],
    /// Where the records end that have been read.
    pub(super) end: usize,
    /// The last link.
    pub(super) link: Hash,
}

impl<'b> Frames<'b> {
    /// # Errors
    /// `snapshot_corrupt` for bytes that are no journal, `snapshot_version` for a journal of a later format.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Error> {
        let (beginning, link) = beginning();
        let start = bytes.get(..BEGINNING).ok_or_else(|| corrupt("these bytes are not a journal"))?;
        if start != beginning {
            let is_ours = start.starts_with(&MAGIC) && start.get(10..) == beginning.get(10..);
            let version = start.get(8..10).and_then(|version| version.first_chunk()).map_or(0, |version| u16::from_le_bytes(*version));
            if is_ours && version > VERSION {
                let message = format!("journal format {version} is newer than this release, which reads format {VERSION}");
                return Err(Error::new(ErrorCode::SnapshotVersion, &Path::Root, message));
            }
            return Err(corrupt("these bytes are not a journal"));
        }
        Ok(Self { bytes, end: BEGINNING, link })
    }

    /// Where to begin reading if the moments before `since` do not count: at the first record, or at the last checkpoint at `since` or earlier that has
    /// been written completely. The payloads before it are not looked at.
    ///
    /// # Errors
    /// As [`Frames::open`] and [`Frames::next`].
    pub(super) fn open_at(bytes: &'b [u8], since: Instant) -> Result<Self, Error> {
        let mut frames = Self::open(bytes)?;
        let (first, mut places) = (frames, Vec::new());
        loop {
            let place = frames;
            let Some((record, _)) = frames.hop()? else { break };
            // Snapshots that only say how fresh the state is may lie before older steps.
            if record.kind != RecordKind::Snapshot && record.at > Some(since) {
                break;
            }
            if record.kind == RecordKind::Checkpoint {
                places.push(place);
            }
        }
        for place in places.into_iter().rev() {
            if Self::next(&mut { place })?.is_some() {
                return Ok(place);
            }
        }
        Ok(first)
    }

    /// The next record. `None` at the end, and where the rest is what a crash leaves of a last record: any part of its bytes may not have been written.
    ///
    /// # Errors
    /// `snapshot_corrupt` for damage that no crash explains.
    pub(super) fn next(&mut self) -> Result<Option<JournalRecord<'b>>, Error> {
        let before = *self;
        let Some((record, is_last)) = self.hop()? else { return Ok(None) };
        if self.link == link_of(&before.link, &record.fields(), record.payload) {
            return Ok(Some(record));
        }
        *self = before;
        if is_last { Ok(None) } else { Err(corrupt("a record of the journal is damaged")) }
    }

    /// The next record, without looking at its payload, and whether nothing follows it.
    fn hop(&mut self) -> Result<Option<(JournalRecord<'b>, bool)>, Error> {
        let rest = self.bytes.get(self.end..).unwrap_or_default();
        let Some((fields, after)) = rest.split_first_chunk::<FIELDS>() else { return Ok(None) };
        let Some((check, after)) = after.split_first_chunk::<CHECK>() else { return Ok(None) };
        if *check != check_of(&self.link, fields) {
            return if has_record(rest) { Err(corrupt("a record of the journal is damaged")) } else { Ok(None) };
        }
        let [kind, at, length] = numbers_of(fields);
        let length = usize::try_from(length).ok();
        let Some((payload, after)) = length.and_then(|length| after.split_at_checked(length)) else { return Ok(None) };
        let Some((link, after)) = after.split_first_chunk::<LINK>() else { return Ok(None) };
        let kind = match kind {
            1 => RecordKind::Snapshot,
            2 => RecordKind::Delta,
            3 => RecordKind::Checkpoint,
            _ => return Err(corrupt("a record of the journal has another kind")),
        };
        let at = MaybeInstant::from_bits(at.cast_signed()).ok_or_else(|| corrupt("an instant of the journal is not valid"))?.get();
        self.link = *link;
        self.end = self.bytes.len().saturating_sub(after.len());
        Ok(Some((JournalRecord { kind, at, payload }, after.is_empty())))
    }
}

/// Whether another record begins in what is left of one. Then it was not the last one, and no crash explains the damage. After a link that is whole, its
/// fields prove it; otherwise it is recognized by what it contains.
fn has_record(rest: &[u8]) -> bool {
    rest.windows(LOOK).any(|window| {
        let Some((link, window)) = window.split_first_chunk::<LINK>() else { return false };
        let Some((fields, window)) = window.split_first_chunk::<FIELDS>() else { return false };
        let Some((check, payload)) = window.split_first_chunk::<CHECK>() else { return false };
        let envelope = match numbers_of(fields) {
            [1 | 2, ..] => payload,
            [3, ..] => payload.get(8..).unwrap_or_default(),
            _ => return false,
        };
        is_envelope(envelope) || *check == check_of(link, fields)
    })
}

fn numbers_of(fields: &[u8; FIELDS]) -> [u64; 3] {
    let mut numbers = [0; 3];
    for (number, bytes) in numbers.iter_mut().zip(fields.as_chunks::<8>().0) {
        *number = u64::from_le_bytes(*bytes);
    }
    numbers
}
