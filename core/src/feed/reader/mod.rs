//! The reader: follows a feed with one engine.
//!
//! A round begins with [`Reader::begin`] and goes on while [`Reader::take`] names a next key. A host may give up anywhere: the next round begins anew
//! with what the engine has.

#[cfg(test)]
mod tests;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::feed::found::{Found, Look};
use crate::feed::key::Key;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::wire::signature::PublicKeys;
use crate::wire::trust::Trust;

/// After so many steps in a row, the snapshot is looked at: it may be the shorter way.
const MANY_STEPS: u32 = 64;

/// What came of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The snapshot was taken: the engine is another one, in the same place.
    Loaded,
    /// A step was applied, from this revision.
    Advanced(u64),
    /// The engine is at the newest revision, and may answer for longer than before.
    Renewed,
    /// There is nothing new.
    Current,
    /// The object is not in the store.
    Missing,
    /// A snapshot that was issued before what the engine has, or is at a lower revision. It was not taken.
    Older,
    /// A snapshot that never becomes stale. It was not taken: an edge that is cut off would answer from it for ever.
    Endless,
    /// A refused object. After `delta_gap` and `delta_fork` the reader looks at the snapshot by itself.
    Refused(Error),
}

impl Seen {
    /// The word for it in every language.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Advanced(_) => "advanced",
            Self::Renewed => "renewed",
            Self::Current => "current",
            Self::Missing => "missing",
            Self::Older => "older",
            Self::Endless => "endless",
            Self::Refused(_) => "refused",
        }
    }
}

/// What came of one object, and what to read next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The key that was read; `None` if none was asked for.
    pub key: Option<Key>,
    /// What came of it.
    pub seen: Seen,
    /// What to read next; `None` if the round is over.
    pub next: Option<Look>,
}

/// Follows a feed. It holds no engine: the host keeps one in one place, and passes it.
#[derive(Clone, Debug)]
pub struct Reader {
    keys: PublicKeys,
    wanted: Option<Key>,
    has_seen_snapshot: bool,
    /// Whether the snapshot is looked at only because it may be the shorter way.
    is_on_the_way: bool,
    steps: u32,
    /// Whether the snapshot that was read last need not be read again.
    is_snapshot_settled: bool,
    /// The revision at which the delta that was read last need not be read again.
    settled_delta: Option<u64>,
}

impl Reader {
    /// A reader that takes what one of these keys has signed.
    #[must_use]
    pub fn new(keys: PublicKeys) -> Self {
        Self {
            keys,
            wanted: None,
            has_seen_snapshot: false,
            is_on_the_way: false,
            steps: 0,
            is_snapshot_settled: false,
            settled_delta: None,
        }
    }

    /// Begins a round with the engine that there is.
    pub fn begin(&mut self, present: Option<&Directory>) -> Look {
        (self.has_seen_snapshot, self.is_on_the_way, self.steps) = (false, false, 0);
        match present {
            Some(directory) => self.look_at(Key::Delta(directory.revision())),
            None => {
                // Without an engine, what is settled is of no use.
                (self.is_snapshot_settled, self.settled_delta) = (false, None);
                self.look_at(Key::Snapshot)
            }
        }
    }

    /// The key that was asked for.
    #[must_use]
    pub fn wanted(&self) -> Option<Key> {
        self.wanted
    }

    /// Judges what was found under the key that was asked for. A refused object changes nothing: the engine goes on answering until it is stale. `seed` is
    /// as for [`Directory::from_snapshot`]; `now` is the present.
    pub fn take(&mut self, place: &mut Option<Directory>, found: Found<'_>, now: Instant, seed: Option<u64>) -> Taken {
        match (self.wanted, place) {
            (Some(Key::Delta(_)), Some(directory)) => self.take_delta(directory, found, now),
            (_, place) => {
                let (taken, fresh) = self.take_snapshot(place.as_ref(), found, now, seed);
                if fresh.is_some() {
                    *place = fresh;
                }
                taken
            }
        }
    }

    /// The same for a delta, which changes the engine.
    pub fn take_delta(&mut self, directory: &mut Directory, found: Found<'_>, now: Instant) -> Taken {
        let key = self.wanted.take();
        let (seen, next) = match key {
            Some(Key::Delta(revision)) => self.judge_delta(directory, revision, found, now),
            Some(Key::Snapshot) | None => (Seen::Current, None),
        };
        Taken { key, seen, next }
    }

    /// The same for a snapshot, which is loaded beside the engine. What is returned takes its place.
    pub fn take_snapshot(
        &mut self,
        present: Option<&Directory>,
        found: Found<'_>,
        now: Instant,
        seed: Option<u64>,
    ) -> (Taken, Option<Directory>) {
        let key = self.wanted.take();
        if key != Some(Key::Snapshot) {
            // Without an engine there is nothing that a delta changes.
            let next = key.and_then(|_| self.look_at_snapshot());
            return (Taken { key, seen: if key.is_some() { Seen::Missing } else { Seen::Current }, next }, None);
        }
        let is_on_the_way = std::mem::take(&mut self.is_on_the_way);
        let (seen, fresh) = self.judge_snapshot(present, found, now, seed);
        let goes_on = is_on_the_way || fresh.is_some();
        let revision = fresh.as_ref().or(present).map(Directory::revision).filter(|_| goes_on);
        let next = revision.map(|revision| self.look_at(Key::Delta(revision)));
        (Taken { key, seen, next }, fresh)
    }

    fn look_at(&mut self, key: Key) -> Look {
        self.wanted = Some(key);
        let if_changed = match key {
            Key::Snapshot => {
                self.has_seen_snapshot = true;
                self.is_snapshot_settled
            }
            Key::Delta(revision) => self.settled_delta == Some(revision),
        };
        Look { key, if_changed }
    }

    /// The snapshot, unless it has been looked at in this round.
    fn look_at_snapshot(&mut self) -> Option<Look> {
        if self.has_seen_snapshot { None } else { Some(self.look_at(Key::Snapshot)) }
    }

    /// Ends the round. What is stale by now may be so because the store has an old delta, so the snapshot is looked at.
    fn end(&mut self, directory: &Directory, now: Instant) -> Option<Look> {
        if directory.is_stale(now) { self.look_at_snapshot() } else { None }
    }

    fn judge_delta(&mut self, directory: &mut Directory, revision: u64, found: Found<'_>, now: Instant) -> (Seen, Option<Look>) {
        let bytes = match found {
            Found::Unchanged => return (Seen::Current, self.end(directory, now)),
            Found::Absent => {
                self.settled_delta = None;
                return (Seen::Missing, self.look_at_snapshot());
            }
            Found::Bytes(bytes) => bytes,
        };
        let issued_at = directory.issued_at();
        let trust = Trust { public_keys: Some(&self.keys), now: Some(now) };
        self.settled_delta = None;
        match directory.apply_delta(bytes, trust) {
            Ok(reached) if reached == revision => {
                self.settled_delta = Some(revision);
                let seen = if directory.issued_at() == issued_at { Seen::Current } else { Seen::Renewed };
                (seen, self.end(directory, now))
            }
            Ok(reached) => {
                self.steps = self.steps.saturating_add(1);
                if self.steps == MANY_STEPS && !self.has_seen_snapshot {
                    self.is_on_the_way = true;
                    return (Seen::Advanced(revision), self.look_at_snapshot());
                }
                (Seen::Advanced(revision), Some(self.look_at(Key::Delta(reached))))
            }
            Err(error) => {
                let leads_elsewhere = matches!(error.code(), ErrorCode::DeltaGap | ErrorCode::DeltaFork);
                let next = if leads_elsewhere { self.look_at_snapshot() } else { self.end(directory, now) };
                (Seen::Refused(error), next)
            }
        }
    }

    fn judge_snapshot(
        &mut self,
        present: Option<&Directory>,
        found: Found<'_>,
        now: Instant,
        seed: Option<u64>,
    ) -> (Seen, Option<Directory>) {
        let bytes = match found {
            Found::Unchanged => return (Seen::Current, None),
            Found::Absent => {
                self.is_snapshot_settled = false;
                return (Seen::Missing, None);
            }
            Found::Bytes(bytes) => bytes,
        };
        let trust = Trust { public_keys: Some(&self.keys), now: Some(now) };
        let fresh = match Directory::from_snapshot(bytes, trust, seed) {
            Ok(fresh) => fresh,
            Err(error) => {
                // Bytes may have been damaged on the way, and time passes. The rest stays as it is.
                self.is_snapshot_settled = !matches!(error.code(), ErrorCode::SnapshotCorrupt | ErrorCode::IssuedInFuture);
                return (Seen::Refused(error), None);
            }
        };
        self.is_snapshot_settled = true;
        if fresh.fresh_until().is_none() {
            return (Seen::Endless, None);
        }
        if present.is_some_and(|present| fresh.issued_at() < present.issued_at() || fresh.revision() < present.revision()) {
            return (Seen::Older, None);
        }
        self.settled_delta = None;
        (Seen::Loaded, Some(fresh))
    }
}
