//! Timelines: a directory at every moment of its past.
//!
//! A timeline is a first state and the steps that follow it ([`states`], [`step`]): a change, a delta, or what lies between two snapshots ([`sources`]). A step holds
//! the entries that differ, as they were before and as they are after it, so that a directory moves from one moment to the next, or back, at the cost of
//! what differs ([`moments`]). Usage is booked by the revision in force at its own instant ([`attribution`], [`era`], [`touched`]), and ids have the names that
//! they had last ([`known_names`]). As bytes, a timeline
//! is a journal of checkpoints and deltas ([`journal`]).
//!
//! Revision r is in force from the instant of the change that led to it until that of the next. Of changes that arrived in one delta only the last state is
//! known: it is in force from the instant of the last of them, and the state before it until then.

mod attribution;
mod era;
mod instants;
mod journal;
mod known_names;
mod moments;
mod sources;
mod states;
mod step;
mod touched;

pub use attribution::TimelineAttribution;
pub use era::EraNames;
pub use journal::{CompactedJournal, JournalEnd, Part};
pub use known_names::TimelineNames;
pub use states::Timeline;
pub use step::{LogEntry, LoggedStep};
