//! Seals: what a snapshot or delta says beside its payload.

use crate::directory::Directory;
use crate::input::instant::Instant;
use crate::wire::envelope::{Header, State};
use crate::wire::hash::Hash;
use crate::wire::signature::SecretKey;

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
    pub(super) fn header(&self, base: Option<State>, state: State, payload_hash: Hash, seal: &Seal<'_>) -> Header {
        Header {
            base,
            state,
            issued_at: seal.issued_at.or(self.issued_at()),
            max_age_seconds: seal.max_age_seconds.or(self.max_age_seconds()),
            payload_hash,
        }
    }
}
