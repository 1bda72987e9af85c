//! Plans: what a publication writes, in which order. All bytes are made at once, from one revision.
//!
//! The order is what makes it safe to stop anywhere: a revision is published by one conditional write, and whoever loses it has written nothing.

use std::collections::VecDeque;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::feed::key::Key;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::snapshot::Seal;
use crate::wire::envelope::State;
use crate::wire::hash::{Hash, hash_of};
use crate::wire::signature::SecretKey;

use super::held::{Effect, End, Held};
use super::report::Report;
use super::terms::Terms;

/// One request of a plan.
#[derive(Debug)]
pub(super) enum Operation {
    /// Writes bytes, if there is still what was there before.
    Put { key: Key, bytes: Vec<u8>, before: Option<Hash>, effect: Effect },
    /// Reads the snapshot: it must be what it was. Whoever was held up until others deleted the delta that they created learns it here.
    Check,
    /// Deletes the delta of a revision.
    Delete(u64),
}

/// What is left of a publication.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) operations: VecDeque<Operation>,
    pub(super) issued_at: Instant,
    pub(super) report: Report,
}

/// Makes the bytes of a plan.
pub(super) struct Planner<'p> {
    directory: &'p Directory,
    terms: Terms,
    seal: Seal<'p>,
    operations: VecDeque<Operation>,
}

impl<'p> Planner<'p> {
    pub(super) fn new(directory: &'p Directory, terms: Terms, signing_key: &'p SecretKey) -> Self {
        let (issued_at, max_age_seconds) = (Some(terms.issued_at), Some(terms.max_age_seconds));
        let seal = Seal { signing_key: Some(signing_key), issued_at, max_age_seconds };
        Self { directory, terms, seal, operations: VecDeque::new() }
    }

    /// The first publication: the snapshot claims the feed.
    pub(super) fn first(mut self) -> Plan {
        self.snapshot(None);
        self.claim();
        self.operations.push_back(Operation::Check);
        self.finish(None)
    }

    /// What is due, whether or not there is a new revision.
    ///
    /// # Errors
    /// `delta_fork` for another state at a revision that is not later than what was published.
    pub(super) fn next(self, held: &mut Held) -> Result<Plan, Error> {
        let (state, head) = (self.directory.state(), held.head);
        if state == head {
            return Ok(self.same(held));
        }
        if state.revision <= head.revision {
            let message = format!(
                "revision {} has been published with another state: go on from what was published, and reconcile it with the database",
                head.revision
            );
            return Err(Error::new(ErrorCode::DeltaFork, &Path::Root, message));
        }
        let is_known = self.directory.changes_since(head.revision).is_some_and(|(base, _)| base == head);
        if is_known { self.step(held, state) } else { Ok(self.jump(held)) }
    }

    /// Takes over what was published, and completes what a publisher has left undone who stopped. What is due is renewed later, once the engine is what the
    /// database says.
    pub(super) fn takeover(mut self, held: &Held) -> Plan {
        match &held.end {
            End::Absent => {
                self.claim();
                self.operations.push_back(Operation::Check);
            }
            End::Renewal(_) => {
                self.renewal(held);
                self.operations.push_back(Operation::Check);
            }
            // First the snapshot, so that whoever put the signpost there cannot go on.
            End::Signpost(_) => {
                self.snapshot(Some(held.snapshot.object.hash));
                self.renewal(held);
            }
        }
        self.finish(None)
    }

    /// Renews what is due at the same state. The head comes first: it proves that there is no later one. A snapshot alone could be renewed by a publisher that
    /// was held up, and would answer for longer than what has replaced it.
    fn same(mut self, held: &mut Held) -> Plan {
        let is_snapshot_due = held.is_snapshot_due(&self.terms, None);
        if is_snapshot_due || held.is_renewal_due(&self.terms) {
            self.renewal(held);
        }
        if is_snapshot_due {
            self.snapshot(Some(held.snapshot.object.hash));
        }
        self.finish(Some(held))
    }

    /// A step: the first write publishes it.
    fn step(mut self, held: &mut Held, state: State) -> Result<Plan, Error> {
        let bytes = self.directory.to_delta(held.head.revision, &self.seal)?;
        let is_snapshot_due = held.is_snapshot_due(&self.terms, Some(bytes.len()));
        self.put(Key::Delta(held.head.revision), bytes, held.end.hash(), Effect::Step(state));
        self.claim();
        if is_snapshot_due {
            self.snapshot(Some(held.snapshot.object.hash))
        } else {
            self.operations.push_back(Operation::Check)
        }
        Ok(self.finish(Some(held)))
    }

    /// A break of the chain: readers are sent to the snapshot, which publishes it.
    fn jump(mut self, held: &mut Held) -> Plan {
        self.put(Key::Delta(held.head.revision), self.renewal_at(self.terms.issued_at), held.end.hash(), Effect::Signpost);
        self.snapshot(Some(held.snapshot.object.hash));
        self.claim();
        self.operations.push_back(Operation::Check);
        self.finish(Some(held))
    }

    /// Creates the delta of the directory's revision, and replaces it. What is created may be created a second time, by a request that arrives late, after
    /// it was deleted. In a store whose tags are hashes of the bytes, somebody who was held up would take it for the one that they saw. What has replaced it
    /// cannot come back, so only that is built on.
    fn claim(&mut self) {
        let key = Key::Delta(self.directory.revision());
        let (created, replaced) = (self.renewal_at(self.terms.claimed_at), self.renewal_at(self.terms.issued_at));
        let before = Some(hash_of(&created));
        self.put(key, created, None, Effect::Claim);
        self.put(key, replaced, before, Effect::Renewal);
    }

    /// Renews the head, which is the directory's revision.
    fn renewal(&mut self, held: &Held) {
        self.put(Key::Delta(held.head.revision), self.renewal_at(self.terms.issued_at), held.end.hash(), Effect::Renewal);
    }

    fn renewal_at(&self, issued_at: Instant) -> Vec<u8> {
        self.directory.to_renewal(&Seal { issued_at: Some(issued_at), ..self.seal })
    }

    fn snapshot(&mut self, before: Option<Hash>) {
        let bytes = self.directory.to_snapshot(&self.seal);
        self.put(Key::Snapshot, bytes, before, Effect::Snapshot(self.directory.state()));
    }

    fn put(&mut self, key: Key, bytes: Vec<u8>, before: Option<Hash>, effect: Effect) {
        self.operations.push_back(Operation::Put { key, bytes, before, effect });
    }

    fn finish(mut self, held: Option<&mut Held>) -> Plan {
        let unneeded = held.map(|held| held.unneeded(&self.terms)).unwrap_or_default();
        self.operations.extend(unneeded.into_iter().map(Operation::Delete));
        let report = Report { revision: self.directory.revision(), ..Report::default() };
        Plan { operations: self.operations, issued_at: self.terms.issued_at, report }
    }
}
