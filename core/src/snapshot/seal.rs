//! Seals: the header and signature of a snapshot or delta.

use crate::directory::Directory;
use crate::input::instant::Instant;
use crate::wire::envelope::{Header, State};
use crate::wire::hash::Hash;
use crate::wire::signature::SecretKey;

/// The options of a snapshot or delta.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seal<'s> {
    /// The key that signs it.
    pub signing_key: Option<&'s SecretKey>,
    /// When it is issued; by default the directory's own instant of issue.
    pub issued_at: Option<Instant>,
    /// How long after its issue it may answer; by default the directory's own limit.
    pub max_age_seconds: Option<u64>,
}

impl Directory {
    pub(super) fn header(&self, base: Option<State>, state: State, payload_hash: Hash, seal: &Seal<'_>) -> Header {
        Header {
            version: Header::VERSION,
            base,
            state,
            issued_at: seal.issued_at.or(self.issued_at()),
            max_age_seconds: seal.max_age_seconds.or(self.max_age_seconds()),
            payload_hash,
        }
    }
}
