//! Deltas: the entries that differ between two states, for copies at the first one.
//!
//! A delta names the hashes of the states that it begins and ends at. Its entries are put as they are, whatever changes led to them, and undone if
//! they lead to another state.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Altered, Directory, Images, LoggedChange, Since, Tables};
use crate::input::error::Error;
use crate::input::id::{Reference, is_id};
#[cfg(feature = "timeline")]
use crate::input::instant::Instant;
use crate::input::instant::MaybeInstant;
use crate::input::path::Path;
use crate::policy::Policy;
use crate::wire::column::{Column, Damage, SPECIAL, StringsReader, StringsWriter};
use crate::wire::delta::DeltaPayload;
use crate::wire::envelope::{Header, State, corrupt};
use crate::wire::hash::{Hash, hash_of};
use crate::wire::trust::Trust;

use super::seal::Seal;

impl Directory {
    /// What was altered since a revision at which a snapshot or delta was made or loaded here. Since the present revision there is nothing: such a
    /// delta renews the age of copies.
    ///
    /// # Errors
    /// `delta_gap` if the history does not reach back to that revision: make a snapshot instead.
    pub fn to_delta(&self, since: u64, seal: &Seal<'_>) -> Result<Vec<u8>, Error> {
        if since == self.revision() {
            return Ok(self.to_renewal(seal));
        }
        let message = "this revision is not in the history; make a snapshot instead";
        let gap = || Error::new(ErrorCode::DeltaGap, &Path::Root.field("since"), message);
        let (base, since) = self.changes_since(since).ok_or_else(gap)?;
        Ok(self.to_delta_of(base, &since, seal))
    }

    /// The delta without changes, which renews the age of copies.
    pub(crate) fn to_renewal(&self, seal: &Seal<'_>) -> Vec<u8> {
        let (state, payload) = (self.state(), DeltaPayload::default().to_bytes());
        self.header(Some(state), state, hash_of(&payload), seal).seal(&payload, seal.signing_key)
    }

    /// A delta from a state to this one, of what happened in between.
    pub(crate) fn to_delta_of(&self, base: State, since: &Since<'_>, seal: &Seal<'_>) -> Vec<u8> {
        let (mut keys, mut lengths, mut entries) = (StringsWriter::default(), Vec::new(), Vec::new());
        for key in &since.keys {
            let image = self.tables().image_at(key);
            keys.push(key);
            // INVARIANT: no entry has four gigabytes.
            let length = image.as_ref().map_or(SPECIAL, |image| u32::try_from(image.len()).unwrap_or(SPECIAL));
            lengths.extend_from_slice(&length.to_le_bytes());
            entries.extend(image.into_iter().flatten());
        }
        let (mut types, mut actors, mut times) = (StringsWriter::default(), StringsWriter::default(), Vec::new());
        for logged in &since.changes {
            types.push(&logged.change);
            actors.push_optional(logged.actor.as_deref());
            times.extend_from_slice(&logged.at.unix_milliseconds().to_le_bytes());
        }
        let policy = if since.has_another_policy { self.tables().policy_text() } else { String::new() };
        let payload = DeltaPayload {
            policy: &policy,
            keys: keys.column(),
            lengths: &lengths,
            entries: &entries,
            types: types.column(),
            actors: actors.column(),
            times: &times,
        };
        let payload = payload.to_bytes();
        self.header(Some(base), self.state(), hash_of(&payload), seal).seal(&payload, seal.signing_key)
    }

    /// Applies a delta completely or not at all, and takes over its age. Returns the new revision.
    ///
    /// # Errors
    /// `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`.
    pub fn apply_delta(&mut self, bytes: &[u8], trust: Trust<'_>) -> Result<u64, Error> {
        let delta = self.open_delta(bytes, trust)?;
        self.follow(delta)?;
        Ok(self.revision())
    }

    /// Reads a delta that begins at this state.
    pub(crate) fn open_delta(&self, bytes: &[u8], trust: Trust<'_>) -> Result<ArrivedDelta, Error> {
        self.open_delta_at(self.state(), bytes, trust)
    }

    /// Reads a delta that begins at a state, which is this one if it is what it should be.
    pub(crate) fn open_delta_at(&self, state: State, bytes: &[u8], trust: Trust<'_>) -> Result<ArrivedDelta, Error> {
        let public_keys = trust.public_keys.or(self.demanded_keys());
        let (header, payload) = Header::open(bytes, true, Trust { public_keys, ..trust })?;
        let base = header.base.ok_or_else(|| corrupt("the delta does not say where it begins"))?;
        if base.revision != state.revision {
            let message = format!("the delta begins at revision {}, and the directory is at {}", base.revision, state.revision);
            return Err(Error::new(ErrorCode::DeltaGap, &Path::Root, message));
        }
        if base.hash != state.hash {
            return Err(Error::new(ErrorCode::DeltaFork, &Path::Root, "the delta begins at this revision, but at another state"));
        }
        let contents = Contents::read(payload).map_err(|damage| corrupt(damage.0))?;
        if header.state.revision.checked_sub(base.revision) != Some(contents.changes.len() as u64) {
            return Err(corrupt("the number of changes is not that of the revisions"));
        }
        if contents.changes.is_empty() && (header.state != base || !contents.is_empty()) {
            return Err(corrupt("without changes, the state cannot be another"));
        }
        Ok(ArrivedDelta { header, contents })
    }

    /// Applies a delta that has been opened. Returns what it alters; `None` if it has no changes.
    pub(crate) fn follow(&mut self, delta: ArrivedDelta) -> Result<Option<Altered>, Error> {
        let ArrivedDelta { header, contents } = delta;
        let altered = if contents.changes.is_empty() {
            None
        } else {
            Some(self.put_entries(contents, header.state.hash).map_err(|damage| corrupt(damage.0))?)
        };
        self.renew(header.issued_at, header.max_age_seconds);
        Ok(altered)
    }

    /// Applies a delta that has been opened, without verifying the state that it leads to: whoever applies the last one compares it.
    #[cfg(feature = "timeline")]
    pub(crate) fn pass(&mut self, delta: ArrivedDelta) -> Result<(), Error> {
        let ArrivedDelta { header, contents: Contents { policy, entries, changes } } = delta;
        if !changes.is_empty() {
            let passed = self.alter_unverified(|tables| put(tables, policy, &entries), changes.len());
            passed.map_err(|damage| corrupt(damage.0))?;
        }
        self.renew(header.issued_at, header.max_age_seconds);
        Ok(())
    }

    fn put_entries(&mut self, contents: Contents, hash: Hash) -> Result<Altered, Damage> {
        let Contents { policy, entries, changes } = contents;
        let altered = self.alter_to(|tables| put(tables, policy, &entries), hash, changes)?;
        altered.ok_or(Damage("the changes lead to another state than the header says"))
    }
}

fn put(tables: &mut Tables, policy: Option<Policy>, entries: &Images) -> Result<(), Damage> {
    match policy {
        Some(policy) => tables.restore_under(policy, entries),
        None => tables.restore(entries).and_then(|()| tables.ensure_consistent(entries.keys())),
    }
}

/// A delta that begins at the state of a directory.
pub(crate) struct ArrivedDelta {
    header: Header,
    contents: Contents,
}

#[cfg(feature = "timeline")]
impl ArrivedDelta {
    /// The changes that led to its state, in order.
    pub(crate) fn changes(&self) -> &[LoggedChange] {
        &self.contents.changes
    }

    /// The state that it leads to.
    pub(crate) fn state(&self) -> State {
        self.header.state
    }

    /// When it was issued, and how long after that a copy may answer.
    pub(crate) fn age(&self) -> (Option<Instant>, Option<u64>) {
        (self.header.issued_at, self.header.max_age_seconds)
    }
}

/// The contents of a delta.
struct Contents {
    policy: Option<Policy>,
    entries: Images,
    changes: Vec<LoggedChange>,
}

impl Contents {
    fn is_empty(&self) -> bool {
        self.policy.is_none() && self.entries.is_empty() && self.changes.is_empty()
    }

    fn read(payload: &[u8]) -> Result<Self, Damage> {
        let payload = DeltaPayload::of_bytes(payload).ok_or(Damage("the payload has another structure"))?;
        let policy = match payload.policy {
            "" => None,
            text => Some(Policy::from_written_text(text).ok_or(Damage("the policy is not valid"))?),
        };
        let places = payload.keys.places();
        let mut keys = StringsReader::new(payload.keys, places)?;
        let mut lengths = Column::<4>::new(payload.lengths, places)?;
        let (mut entries, mut rest) = (Images::new(), payload.entries);
        for _ in 0..places {
            let key = keys.next()?;
            if entries.last_key_value().is_some_and(|(last, _)| last.as_str() >= key) {
                return Err(Damage("the entries are not sorted"));
            }
            let image = match lengths.next_u32()? {
                SPECIAL => None,
                length => {
                    let (image, others) = rest.split_at_checked(length as usize).ok_or(Damage("an entry is cut short"))?;
                    rest = others;
                    Some(image.to_vec())
                }
            };
            entries.insert(key.to_owned(), image);
        }
        keys.finish()?;
        if !rest.is_empty() {
            return Err(Damage("a column has more entries than its lengths say"));
        }
        Ok(Self { policy, entries, changes: Self::changes(&payload)? })
    }

    fn changes(payload: &DeltaPayload<'_>) -> Result<Vec<LoggedChange>, Damage> {
        let places = payload.types.places();
        let mut types = StringsReader::new(payload.types, places)?;
        let mut actors = StringsReader::new(payload.actors, places)?;
        let mut times = Column::<8>::new(payload.times, places)?;
        let mut changes = Vec::new();
        for _ in 0..places {
            let word = types.next()?;
            // A later release may know more types.
            if !is_id(word) {
                return Err(Damage("a change has no type"));
            }
            let actor = actors.next_optional()?;
            if actor.is_some_and(|actor| Reference::parse(actor).is_err()) {
                return Err(Damage("an actor is not a reference"));
            }
            let at = MaybeInstant::from_bits(i64::from_le_bytes(times.next()?)).and_then(MaybeInstant::get);
            let at = at.ok_or(Damage("an instant is not valid"))?;
            changes.push(LoggedChange { change: word.into(), actor: actor.map(Box::from), at });
        }
        types.finish()?;
        actors.finish()?;
        Ok(changes)
    }
}
