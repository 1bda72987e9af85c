//! A directory at a revision: the tables, their age, and the history of changes.

use std::sync::{Arc, OnceLock};

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::LARGEST_NUMBER;
use crate::wire::envelope::State;
use crate::wire::hash::{Hash, hash_of};
use crate::wire::signature::PublicKeys;

use super::history::History;
use super::quarantine::Quarantined;
use super::tables::Tables;

/// A directory and its policy at one revision. It answers all questions.
#[derive(Clone, Debug)]
pub struct Directory {
    tables: Tables,
    revision: u64,
    issued_at: Option<Instant>,
    max_age_seconds: Option<u64>,
    /// The hash of the tables, computed once somebody may have a copy of them.
    state_hash: OnceLock<Hash>,
    history: History,
    /// The keys of which one must have signed every delta.
    demanded_keys: Option<PublicKeys>,
    /// The organizations that loading left out; `None` if it left none out, whatever their faults.
    quarantined: Option<Arc<[Quarantined]>>,
}

impl Directory {
    /// A directory from its tables, revision and age, and the keys that deltas must be signed with.
    pub(crate) fn new(
        tables: Tables,
        revision: u64,
        issued_at: Option<Instant>,
        max_age_seconds: Option<u64>,
        demanded_keys: Option<PublicKeys>,
    ) -> Self {
        Self {
            tables,
            revision,
            issued_at,
            max_age_seconds,
            state_hash: OnceLock::new(),
            history: History::default(),
            demanded_keys,
            quarantined: None,
        }
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

    /// The revision; 0 if the document names none.
    #[must_use]
    #[inline]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The id of the policy.
    #[must_use]
    pub fn policy_id(&self) -> &str {
        self.tables.policy().id()
    }

    /// When the directory was issued.
    #[must_use]
    #[inline]
    pub fn issued_at(&self) -> Option<Instant> {
        self.issued_at
    }

    /// How long after its issue the directory may answer.
    #[inline]
    pub(crate) fn max_age_seconds(&self) -> Option<u64> {
        self.max_age_seconds
    }

    /// The last instant at which the directory answers; after it every question is denied (A1). `None` if it never becomes stale.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Instant> {
        self.issued_at?.plus_seconds(self.max_age_seconds?)
    }

    /// The keys of which one must have signed every delta: those that the snapshot was loaded with.
    #[must_use]
    pub fn demanded_keys(&self) -> Option<&PublicKeys> {
        self.demanded_keys.as_ref()
    }

    /// The same directory, accepting only deltas that one of these keys has signed: for a copy that was passed on without a signature.
    #[must_use]
    pub fn demanding(self, demanded_keys: Option<PublicKeys>) -> Self {
        Self { demanded_keys, ..self }
    }

    /// The organizations that were left out when the directory was loaded or reconciled, since they had a fault; `None` if a fault of theirs
    /// refuses a document.
    #[must_use]
    pub fn quarantined(&self) -> Option<&[Quarantined]> {
        self.quarantined.as_deref()
    }

    /// The same directory, with the organizations that are left out of it.
    pub(crate) fn with_quarantined(self, quarantined: Option<Vec<Quarantined>>) -> Self {
        Self { quarantined: quarantined.map(Arc::from), ..self }
    }

    /// Takes over the age of a newer snapshot or delta. Nothing makes a directory older, or its greatest age unlimited. An older one, or
    /// one without an instant of issue, changes nothing.
    pub(crate) fn renew(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        if issued_at.is_some() && issued_at >= self.issued_at {
            self.issued_at = issued_at;
            self.max_age_seconds = max_age_seconds.or(self.max_age_seconds);
        }
    }

    // From one revision to the next.

    /// The revision after the next change.
    ///
    /// # Errors
    /// `limit_exceeded` if there is none.
    pub(crate) fn next_revision(&self) -> Result<u64, Error> {
        let next = self.revision.checked_add(1).filter(|revision| *revision <= LARGEST_NUMBER);
        next.ok_or_else(|| Error::new(ErrorCode::LimitExceeded, &Path::Root, "there is no further revision"))
    }

    /// Makes a change to the tables. `alter` leaves them unchanged if it fails; `entry` is the change as deltas contain it.
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

    /// Replaces the tables with those that several changes led to, one entry per revision. `hash` is that of the new tables.
    pub(crate) fn replace(&mut self, tables: Tables, hash: Hash, entries: impl ExactSizeIterator<Item = String>) {
        self.tables = tables;
        self.mark();
        self.revision = self.revision.saturating_add(entries.len() as u64);
        entries.for_each(|entry| self.history.record(|| entry));
        self.note_state_hash(hash);
    }

    /// Marks the present state before it changes, if somebody may have a copy of it.
    fn mark(&mut self) {
        if let Some(hash) = self.state_hash.take() {
            self.history.mark(State { revision: self.revision, hash });
        }
    }

    /// A state that others may have copies of, and the changes since then. `None` if it is not kept.
    pub(crate) fn changes_since(&self, revision: u64) -> Option<(State, impl Iterator<Item = &str>)> {
        self.history.since(revision)
    }

    /// The hash of everything that a snapshot contains.
    pub(crate) fn state_hash(&self) -> Hash {
        self.state_hash.get().copied().unwrap_or_else(|| hash_of(&self.tables.to_payload(true)))
    }

    /// The present state, of which somebody gets a copy: it is marked when it changes.
    pub(crate) fn state(&self) -> State {
        State { revision: self.revision, hash: *self.state_hash.get_or_init(|| hash_of(&self.tables.to_payload(true))) }
    }

    /// Sets the hash of the present state, of which others have copies.
    pub(crate) fn note_state_hash(&self, hash: Hash) {
        // A hash that is already set is the same.
        let _ = self.state_hash.set(hash);
    }
}
