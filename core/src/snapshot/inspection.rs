//! Inspection: the header of a snapshot or delta, without a key and without loading it.

use serde::Serialize;

use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::shape::member;
use crate::input::value::Value;
use crate::wire::hex;

use crate::wire::envelope::{corrupt, open_unverified};
use crate::wire::payload_reader::payload_of;

/// The header of a snapshot or delta. The checksum is verified; the signature is not, and the contents may not be loadable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// `snapshot` or `delta`.
    pub kind: &'static str,
    /// The version of the format.
    pub format_version: u16,
    /// The size in bytes, with the envelope.
    pub bytes: usize,
    /// The revision of the snapshot, or the one that the delta leads to.
    pub revision: u64,
    /// The SHA-256 of the state at that revision, in hexadecimal digits. Directories in the same state have the same.
    pub state: String,
    /// The revision that a delta begins at.
    pub base_revision: Option<u64>,
    /// The SHA-256 of the state that a delta begins at.
    pub base_state: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// How long after its issue it may answer, in seconds.
    pub max_age_seconds: Option<u64>,
    /// The last instant at which it may answer. `None` if it never becomes stale.
    pub fresh_until: Option<Instant>,
    /// The id of a snapshot's policy.
    pub policy: Option<String>,
    /// Whether it has a signature. The signature is not verified.
    pub is_signed: bool,
    /// The first eight bytes of the SHA-256 of the signer's public key, in hexadecimal digits.
    pub key_id: Option<String>,
}

impl Inspection {
    /// # Errors
    /// `snapshot_corrupt`, `snapshot_version`.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Error> {
        let (header, payload, key_id) = open_unverified(bytes)?;
        header.ensure_first_state()?;
        let policy = match header.base {
            None => Some(policy_id(payload, header.version).ok_or_else(|| corrupt("the payload has another structure"))?),
            Some(_) => None,
        };
        Ok(Self {
            kind: if header.base.is_some() { "delta" } else { "snapshot" },
            format_version: header.version,
            bytes: bytes.len(),
            revision: header.state.revision,
            state: hex::encode(&header.state.hash),
            base_revision: header.base.map(|base| base.revision),
            base_state: header.base.map(|base| hex::encode(&base.hash)),
            issued_at: header.issued_at,
            max_age_seconds: header.max_age_seconds,
            fresh_until: header.issued_at.zip(header.max_age_seconds).and_then(|(issued, seconds)| issued.plus_seconds(seconds)),
            policy,
            is_signed: key_id.is_some(),
            key_id: key_id.map(|id| hex::encode(&id)),
        })
    }
}

/// Whether intact bytes are a delta, or else a snapshot.
#[cfg(feature = "timeline")]
pub(crate) fn is_delta(bytes: &[u8]) -> Result<bool, Error> {
    open_unverified(bytes).map(|(header, _, _)| header.base.is_some())
}

/// The id of the policy document in a snapshot.
fn policy_id(payload: &[u8], version: u16) -> Option<String> {
    let policy = json::parse(payload_of(payload, version)?.policy.as_bytes()).ok()?;
    let Value::Object(members) = &policy else { return None };
    match member(members, "id") {
        Some(Value::Text(id)) => Some(id.to_string()),
        _ => None,
    }
}
