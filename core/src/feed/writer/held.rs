//! What the store holds, as far as the publisher has read or written it.

use std::collections::BTreeMap;

use crate::input::instant::Instant;
use crate::wire::envelope::State;
use crate::wire::hash::{Hash, hash_of};

use super::terms::Terms;

/// A snapshot of so many bytes is written after every step.
const SMALL: u64 = 256 * 1_024;
/// After so many steps a snapshot is due, whatever its size.
const MANY_STEPS: u64 = 64;
/// The part of a snapshot's bytes that the deltas after it may have.
const PART: u64 = 8;
/// For at least so many seconds, a delta stays after it is no longer needed.
const SHORTEST_LIFE: u64 = 60;
/// At most so many deltas are deleted in one publication.
const MOST_DELETED: usize = 64;

/// An object of the store.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) hash: Hash,
    pub(super) issued_at: Option<Instant>,
    /// Whether the publisher's own key has signed it.
    pub(super) is_own: bool,
}

impl Object {
    fn is_due(&self, terms: &Terms) -> bool {
        !self.is_own || self.issued_at.is_none_or(|issued_at| terms.is_third_over(issued_at))
    }
}

/// The snapshot of the store, and what has been written since.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) object: Object,
    pub(super) revision: u64,
    pub(super) bytes: u64,
    pub(super) steps: u64,
    pub(super) step_bytes: u64,
}

/// What the delta at the head is.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// It is absent: somebody stopped after the step before.
    Absent,
    /// A renewal.
    Renewal(Object),
    /// It sends readers to a snapshot that has not been written.
    Signpost(Object),
}

impl End {
    /// The hash of what is there.
    pub(super) fn hash(&self) -> Option<Hash> {
        match self {
            Self::Absent => None,
            Self::Renewal(object) | Self::Signpost(object) => Some(object.hash),
        }
    }
}

/// A feed that has been begun.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// The newest published state.
    pub(super) head: State,
    pub(super) end: End,
    pub(super) snapshot: Snapshot,
    /// The latest instant at which anything was issued.
    pub(super) latest: Option<Instant>,
    /// The revisions whose deltas were replaced, and since when the snapshot is known to be beyond them. Readers with an old copy of the snapshot find their
    /// way for a while after that.
    pub(super) replaced: BTreeMap<u64, Option<Instant>>,
}

/// What a write does to what is held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    /// The step from the head to this state.
    Step(State),
    /// The head leads on to a snapshot.
    Signpost,
    /// The delta of the head is there, but not to stay.
    Claim,
    /// The head is renewed.
    Renewal,
    /// A snapshot of this state, which is the head.
    Snapshot(State),
}

impl Held {
    /// A feed of a snapshot alone.
    pub(super) fn of_snapshot(bytes: &[u8], state: State, issued_at: Option<Instant>, is_own: bool) -> Self {
        let object = Object { hash: hash_of(bytes), issued_at, is_own };
        let snapshot = Snapshot { object, revision: state.revision, bytes: bytes.len() as u64, steps: 0, step_bytes: 0 };
        Self { head: state, end: End::Absent, snapshot, latest: issued_at, replaced: BTreeMap::new() }
    }

    /// Goes on by one step, of so many bytes.
    pub(super) fn step(&mut self, state: State, bytes: usize) {
        self.snapshot.steps = self.snapshot.steps.saturating_add(1);
        self.snapshot.step_bytes = self.snapshot.step_bytes.saturating_add(bytes as u64);
        self.replaced.insert(self.head.revision, None);
        (self.head, self.end) = (state, End::Absent);
    }

    /// Takes over that something was written.
    pub(super) fn wrote(&mut self, effect: Effect, bytes: &[u8], issued_at: Instant) {
        self.latest = self.latest.max(Some(issued_at));
        let object = || Object { hash: hash_of(bytes), issued_at: Some(issued_at), is_own: true };
        match effect {
            Effect::Step(state) => self.step(state, bytes.len()),
            Effect::Signpost => self.end = End::Signpost(object()),
            Effect::Claim | Effect::Renewal => self.end = End::Renewal(object()),
            Effect::Snapshot(state) => {
                if state != self.head {
                    self.replaced.insert(self.head.revision, None);
                    (self.head, self.end) = (state, End::Absent);
                }
                let (revision, bytes) = (state.revision, bytes.len() as u64);
                self.snapshot = Snapshot { object: object(), revision, bytes, steps: 0, step_bytes: 0 };
            }
        }
    }

    /// Whether the head has to be renewed.
    pub(super) fn is_renewal_due(&self, terms: &Terms) -> bool {
        if let End::Renewal(object) = &self.end { object.is_due(terms) } else { true }
    }

    /// Whether the snapshot is due, after one more step of so many bytes, if there is one.
    pub(super) fn is_snapshot_due(&self, terms: &Terms, step: Option<usize>) -> bool {
        let Snapshot { object, bytes, steps, step_bytes, .. } = &self.snapshot;
        let steps = steps.saturating_add(step.is_some().into());
        let step_bytes = step_bytes.saturating_add(step.unwrap_or(0) as u64);
        let is_far = *bytes <= SMALL || step_bytes > bytes / PART || steps >= MANY_STEPS;
        object.is_due(terms) || (steps > 0 && is_far)
    }

    /// The revisions whose deltas can be deleted. What is found to be no longer needed now is so from now on.
    pub(super) fn unneeded(&mut self, terms: &Terms) -> Vec<u64> {
        let life = terms.max_age_seconds.saturating_mul(2).max(SHORTEST_LIFE);
        let below = self.replaced.range_mut(..self.snapshot.revision);
        let is_over = |since: &mut Option<Instant>| since.get_or_insert(terms.now).is_older_than(life, terms.now);
        // All are looked at, so that the time of each begins.
        let over: Vec<u64> = below.filter_map(|(revision, since)| is_over(since).then_some(*revision)).collect();
        over.into_iter().take(MOST_DELETED).collect()
    }
}
