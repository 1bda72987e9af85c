//! The chain: which states were ever published. It sees every write that takes effect, and refuses what must never be in a store.

use std::collections::BTreeMap;

use bailiwick::Key;
use bailiwick::boundary::{self, Bytes};

use crate::{Tally, count};

#[derive(Default)]
pub(crate) struct Chain {
    /// The state of each revision that was published.
    states: BTreeMap<u64, String>,
    head: u64,
    snapshot: u64,
    /// Where the delta at the head sends readers.
    signpost: Option<(u64, String)>,
}

impl Chain {
    pub(crate) fn head(&self) -> u64 {
        self.head
    }

    pub(crate) fn is_published(&self, revision: u64, state: &str) -> bool {
        self.states.get(&revision).is_some_and(|published| published == state)
    }

    fn publish(&mut self, revision: u64, state: String) {
        assert!(self.states.is_empty() || revision > self.head, "revision {revision} was published after {}", self.head);
        self.states.insert(revision, state);
        (self.head, self.signpost) = (revision, None);
    }

    pub(crate) fn written(&mut self, key: Key, bytes: &[u8], tally: &mut Tally) {
        let object = boundary::inspect_snapshot(Bytes::Given(bytes)).unwrap();
        let (revision, state) = (object.revision, object.state);
        match (key, object.base_revision.zip(object.base_state)) {
            (Key::Snapshot, None) => self.snapshot_written(revision, state, tally),
            (Key::Delta(at), Some((base, _))) if base == revision && base != at => {
                count(tally, "a signpost");
                assert!(at == self.head && base > at, "a signpost at {at} to {base}, and the head is {}", self.head);
                self.signpost = Some((base, state));
            }
            (Key::Delta(at), Some((base, _))) if base == revision => {
                assert!(self.is_published(at, &state), "a renewal of a state at {at} that was never published");
                count(tally, if at < self.head { "a creation beside the chain" } else { "a renewal" });
                if at == self.head && self.signpost.take().is_some() {
                    count(tally, "a signpost was undone");
                }
            }
            (Key::Delta(at), Some((base, base_state))) => {
                assert!(at == base && at == self.head, "a step from {base} at {at}, and the head is {}", self.head);
                assert!(self.is_published(base, &base_state), "a step from a state that was never published");
                count(tally, "a step");
                self.publish(revision, state);
            }
            _ => panic!("{key} is an object of another kind"),
        }
    }

    fn snapshot_written(&mut self, revision: u64, state: String, tally: &mut Tally) {
        count(tally, "a snapshot");
        if self.states.is_empty() {
            count(tally, "a first snapshot");
            self.publish(revision, state);
        } else if self.signpost.as_ref() == Some(&(revision, state.clone())) {
            count(tally, "a jump");
            self.publish(revision, state);
        } else {
            assert!(self.is_published(revision, &state), "a snapshot of a state at {revision} that was never published");
        }
        assert!(revision >= self.snapshot, "the snapshot went back from {} to {revision}", self.snapshot);
        self.snapshot = revision;
    }

    pub(crate) fn deleted(&self, key: Key) {
        let Key::Delta(revision) = key else { panic!("the snapshot was deleted") };
        assert!(revision < self.snapshot, "the delta at {revision} is needed by whoever begins with the snapshot at {}", self.snapshot);
    }
}
