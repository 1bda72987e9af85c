//! Snapshots: a directory and its policy as bytes, for copies that start fast and need no parser. And deltas, which keep the copies current.

pub(crate) mod column;
mod delta;
pub(crate) mod envelope;
mod inspection;
pub(crate) mod payload;
mod signature;
mod trust;

use crate::directory::Directory;
use crate::error::Error;
use crate::hash::{Hash, hash_of};
use crate::hasher::Hasher;
use crate::instant::Instant;
use crate::snapshot::envelope::{Header, State, corrupt};
pub use inspection::Inspection;
pub use signature::{PublicKey, PublicKeys, SecretKey};
pub use trust::Trust;

/// What a snapshot or delta says beside the directory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seal<'s> {
    /// Signs it.
    pub signing_key: Option<&'s SecretKey>,
    /// When it is issued; the directory's own instant where it is left out.
    pub issued_at: Option<Instant>,
    /// How long after its issue it may be answered from; what the directory says where it is left out.
    pub max_age_seconds: Option<u64>,
}

impl Directory {
    /// The directory and its policy as bytes. Without digests nobody can find out from them what an API key's secret is, nor whether a guess is right.
    #[must_use]
    pub fn to_snapshot(&self, seal: &Seal<'_>, with_digests: bool) -> Vec<u8> {
        let payload = self.pack(with_digests);
        let hash = hash_of(&payload);
        if with_digests {
            self.note_state_hash(hash);
        }
        self.header(None, State { revision: self.revision(), hash }, hash, seal).seal(&payload, seal.signing_key)
    }

    fn header(&self, base: Option<State>, state: State, payload_hash: Hash, seal: &Seal<'_>) -> Header {
        Header {
            base,
            state,
            issued_at: seal.issued_at.or(self.issued_at()),
            max_age_seconds: seal.max_age_seconds.or(self.max_age_seconds()),
            payload_hash,
        }
    }

    /// Reads a snapshot. With public keys, a holder of one of them must have signed it, and every delta that is applied later. `seed` is a random
    /// number that keys the hash of ids, as for [`boundary::directory_from_value`](crate::boundary::directory_from_value).
    ///
    /// # Errors
    /// `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`.
    pub fn from_snapshot(bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<Self, Error> {
        let (header, payload) = Header::open(bytes, false, trust)?;
        let from_hash = || header.state.hash.first_chunk().copied().map_or(0, u64::from_le_bytes);
        if header.payload_hash != header.state.hash {
            return Err(corrupt("the state is another than the header says"));
        }
        let directory = Self::unpack(payload, Hasher::keyed_by(seed.unwrap_or_else(from_hash)));
        let directory = directory.map_err(|damage| corrupt(damage.0))?;
        directory.note_state_hash(header.state.hash);
        Ok(directory.at_revision(header.state.revision, header.issued_at, header.max_age_seconds, trust.public_keys.cloned()))
    }
}
