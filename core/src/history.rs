//! History: the changes since the states that others may have copies of, so that deltas can be made for them.

use std::collections::VecDeque;

use serde::Serialize;

use crate::change::{Change, Origin};
use crate::instant::Instant;
use crate::snapshot::envelope::State;

/// How many bytes of changes are remembered. Copies that are further behind are better served with a snapshot.
const MOST_BYTES: usize = 1 << 20;

/// The latest changes, from the oldest state on that is worth remembering.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// States that somebody has asked for, oldest first.
    marks: VecDeque<State>,
    /// The changes since the oldest mark, one a revision, as they stand in deltas.
    changes: VecDeque<String>,
    bytes: usize,
}

/// A change as it stands in a delta.
#[derive(Serialize)]
struct Entry<'e> {
    change: &'e Change<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'e str>,
    at: Instant,
}

impl History {
    /// Remembers a state that others may have, before it is changed.
    pub(crate) fn mark(&mut self, state: State) {
        if self.marks.back().is_none_or(|last| last.revision < state.revision) {
            self.marks.push_back(state);
        }
    }

    /// Remembers the change that follows, if any copy needs it.
    pub(crate) fn record(&mut self, change: &Change<'_>, origin: &Origin<'_>) {
        if self.marks.is_empty() {
            return;
        }
        // INVARIANT: a change is made of texts, numbers and instants, which JSON always takes.
        let entry = serde_json::to_string(&Entry { change, user: origin.user, at: origin.at }).unwrap_or_default();
        self.bytes = self.bytes.saturating_add(entry.len());
        self.changes.push_back(entry);
        while self.bytes > MOST_BYTES {
            self.forget_oldest();
        }
    }

    /// Forgets the oldest mark, and the changes up to the next one.
    fn forget_oldest(&mut self) {
        let oldest = self.marks.pop_front().map_or(0, |state| state.revision);
        let count = self.marks.front().map_or(u64::MAX, |next| next.revision.saturating_sub(oldest));
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.changes.len());
        self.bytes = self.changes.drain(..count).fold(self.bytes, |bytes, entry| bytes.saturating_sub(entry.len()));
        if self.changes.is_empty() {
            self.bytes = 0;
        }
    }

    /// The state at a revision that others may have, and the changes since. `None` where it is not remembered.
    pub(crate) fn since(&self, revision: u64) -> Option<(State, impl Iterator<Item = &str>)> {
        let oldest = self.marks.front()?.revision;
        let state = *self.marks.iter().find(|state| state.revision == revision)?;
        let skipped = usize::try_from(revision.saturating_sub(oldest)).ok()?;
        Some((state, self.changes.iter().skip(skipped).map(String::as_str)))
    }
}
