//! A directory at a revision: the tables, their age, and the history of changes.

use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::LARGEST_NUMBER;
#[cfg(feature = "timeline")]
use crate::wire::column::Damage;
use crate::wire::envelope::State;
use crate::wire::hash::Hash;
use crate::wire::signature::PublicKeys;

use super::entry::Images;
use super::history::{History, LoggedChange, Since};
use super::quarantine::Quarantined;
use super::state::{StateHash, StoredChunks};
use super::tables::Tables;

/// What changes have altered.
#[derive(Debug)]
#[cfg_attr(not(feature = "timeline"), expect(dead_code, reason = "only timelines keep it"))]
pub(crate) struct Altered {
    /// What the entries that differ now were before.
    pub(crate) before: Images,
    pub(crate) has_another_policy: bool,
}

/// A directory and its policy at one revision. It answers all questions.
#[derive(Clone, Debug)]
pub struct Directory {
    tables: Tables,
    revision: u64,
    issued_at: Option<Instant>,
    max_age_seconds: Option<u64>,
    state: StateHash,
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
            state: StateHash::default(),
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

    pub(crate) fn set_quarantined(&mut self, quarantined: Vec<Quarantined>) {
        self.quarantined = Some(quarantined.into());
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

    /// Takes over the age of a document, as far as it has one.
    pub(crate) fn take_over_age(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        self.issued_at = issued_at.or(self.issued_at);
        self.max_age_seconds = max_age_seconds.or(self.max_age_seconds);
    }

    /// The same directory with other tables, at the same revision. It is another state, to which no delta leads.
    #[cfg(feature = "insight")]
    pub(super) fn with_tables(&self, tables: Tables) -> Self {
        let Self { revision, issued_at, max_age_seconds, .. } = *self;
        let directory = Self::new(tables, revision, issued_at, max_age_seconds, self.demanded_keys.clone());
        Self { quarantined: self.quarantined.clone(), ..directory }
    }

    // From one revision to the next.

    /// Makes changes, all or none: whatever `alter` has done until it fails is undone. Each change in the log has a revision.
    pub(crate) fn alter<T>(&mut self, alter: impl FnOnce(&mut Self) -> Result<(T, Vec<LoggedChange>), Error>) -> Result<T, Error> {
        self.alter_noting(alter).map(|(answer, _)| answer)
    }

    /// The same, with what has been altered.
    pub(crate) fn alter_noting<T>(
        &mut self,
        alter: impl FnOnce(&mut Self) -> Result<(T, Vec<LoggedChange>), Error>,
    ) -> Result<(T, Altered), Error> {
        let revision = self.revision;
        self.tables.open_journal();
        let altered = alter(self);
        self.revision = revision;
        match altered {
            Ok((answer, log)) => Ok((answer, self.commit(log))),
            Err(error) => {
                self.tables.roll_back();
                Err(error)
            }
        }
    }

    /// Frees what trials have left over in the tables: to undo a change leaves as much unused as to make another one. It renumbers the tables, so it
    /// comes before anything is looked up.
    pub(crate) fn free_leftovers(&mut self) {
        self.tables.compact_if_worth_it();
    }

    /// Makes changes, tells what they lead to, and undoes them.
    pub(crate) fn try_out<T>(&mut self, alter: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let revision = self.revision;
        self.tables.open_journal();
        let told = alter(self);
        self.revision = revision;
        self.tables.roll_back();
        told
    }

    /// What the entries that the open journal has seen altered were before.
    pub(crate) fn altered(&mut self) -> Images {
        self.tables.journal().clone()
    }

    /// Makes one change to the tables within an open journal.
    pub(crate) fn make_step(&mut self, make: impl FnOnce(&mut Tables) -> Result<(), Error>) -> Result<(), Error> {
        let revision = self.revision_after(1)?;
        make(&mut self.tables)?;
        self.tables.settle();
        self.revision = revision;
        Ok(())
    }

    /// Alters the tables to a state of that hash, or not at all. Returns what has been altered; `None` if they do not lead there.
    pub(crate) fn alter_to<E>(
        &mut self,
        alter: impl FnOnce(&mut Tables) -> Result<(), E>,
        hash: Hash,
        log: Vec<LoggedChange>,
    ) -> Result<Option<Altered>, E> {
        let before = self.state();
        self.tables.open_journal();
        if let Err(error) = alter(&mut self.tables) {
            self.tables.roll_back();
            return Err(error);
        }
        let keys: Vec<Box<str>> = self.tables.journal().keys().map(|key| key.as_str().into()).collect();
        let has_another_policy = self.tables.has_another_policy();
        self.state.touch(&keys, has_another_policy);
        if self.state_hash() != hash {
            self.tables.roll_back();
            self.state.touch(&keys, has_another_policy);
            self.state.know(before.hash);
            return Ok(None);
        }
        let altered = Altered { before: self.tables.close_journal(), has_another_policy };
        self.history.mark(before);
        self.record(log, keys, has_another_policy);
        Ok(Some(altered))
    }

    /// Alters the tables by so many changes, or not at all, to a state that is verified later: whoever alters them last compares the hash.
    #[cfg(feature = "timeline")]
    pub(crate) fn alter_unverified<E>(&mut self, alter: impl FnOnce(&mut Tables) -> Result<(), E>, changes: usize) -> Result<(), E> {
        self.tables.open_journal();
        if let Err(error) = alter(&mut self.tables) {
            self.tables.roll_back();
            return Err(error);
        }
        let has_another_policy = self.tables.has_another_policy();
        let keys: Vec<Box<str>> = self.tables.close_journal().keys().map(|key| key.as_str().into()).collect();
        self.state.touch(&keys, has_another_policy);
        self.set_revision(self.revision.saturating_add(changes as u64));
        self.tables.compact_if_worth_it();
        Ok(())
    }

    /// Keeps what the open journal has noted.
    fn commit(&mut self, log: Vec<LoggedChange>) -> Altered {
        let has_another_policy = self.tables.has_another_policy();
        let before = self.tables.close_journal();
        let keys: Vec<Box<str>> = before.keys().map(|key| key.as_str().into()).collect();
        if let Some(hash) = self.state.touch(&keys, has_another_policy) {
            self.history.mark(State { revision: self.revision, hash });
        }
        self.record(log, keys, has_another_policy);
        Altered { before, has_another_policy }
    }

    /// Moves to another state that there has been under the same policy, by what the entries were there that differ. Indices stay valid: nothing is
    /// compacted. The revision is the caller's to set.
    ///
    /// # Errors
    /// If the entries do not fit this state.
    #[cfg(feature = "timeline")]
    pub(crate) fn revisit(&mut self, entries: &Images) -> Result<(), Damage> {
        let keys: Vec<Box<str>> = entries.keys().map(|key| key.as_str().into()).collect();
        self.tables.revisit(entries)?;
        self.state.touch(&keys, false);
        Ok(())
    }

    /// Compacts the tables if it is worth it. Returns whether indices have changed.
    #[cfg(feature = "timeline")]
    pub(crate) fn compact_if_worth_it(&mut self) -> bool {
        self.tables.compact_if_worth_it()
    }

    /// Sets the revision. No delta leads there.
    #[cfg(feature = "timeline")]
    pub(crate) fn set_revision(&mut self, revision: u64) {
        self.history = History::default();
        self.revision = revision;
    }

    /// Sets the age: that which the directory had at an instant.
    #[cfg(feature = "timeline")]
    pub(crate) fn set_age(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        (self.issued_at, self.max_age_seconds) = (issued_at, max_age_seconds);
    }

    fn record(&mut self, log: Vec<LoggedChange>, keys: Vec<Box<str>>, has_another_policy: bool) {
        self.revision = self.revision.saturating_add(log.len() as u64);
        self.history.record(log, keys, has_another_policy, self.tables.size());
        self.tables.compact_if_worth_it();
    }

    /// The revision after so many changes.
    ///
    /// # Errors
    /// `limit_exceeded` if there is none.
    fn revision_after(&self, changes: usize) -> Result<u64, Error> {
        let next = self.revision.checked_add(changes as u64).filter(|revision| *revision <= LARGEST_NUMBER);
        next.ok_or_else(|| Error::new(ErrorCode::LimitExceeded, &Path::Root, "there is no further revision"))
    }

    /// A state that others may have copies of, and what happened since then. `None` if it is not kept.
    pub(crate) fn changes_since(&self, revision: u64) -> Option<(State, Since<'_>)> {
        self.history.since(revision)
    }

    /// The present state.
    pub(crate) fn state(&self) -> State {
        State { revision: self.revision, hash: self.state_hash() }
    }

    /// The hash of the policy and all entries.
    pub(crate) fn state_hash(&self) -> Hash {
        self.state.get(&self.tables)
    }

    /// The chunks that the state hash is made of, as a snapshot stores them.
    pub(crate) fn stored_chunks(&self) -> StoredChunks {
        self.state.to_stored(&self.tables)
    }

    /// The same directory with the state hash and the chunks that a snapshot names.
    pub(crate) fn with_state(self, hash: Hash, chunks: StoredChunks) -> Self {
        Self { state: StateHash::of_stored(hash, chunks), ..self }
    }
}
