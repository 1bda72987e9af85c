//! Snapshots: a whole directory and its policy as bytes, which load fast and without a parser.

use crate::collections::hasher::Hasher;
use crate::directory::{Directory, Tables};
use crate::input::error::Error;
use crate::wire::envelope::{Header, corrupt};
use crate::wire::hash::hash_of;
use crate::wire::trust::Trust;

use super::seal::Seal;

impl Directory {
    /// The directory and its policy as bytes.
    #[must_use]
    pub fn to_snapshot(&self, seal: &Seal<'_>) -> Vec<u8> {
        let state = self.state();
        let payload = self.tables().to_payload(&self.stored_chunks());
        self.header(None, state, hash_of(&payload), seal).seal(&payload, seal.signing_key)
    }

    /// Loads a snapshot. With public keys, one of them must have signed it, and every delta that is applied later. `seed` is a random
    /// number that keys the hash of ids, as in [`boundary::load_directory`](crate::boundary::load_directory).
    ///
    /// # Errors
    /// `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`.
    pub fn from_snapshot(bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<Self, Error> {
        let (header, payload) = Header::open(bytes, false, trust)?;
        header.ensure_first_state()?;
        let from_hash = || header.payload_hash.first_chunk().copied().map_or(0, u64::from_le_bytes);
        let hasher = Hasher::keyed_by(seed.unwrap_or_else(from_hash));
        let (tables, chunks) = Tables::from_payload(payload, header.version, hasher).map_err(|damage| corrupt(damage.0))?;
        let Header { version, state, issued_at, max_age_seconds, .. } = header;
        let directory = Self::new(tables, state.revision, issued_at, max_age_seconds, trust.public_keys.cloned());
        // The same state has another hash in another format.
        Ok(if version == Header::VERSION { directory.with_state(state.hash, chunks) } else { directory })
    }
}
