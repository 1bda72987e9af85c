//! Journals: a timeline as bytes to which records are appended.
//!
//! A journal is snapshots, deltas and [`checkpoint`]s, each in a [`frame`] that continues the frames before it. The first has a whole state. A crash can cut
//! off or spoil only what was being written, so a reader takes the records before that, and says where they end. Who asks about some moments alone begins at
//! the last checkpoint before them.

mod checkpoint;
mod compaction;
mod end;
mod frame;
mod reading;
#[cfg(test)]
mod tests;
mod whole;
mod writing;

pub use compaction::CompactedJournal;
pub use end::JournalEnd;
pub use reading::Part;
