//! Journals: a timeline as bytes to which records are appended.
//!
//! A journal is checkpoints and deltas, each in a [`frame`] that continues the frames before it. The first is a checkpoint. A crash can cut off or spoil
//! only what was being written, so a reader takes the records before that, and says where they end.

mod compaction;
mod frame;
mod reading;
mod writing;

pub use compaction::CompactedJournal;
pub use reading::JournalEnd;
