//! The byte format of snapshots and deltas, written independently from its description: for checks that need a valid envelope around a
//! payload that the engine would never write. The hostile-bytes tests and the fuzz targets use it.

use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

pub(crate) type Hash = [u8; 32];

pub(crate) fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

const MAGIC: &[u8; 8] = b"\x89BWK\r\n\x1a\n";
const LABEL: &[u8] = b"bailiwick/1 snapshot or delta\0";

/// The version that the engine writes.
pub(crate) const VERSION: u16 = 2;

pub(crate) const SNAPSHOT: u8 = 1;
pub(crate) const DELTA: u8 = 2;
const IS_SIGNED: u8 = 4;

/// The fields of an envelope, valid or not. Only its checksums are always right.
#[derive(Clone)]
pub(crate) struct Envelope {
    pub(crate) version: u16,
    pub(crate) kind: u8,
    /// Without the flag of a signature.
    pub(crate) flags: u8,
    /// The length of the payload, if it is not the true one.
    pub(crate) length: Option<u64>,
    pub(crate) revision: u64,
    /// The hash of the state; by default that of the payload, which it was in the first version.
    pub(crate) state: Option<Hash>,
    pub(crate) issued_at: i64,
    pub(crate) max_age_seconds: u64,
    /// Revision and hash of the state that a delta begins at.
    pub(crate) base: Option<(u64, Hash)>,
}

impl Envelope {
    /// The fields of a snapshot without an age.
    pub(crate) const fn of_snapshot(revision: u64) -> Self {
        Self {
            version: VERSION,
            kind: SNAPSHOT,
            flags: 0,
            length: None,
            revision,
            state: None,
            issued_at: 0,
            max_age_seconds: 0,
            base: None,
        }
    }

    /// The fields of a delta without an age.
    pub(crate) const fn of_delta(base: (u64, Hash), revision: u64, state: Hash) -> Self {
        Self { kind: DELTA, state: Some(state), base: Some(base), ..Self::of_snapshot(revision) }
    }

    /// Puts a payload into the envelope, signed with the key of that seed if there is one.
    pub(crate) fn seal(&self, payload: &[u8], seed: Option<&[u8; 32]>) -> Vec<u8> {
        let key = seed.map(SigningKey::from_bytes);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.push(self.kind);
        bytes.push(self.flags | if key.is_some() { IS_SIGNED } else { 0 });
        bytes.extend(self.length.unwrap_or(payload.len() as u64).to_le_bytes());
        bytes.extend(self.revision.to_le_bytes());
        bytes.extend(self.state.unwrap_or_else(|| hash(payload)));
        bytes.extend(self.issued_at.to_le_bytes());
        bytes.extend(self.max_age_seconds.to_le_bytes());
        if let Some((revision, state)) = self.base {
            bytes.extend(revision.to_le_bytes());
            bytes.extend(state);
        }
        bytes.extend(hash(payload));
        if let Some(key) = key {
            bytes.extend(&hash(&key.verifying_key().to_bytes())[..8]);
            let signature = key.sign(&[LABEL, &hash(&bytes)].concat());
            bytes.extend(signature.to_bytes());
        }
        bytes.extend(hash(&bytes));
        bytes.extend(payload);
        bytes
    }
}

/// The payload of the bytes of a snapshot or delta.
pub(crate) fn payload_of(bytes: &[u8]) -> &[u8] {
    let length: [u8; 8] = bytes[12..20].try_into().unwrap_or_default();
    &bytes[bytes.len() - usize::try_from(u64::from_le_bytes(length)).unwrap_or_default()..]
}

/// The hash of the state that a snapshot has, or that a delta leads to.
pub(crate) fn state_of(bytes: &[u8]) -> Hash {
    bytes[28..60].try_into().unwrap_or_default()
}

/// The columns of a payload: byte strings with their lengths before them.
pub(crate) fn columns(mut payload: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut columns = Vec::new();
    while let Some((first, rest)) = payload.split_first() {
        let size = match first {
            251 => 2,
            252 => 4,
            253 => 8,
            _ => 0,
        };
        let (length, rest) = rest.split_at_checked(size)?;
        let length = match size {
            0 => u64::from(*first),
            _ => length.iter().rev().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        };
        let (column, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        columns.push(column.to_vec());
        payload = rest;
    }
    Some(columns)
}

/// The encoded length of a column.
pub(crate) fn length_prefix(length: u64) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length), u32::try_from(length)) {
        (Ok(length @ ..251), ..) => vec![length],
        (_, Ok(length), _) => [&[251][..], &length.to_le_bytes()].concat(),
        (.., Ok(length)) => [&[252][..], &length.to_le_bytes()].concat(),
        _ => [&[253][..], &length.to_le_bytes()].concat(),
    }
}

/// The payload of these columns.
pub(crate) fn payload(columns: &[Vec<u8>]) -> Vec<u8> {
    columns.iter().flat_map(|column| [length_prefix(column.len() as u64), column.clone()].concat()).collect()
}
