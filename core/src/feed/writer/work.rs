//! Work: carries out a plan, one request after the other.
//!
//! After a request without an answer nobody knows whether it took effect. So the object is read again, and judged by its bytes: what was to be written, what was
//! there before, or what somebody else wrote.

use crate::feed::found::{Found, Look};
use crate::feed::key::Key;
use crate::wire::hash::{Hash, hash_of};

use super::held::{Effect, Held};
use super::plan::{Operation, Plan};
use super::request::{Condition, Next, Reply};
use super::{Phase, Writer};

/// So often, a refused write is judged and repeated in one go. A store that serves an old object for a while settles later.
const MOST_REFUSALS: u32 = 3;

impl Writer {
    /// Asks for the next request of the plan.
    pub(super) fn ask(&mut self, refusals: u32) -> Next {
        let Some(plan) = &self.plan else { return Next::Failed };
        let next = match plan.operations.front() {
            Some(Operation::Put { key, before: Some(_), .. }) => Next::Put(*key, Condition::IfSeen),
            Some(Operation::Put { key, before: None, .. }) => Next::Put(*key, Condition::IfAbsent),
            Some(Operation::Check) => Next::Get(Look { key: Key::Snapshot, if_changed: true }),
            Some(Operation::Delete(revision)) => Next::Delete(Key::Delta(*revision)),
            None => {
                let report = plan.report;
                (self.phase, self.plan) = (Phase::Idle, None);
                return Next::Done(report);
            }
        };
        self.phase = Phase::Asked { refusals };
        next
    }

    /// Takes up a plan of which a request has had no answer.
    pub(super) fn take_up(&mut self) -> Next {
        match self.operation() {
            Some(Operation::Put { key, .. }) => {
                let key = *key;
                self.phase = Phase::Judging { refusals: 0 };
                Next::Get(Look { key, if_changed: false })
            }
            _ => self.ask(0),
        }
    }

    pub(super) fn work_on(&mut self, reply: Reply<'_>, refusals: u32) -> Next {
        match (self.operation(), reply) {
            (Some(Operation::Put { .. }), Reply::Written) => self.advance(),
            (Some(Operation::Put { key, .. }), Reply::Refused) if refusals < MOST_REFUSALS => {
                let key = *key;
                self.phase = Phase::Judging { refusals: refusals.saturating_add(1) };
                Next::Get(Look { key, if_changed: false })
            }
            (Some(Operation::Check), Reply::Found(found)) => {
                let expected = self.held.as_ref().map(|held| held.snapshot.object.hash);
                let is_same = hash_found(found).is_none_or(|there| there == expected);
                if is_same { self.advance() } else { self.conflict(Key::Snapshot) }
            }
            // Nothing depends on it: it is tried again another time.
            (Some(Operation::Delete(_)), Reply::Refused | Reply::Failed) => self.skip(),
            (Some(Operation::Delete(_)), _) => self.advance(),
            _ => Next::Failed,
        }
    }

    /// Judges the object of a write that may have taken effect.
    pub(super) fn judge(&mut self, reply: Reply<'_>, refusals: u32) -> Next {
        let (Some(Operation::Put { key, bytes, before, .. }), Reply::Found(found)) = (self.operation(), reply) else { return Next::Failed };
        let key = *key;
        match hash_found(found) {
            None => Next::Failed,
            Some(there) if there == Some(hash_of(bytes)) => self.advance(),
            Some(there) if there == *before => self.ask(refusals),
            Some(_) => self.conflict(key),
        }
    }

    /// Goes on after a request that took effect.
    fn advance(&mut self) -> Next {
        let Some(plan) = &mut self.plan else { return Next::Failed };
        let Plan { operations, issued_at, report } = plan;
        match operations.pop_front() {
            Some(Operation::Put { bytes, effect, .. }) => {
                report.count(effect, bytes.len());
                match (&mut self.held, effect) {
                    (Some(held), effect) => held.wrote(effect, &bytes, *issued_at),
                    // INVARIANT: the snapshot is the first object of a feed.
                    (held, Effect::Snapshot(state)) => *held = Some(Held::of_snapshot(&bytes, state, Some(*issued_at), true)),
                    _ => {}
                }
            }
            Some(Operation::Delete(revision)) => {
                report.deleted = report.deleted.saturating_add(1);
                if let Some(held) = &mut self.held {
                    held.replaced.remove(&revision);
                }
            }
            Some(Operation::Check) | None => {}
        }
        self.ask(0)
    }

    fn skip(&mut self) -> Next {
        if let Some(plan) = &mut self.plan {
            plan.operations.pop_front();
        }
        self.ask(0)
    }
}

/// The hash of what was found, if anything is there. `None` if it is what the host has seen last.
fn hash_found(found: Found<'_>) -> Option<Option<Hash>> {
    match found {
        Found::Bytes(bytes) => Some(Some(hash_of(bytes))),
        Found::Absent => Some(None),
        Found::Unchanged => None,
    }
}
