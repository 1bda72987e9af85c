//! A directory at a revision: the tables, how old they are, and the changes that led here.

use std::sync::OnceLock;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::LARGEST_NUMBER;
use crate::wire::envelope::State;
use crate::wire::hash::{Hash, hash_of};
use crate::wire::signature::PublicKeys;

use super::history::History;
use super::tables::Tables;

/// A directory and its policy at one revision: what answers.
#[derive(Clone, Debug)]
pub struct Directory {
    tables: Tables,
    revision: u64,
    issued_at: Option<Instant>,
    max_age_seconds: Option<u64>,
    /// The hash of the tables, once somebody may have a copy of them.
    state_hash: OnceLock<Hash>,
    history: History,
    /// Whose signature every delta must bear: that of any of these.
    demanded_keys: Option<PublicKeys>,
}

impl Directory {
    /// The directory of these tables at a revision, of an age, following nobody but holders of these keys.
    pub(crate) fn new(
        tables: Tables,
        revision: u64,
        issued_at: Option<Instant>,
        max_age_seconds: Option<u64>,
        demanded_keys: Option<PublicKeys>,
    ) -> Self {
        Self { tables, revision, issued_at, max_age_seconds, state_hash: OnceLock::new(), history: History::default(), demanded_keys }
    }

    /// The policy and the rows.
    #[inline]
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    #[cfg(test)]
    pub(super) fn tables_mut(&mut self) -> &mut Tables {
        &mut self.tables
    }

    /// The revision of the document; 0 where it names none.
    #[must_use]
    #[inline]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The id of the policy in force.
    #[must_use]
    pub fn policy_id(&self) -> &str {
        self.tables.policy().id()
    }

    /// When the document was issued.
    #[must_use]
    #[inline]
    pub fn issued_at(&self) -> Option<Instant> {
        self.issued_at
    }

    /// How long after its issue the directory may be answered from.
    #[inline]
    pub(crate) fn max_age_seconds(&self) -> Option<u64> {
        self.max_age_seconds
    }

    /// The last instant at which the directory answers; after it everything is denied (A1). `None` if it never becomes stale.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Instant> {
        self.issued_at?.plus_seconds(self.max_age_seconds?)
    }

    /// Whose signature every delta must bear; the keys that the snapshot was read with.
    #[must_use]
    pub fn demanded_keys(&self) -> Option<&PublicKeys> {
        self.demanded_keys.as_ref()
    }

    /// The same directory, following nobody but holders of these keys: for a copy that was handed over without a signature.
    #[must_use]
    pub fn demanding(self, demanded_keys: Option<PublicKeys>) -> Self {
        Self { demanded_keys, ..self }
    }

    /// Takes over the age of something newer. Nothing makes a directory older, or its greatest age unlimited; what is older, or does not say when it was
    /// issued, changes no age at all.
    pub(crate) fn renew(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        if issued_at.is_some() && issued_at >= self.issued_at {
            self.issued_at = issued_at;
            self.max_age_seconds = max_age_seconds.or(self.max_age_seconds);
        }
    }

    // From one revision to the next.

    /// The revision that a change leads to.
    ///
    /// # Errors
    /// `limit_exceeded` after the last one.
    pub(crate) fn next_revision(&self) -> Result<u64, Error> {
        let next = self.revision.checked_add(1).filter(|revision| *revision <= LARGEST_NUMBER);
        next.ok_or_else(|| Error::new(ErrorCode::LimitExceeded, &Path::Root, "there is no further revision"))
    }

    /// Makes a change to the tables. `alter` leaves them as they are if it fails; `entry` is the change as deltas carry it.
    pub(crate) fn alter(
        &mut self,
        alter: impl FnOnce(&mut Tables) -> Result<(), Error>,
        entry: impl FnOnce() -> String,
    ) -> Result<u64, Error> {
        let revision = self.next_revision()?;
        alter(&mut self.tables)?;
        self.mark();
        self.history.record(entry);
        self.revision = revision;
        Ok(revision)
    }

    /// Takes the place of its tables by those that changes have led to, one entry a revision. `hash` is that of the new tables.
    pub(crate) fn replace(&mut self, tables: Tables, hash: Hash, entries: impl ExactSizeIterator<Item = String>) {
        self.tables = tables;
        self.mark();
        self.revision = self.revision.saturating_add(entries.len() as u64);
        entries.for_each(|entry| self.history.record(|| entry));
        self.note_state_hash(hash);
    }

    /// Remembers the present state before it changes, if somebody may have a copy of it.
    fn mark(&mut self) {
        if let Some(hash) = self.state_hash.take() {
            self.history.mark(State { revision: self.revision, hash });
        }
    }

    /// A state that others may have copies of, and the changes since. `None` if it is not remembered.
    pub(crate) fn changes_since(&self, revision: u64) -> Option<(State, impl Iterator<Item = &str>)> {
        self.history.since(revision)
    }

    /// The hash of everything that a snapshot would hold.
    pub(crate) fn state_hash(&self) -> Hash {
        self.state_hash.get().copied().unwrap_or_else(|| hash_of(&self.tables.to_payload(true)))
    }

    /// The state that somebody gets a copy of: it is remembered when it changes.
    pub(crate) fn state(&self) -> State {
        State { revision: self.revision, hash: *self.state_hash.get_or_init(|| hash_of(&self.tables.to_payload(true))) }
    }

    /// Keeps the hash of a state that others have, too.
    pub(crate) fn note_state_hash(&self, hash: Hash) {
        // A hash that is known already is the same.
        let _ = self.state_hash.set(hash);
    }
}
