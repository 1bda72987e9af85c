//! From one revision to the next: what every change does to the directory as a whole.

use crate::change::{Change, Origin};
use crate::error::Error;
use crate::hash::{Hash, hash_of};
use crate::instant::Instant;
use crate::names::Full;
use crate::snapshot::envelope::State;

use super::Directory;

/// Rows that no change can use up at once.
const ROOM: u32 = 1 << 16;
/// So many numbers of member and collaborator rows may have fallen out of use, beside as many as there are rows.
const GAPS: usize = 1 << 20;
/// So much garbage is never worth a sweep.
const LITTLE_GARBAGE: usize = 4_096;

impl Directory {
    /// Sees to it that the tables can take whatever one change brings, so that none is carried out by half.
    pub(crate) fn make_room(&mut self) -> Result<(), Error> {
        if self.has_room() {
            return Ok(());
        }
        self.sweep();
        if self.has_room() { Ok(()) } else { Err(Full.into_error()) }
    }

    fn has_room(&self) -> bool {
        // Every user may be a member.
        let rows = self.user_rows.len().saturating_add(self.collaborators.len());
        (self.next_order as usize) < rows.saturating_mul(2).saturating_add(GAPS)
            && self.next_order < u32::MAX - ROOM
            && self.texts.has_room(ROOM)
            && self.users.has_room(ROOM)
            && self.projects.has_room(ROOM)
            && self.api_keys.has_room(ROOM)
            && self.resources.has_room(ROOM)
    }

    /// Ends a change that has been carried out: the directory is at its new revision.
    pub(crate) fn advance(&mut self, revision: u64, change: &Change<'_>, origin: &Origin<'_>) {
        if let Some(hash) = self.state_hash.take() {
            self.history.mark(State { revision: self.revision, hash });
        }
        self.history.record(change, origin);
        self.revision = revision;
        let entries = self.user_rows.len().saturating_add(self.resource_rows.len());
        if self.garbage > LITTLE_GARBAGE && self.garbage > entries / 4 {
            self.sweep();
        }
    }

    /// The hash of everything that a snapshot would hold.
    pub(crate) fn state_hash(&self) -> Hash {
        self.state_hash.get().copied().unwrap_or_else(|| hash_of(&self.pack(true)))
    }

    /// The state that somebody gets a copy of: it is remembered when it changes.
    pub(crate) fn state(&self) -> State {
        State { revision: self.revision, hash: *self.state_hash.get_or_init(|| hash_of(&self.pack(true))) }
    }

    /// Keeps the hash of a state that others have, too.
    pub(crate) fn note_state_hash(&self, hash: Hash) {
        // A hash that is known already is the same.
        let _ = self.state_hash.set(hash);
    }

    /// Takes over the age of something newer. Nothing makes a directory older, or its greatest age unlimited; what is older, or does not say when it was
    /// issued, changes no age at all.
    pub(crate) fn renew(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        if issued_at.is_some() && issued_at >= self.issued_at {
            self.issued_at = issued_at;
            self.max_age_seconds = max_age_seconds.or(self.max_age_seconds);
        }
    }
}
