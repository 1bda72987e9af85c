//! History: the changes since the states that others may have copies of. Deltas are made from them.

use std::collections::VecDeque;

use crate::wire::envelope::State;

/// How many bytes of changes are kept. A copy that is further behind should load a snapshot.
const MOST_BYTES: usize = 1 << 20;

/// The latest changes, since the oldest state that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// States that others may have copies of, oldest first.
    marks: VecDeque<State>,
    /// The changes since the oldest mark, one per revision, as deltas contain them.
    changes: VecDeque<String>,
    bytes: usize,
}

impl History {
    /// Marks a state that others may have, before it changes.
    pub(super) fn mark(&mut self, state: State) {
        if self.marks.back().is_none_or(|last| last.revision < state.revision) {
            self.marks.push_back(state);
        }
    }

    /// Records the next change, as deltas contain it, if a copy may need it.
    pub(super) fn record(&mut self, entry: impl FnOnce() -> String) {
        if self.marks.is_empty() {
            return;
        }
        let entry = entry();
        self.bytes = self.bytes.saturating_add(entry.len());
        self.changes.push_back(entry);
        while self.bytes > MOST_BYTES {
            self.forget_oldest();
        }
    }

    /// Drops the oldest mark and the changes up to the next one.
    fn forget_oldest(&mut self) {
        let oldest = self.marks.pop_front().map_or(0, |state| state.revision);
        let count = self.marks.front().map_or(u64::MAX, |next| next.revision.saturating_sub(oldest));
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.changes.len());
        self.bytes = self.changes.drain(..count).fold(self.bytes, |bytes, entry| bytes.saturating_sub(entry.len()));
        if self.changes.is_empty() {
            self.bytes = 0;
        }
    }

    /// The state at a revision that others may have, and the changes since then. `None` if it is not kept.
    pub(super) fn since(&self, revision: u64) -> Option<(State, impl Iterator<Item = &str>)> {
        let oldest = self.marks.front()?.revision;
        let state = *self.marks.iter().find(|state| state.revision == revision)?;
        let skipped = usize::try_from(revision.saturating_sub(oldest)).ok()?;
        Some((state, self.changes.iter().skip(skipped).map(String::as_str)))
    }
}
