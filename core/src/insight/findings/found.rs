//! What the search finds.

use crate::catalogue::finding::FindingCode;
use crate::directory::EntryIndex;

/// What is the matter with an entry.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) code: FindingCode,
    pub(super) entry: EntryIndex,
}
