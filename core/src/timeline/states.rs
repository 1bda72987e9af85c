//! The states of a timeline and the steps between them.

use std::sync::Arc;

use crate::directory::Directory;
use crate::input::instant::Instant;

use super::step::{LogEntry, Step};

/// A directory at every moment from its beginning on. A copy costs in proportion to the number of steps: copies share the directories.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The instant from which the first state is in force. `None` if its snapshot does not say when it was issued: then it always was.
    pub(super) beginning: Option<Instant>,
    /// The last instant of which something is known.
    pub(super) end: Option<Instant>,
    pub(super) steps: Vec<Arc<Step>>,
    /// Directories by the number of steps that led to them, in order: the first state, one after each step that replaces the policy, and others where many
    /// entries have differed since. Every moment has one before it that has its policy.
    pub(super) checkpoints: Vec<(usize, Arc<Directory>)>,
    /// How many entries have differed since the last checkpoint.
    pub(super) weight: usize,
    pub(super) present: Arc<Directory>,
    /// The ages that the directory has had, in the order of their instants of issue.
    pub(super) ages: Vec<Age>,
}

/// An age that the directory has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Age {
    /// From when it counts: from its issue, but not before the state was in force that was issued with it.
    pub(super) from: Instant,
    pub(super) issued_at: Instant,
    pub(super) max_age_seconds: Option<u64>,
}

impl Timeline {
    /// The instant from which the first state is in force. `None` if it always was.
    #[must_use]
    pub fn beginning(&self) -> Option<Instant> {
        self.beginning
    }

    /// The last instant of which something is known: that of the last change, or of the issue of the last snapshot or delta. Later usage is booked by the
    /// last state, which may not be the right one.
    #[must_use]
    pub fn end(&self) -> Option<Instant> {
        self.end
    }

    /// The last state.
    #[must_use]
    pub fn present(&self) -> &Arc<Directory> {
        &self.present
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing has followed the first state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What changed, when, and who did it, in order.
    pub fn log(&self) -> impl ExactSizeIterator<Item = LogEntry<'_>> {
        self.steps.iter().map(|step| step.log_entry())
    }
}
