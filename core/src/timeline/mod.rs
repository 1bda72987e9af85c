//! Timelines: a directory at every moment of its past.
//!
//! A timeline is a first state and the steps that follow it ([`step`]): a change, a delta, or what lies between two snapshots ([`sources`]). A step holds
//! the entries that differ, as they were before and as they are after it, so that a directory moves from one moment to the next, or back, at the cost of
//! what differs ([`moments`]). Usage is booked by the revision in force at its own instant ([`attribution`], [`era`], [`touched`]). As bytes, a timeline
//! is a journal of checkpoints and deltas ([`journal`]).
//!
//! Revision r is in force from the instant of the change that led to it until that of the next. Of changes that arrived in one delta only the last state is
//! known: it is in force from the instant of the last of them, and the state before it until then.

mod attribution;
mod era;
mod instants;
mod journal;
mod moments;
mod sources;
mod step;
mod touched;

use std::sync::Arc;

use crate::directory::Directory;
use crate::input::instant::Instant;

pub use attribution::TimelineAttribution;
pub use era::EraNames;
pub use journal::{CompactedJournal, JournalEnd};
pub use step::{LogEntry, LoggedStep};

use step::Step;

/// A directory at every moment from its beginning on. A copy costs in proportion to the number of steps: copies share the directories.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The instant from which the first state is in force. `None` if its snapshot does not say when it was issued: then it always was.
    beginning: Option<Instant>,
    /// The last instant of which something is known.
    end: Option<Instant>,
    steps: Vec<Arc<Step>>,
    /// Directories by the number of steps that led to them, in order: the first state, one after each step that replaces the policy, and others where many
    /// entries have differed since. Every moment has one before it that has its policy.
    checkpoints: Vec<(usize, Arc<Directory>)>,
    /// How many entries have differed since the last checkpoint.
    weight: usize,
    present: Arc<Directory>,
    /// The ages that the directory has had, in the order of their instants of issue.
    ages: Vec<(Instant, Option<u64>)>,
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
