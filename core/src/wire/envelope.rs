//! The envelope of snapshots and deltas: type, revision, age, checksum and signature.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | magic |
//! | 2 | version of the format |
//! | 1 | type: 1 snapshot, 2 delta |
//! | 1 | flags: 1 has an instant of issue, 2 has a greatest age, 4 is signed |
//! | 8 | length of the payload |
//! | 8 + 32 | revision, and the hash of its state |
//! | 8 + 8 | instant of issue (Unix milliseconds), greatest age (seconds) |
//! | 8 + 32 | deltas only: the revision that it begins at, and the hash of that state |
//! | 32 | SHA-256 of the payload |
//! | 8 | only if signed: the first bytes of the SHA-256 of the public key |
//! | 64 | only if signed: Ed25519 over a label and the SHA-256 of everything before |
//! | 32 | SHA-256 of everything before |
//!
//! Numbers are little-endian. The payload follows, and nothing after it.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::LARGEST_NUMBER;
use crate::wire::hash::{Hash, hash_of};

use super::signature::{KeyId, SecretKey, verify};
use super::trust::Trust;

const MAGIC: [u8; 8] = *b"\x89BWK\r\n\x1a\n";
const VERSION: u16 = 2;
/// The first version, of which snapshots are still read.
const FIRST_VERSION: u16 = 1;

const HAS_ISSUED_AT: u8 = 1;
const HAS_MAX_AGE: u8 = 2;
const IS_SIGNED: u8 = 4;

/// A revision and the hash of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) revision: u64,
    pub(crate) hash: Hash,
}

/// The header of an envelope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) version: u16,
    /// The state that a delta begins at; none for a snapshot.
    pub(crate) base: Option<State>,
    pub(crate) state: State,
    pub(crate) issued_at: Option<Instant>,
    pub(crate) max_age_seconds: Option<u64>,
    /// The SHA-256 of the payload.
    pub(crate) payload_hash: Hash,
}

impl Header {
    /// The version that is written.
    pub(crate) const VERSION: u16 = VERSION;

    /// Fails if a snapshot of the first version names another state than it has: there, the state's hash was the payload's.
    pub(crate) fn ensure_first_state(&self) -> Result<(), Error> {
        let is_other = self.version == FIRST_VERSION && self.base.is_none() && self.payload_hash != self.state.hash;
        if is_other { Err(corrupt("the state is another than the header says")) } else { Ok(()) }
    }

    /// Puts a payload into an envelope.
    pub(crate) fn seal(&self, payload: &[u8], signer: Option<&SecretKey>) -> Vec<u8> {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let flags = flag(self.issued_at.is_some(), HAS_ISSUED_AT)
            | flag(self.max_age_seconds.is_some(), HAS_MAX_AGE)
            | flag(signer.is_some(), IS_SIGNED);
        let mut bytes = Vec::with_capacity(payload.len().saturating_add(256));
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.push(if self.base.is_some() { 2 } else { 1 });
        bytes.push(flags);
        bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&self.state.revision.to_le_bytes());
        bytes.extend_from_slice(&self.state.hash);
        bytes.extend_from_slice(&self.issued_at.map_or(0, Instant::unix_milliseconds).to_le_bytes());
        bytes.extend_from_slice(&self.max_age_seconds.unwrap_or(0).to_le_bytes());
        if let Some(base) = self.base {
            bytes.extend_from_slice(&base.revision.to_le_bytes());
            bytes.extend_from_slice(&base.hash);
        }
        bytes.extend_from_slice(&self.payload_hash);
        if let Some(key) = signer {
            bytes.extend_from_slice(&key.public_key().id());
            let signed = hash_of(&bytes);
            bytes.extend_from_slice(&key.sign(&signed));
        }
        let checksum = hash_of(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes.extend_from_slice(payload);
        bytes
    }

    /// Opens an envelope. Returns the header and the payload if they are intact and trusted.
    pub(crate) fn open<'b>(bytes: &'b [u8], wants_delta: bool, trust: Trust<'_>) -> Result<(Self, &'b [u8]), Error> {
        let mut reader = HeaderReader { rest: bytes };
        if reader.take::<8>()? != MAGIC {
            return Err(corrupt("these bytes are not a snapshot or delta"));
        }
        let version = u16::from_le_bytes(reader.take()?);
        if version > VERSION {
            let message = format!("format {version} is newer than this release, which reads format {VERSION}");
            return Err(Error::new(ErrorCode::SnapshotVersion, &Path::Root, message));
        }
        let [kind, flags] = reader.take()?;
        let is_delta = match (version, kind) {
            (VERSION | FIRST_VERSION, 1) => false,
            (VERSION, 2) => true,
            (FIRST_VERSION, 2) => {
                let message = "a delta of format 1 is not read any more; load a snapshot instead";
                return Err(Error::new(ErrorCode::SnapshotVersion, &Path::Root, message));
            }
            _ => return Err(corrupt("the header is damaged")),
        };
        let length = reader.take_u64()?;
        let state = reader.take_state()?;
        let issued_at = i64::from_le_bytes(reader.take()?);
        let max_age_seconds = reader.take_u64()?;
        let base = if is_delta { Some(reader.take_state()?) } else { None };
        let payload_hash: Hash = reader.take()?;
        let is_signed = flags & IS_SIGNED != 0;
        let key_id = if is_signed { Some(reader.take::<8>()?) } else { None };
        let signed = reader.read_since(bytes);
        let signature = if is_signed { Some(reader.take::<64>()?) } else { None };
        let header = reader.read_since(bytes);
        let checksum: Hash = reader.take()?;
        let payload = reader.rest;
        if hash_of(header) != checksum || flags > (HAS_ISSUED_AT | HAS_MAX_AGE | IS_SIGNED) {
            return Err(corrupt("the header is damaged"));
        }
        if let Some(keys) = trust.public_keys {
            verify(keys, key_id, &hash_of(signed), signature.as_ref())?;
        }
        if payload.len() as u64 != length || hash_of(payload) != payload_hash {
            return Err(corrupt("the payload is damaged or cut short"));
        }
        if is_delta != wants_delta {
            return Err(corrupt(if is_delta { "this is a delta, not a snapshot" } else { "this is a snapshot, not a delta" }));
        }
        let numbers = [state.revision, max_age_seconds, base.map_or(0, |base| base.revision)];
        if numbers.iter().any(|number| *number > LARGEST_NUMBER) {
            return Err(corrupt("a number in the header exceeds 2^53 - 1"));
        }
        let issued_at = match flags & HAS_ISSUED_AT {
            0 => None,
            _ => Some(Instant::from_whole_milliseconds(issued_at).ok_or_else(|| corrupt("the instant of issue is not valid"))?),
        };
        trust.ensure_issued(issued_at)?;
        Ok((
            Self { version, base, state, issued_at, max_age_seconds: (flags & HAS_MAX_AGE != 0).then_some(max_age_seconds), payload_hash },
            payload,
        ))
    }
}

/// Opens an envelope of either type without verifying its signature. Returns the header, the payload, and the id of the signer's key.
pub(crate) fn open_unverified(bytes: &[u8]) -> Result<(Header, &[u8], Option<KeyId>), Error> {
    // The offset is that of the table above.
    let (header, payload) = Header::open(bytes, bytes.get(10) == Some(&2), Trust::default())?;
    Ok((header, payload, signer_of(bytes)))
}

/// The id of the key that an intact envelope names as its signer's.
pub(crate) fn signer_of(bytes: &[u8]) -> Option<KeyId> {
    // The offsets are those of the table above.
    let (flags, length) = (bytes.get(11)?, bytes.get(12..)?.first_chunk()?);
    let payload = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let head = bytes.get(..bytes.len().checked_sub(payload)?)?;
    let key_id = head.last_chunk::<{ 8 + 64 + 32 }>().and_then(|end| end.first_chunk()).filter(|_| flags & IS_SIGNED != 0);
    key_id.copied()
}

/// Whether these bytes begin as a snapshot or delta does.
#[cfg(feature = "timeline")]
pub(crate) fn is_envelope(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// `snapshot_corrupt` with a message.
pub(crate) fn corrupt(message: &str) -> Error {
    Error::new(ErrorCode::SnapshotCorrupt, &Path::Root, message)
}

struct HeaderReader<'b> {
    rest: &'b [u8],
}

impl<'b> HeaderReader<'b> {
    /// The bytes that have been read so far.
    fn read_since(&self, bytes: &'b [u8]) -> &'b [u8] {
        bytes.get(..bytes.len().saturating_sub(self.rest.len())).unwrap_or_default()
    }

    fn take<const SIZE: usize>(&mut self) -> Result<[u8; SIZE], Error> {
        let (taken, rest) = self.rest.split_first_chunk::<SIZE>().ok_or_else(|| corrupt("the header is cut short"))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn take_u64(&mut self) -> Result<u64, Error> {
        self.take().map(u64::from_le_bytes)
    }

    fn take_state(&mut self) -> Result<State, Error> {
        Ok(State { revision: self.take_u64()?, hash: self.take()? })
    }
}
