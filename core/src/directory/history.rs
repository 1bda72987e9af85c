//! History: which entries were altered since the states that others may have copies of, and by which changes. Deltas are made from it.

use std::collections::{BTreeSet, VecDeque};

use crate::input::instant::Instant;
use crate::wire::envelope::State;

/// As many entries and changes are kept at least, however small the directory is.
const FEWEST: usize = 4_096;
/// The part of a directory's entries that is kept at most.
const PART: usize = 16;

/// A change as logs and timelines know it: what it was, who made it and when.
#[derive(Clone, Debug)]
pub(crate) struct LoggedChange {
    /// The type.
    pub(crate) change: Box<str>,
    /// `user:<id>` or `api_key:<id>`; `None` for the platform.
    pub(crate) actor: Option<Box<str>>,
    pub(crate) at: Instant,
}

/// Changes that were made at once, and the keys of the entries that they altered.
#[derive(Clone, Debug)]
struct Step {
    changes: Vec<LoggedChange>,
    keys: Vec<Box<str>>,
    has_another_policy: bool,
}

impl Step {
    fn weight(&self) -> usize {
        self.changes.len().saturating_add(self.keys.len())
    }
}

/// The latest changes, since the oldest state that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// States that others may have copies of, oldest first.
    marks: VecDeque<State>,
    /// The changes since the oldest mark.
    steps: VecDeque<Step>,
    weight: usize,
}

/// What happened since a state.
pub(crate) struct Since<'h> {
    /// The keys of the entries that may differ, in order.
    pub(crate) keys: BTreeSet<&'h str>,
    pub(crate) changes: Vec<&'h LoggedChange>,
    pub(crate) has_another_policy: bool,
}

impl History {
    /// Marks a state that others may have, before it changes.
    pub(super) fn mark(&mut self, state: State) {
        if self.marks.back().is_none_or(|last| last.revision < state.revision) {
            self.marks.push_back(state);
        }
    }

    /// Records changes that were made at once, if a copy may need them. A directory of so many entries keeps no more than a part of them, but the
    /// latest changes always, however many they are.
    pub(super) fn record(&mut self, changes: Vec<LoggedChange>, keys: Vec<Box<str>>, has_another_policy: bool, entries: usize) {
        if self.marks.is_empty() {
            return;
        }
        let step = Step { changes, keys, has_another_policy };
        let most = FEWEST.max(entries / PART).saturating_add(step.weight());
        self.weight = self.weight.saturating_add(step.weight());
        self.steps.push_back(step);
        while self.weight > most {
            self.forget_oldest();
        }
    }

    /// Drops the oldest mark and the changes up to the next one.
    fn forget_oldest(&mut self) {
        let Some(oldest) = self.marks.pop_front() else { return };
        let mut revision = oldest.revision;
        while self.marks.front().is_none_or(|next| revision < next.revision)
            && let Some(step) = self.steps.pop_front()
        {
            self.weight = self.weight.saturating_sub(step.weight());
            revision = revision.saturating_add(step.changes.len() as u64);
        }
    }

    /// The state at a revision that others may have, and what happened since then. `None` if it is not kept.
    pub(super) fn since(&self, revision: u64) -> Option<(State, Since<'_>)> {
        let mut reached = self.marks.front()?.revision;
        let state = *self.marks.iter().find(|state| state.revision == revision)?;
        let mut since = Since { keys: BTreeSet::new(), changes: Vec::new(), has_another_policy: false };
        for step in &self.steps {
            if reached >= revision {
                since.keys.extend(step.keys.iter().map(|key| &**key));
                since.changes.extend(&step.changes);
                since.has_another_policy |= step.has_another_policy;
            }
            reached = reached.saturating_add(step.changes.len() as u64);
        }
        Some((state, since))
    }
}
