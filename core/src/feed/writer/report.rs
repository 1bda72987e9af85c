//! Reports: what a publication has done.

use super::held::Effect;

/// What a publication has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The revision that was published; 0 if there is no feed yet. The engine may have changed since: then begin again.
    pub revision: u64,
    /// Steps from one revision to the next.
    pub steps: u64,
    /// Steps that readers make by the snapshot, since no delta could be made.
    pub jumps: u64,
    /// Deltas that were created, to be renewed at once.
    pub claims: u64,
    /// Renewals of the newest revision.
    pub renewals: u64,
    /// Snapshots.
    pub snapshots: u64,
    /// The size of everything that was written.
    pub bytes: u64,
    /// Deltas that were deleted.
    pub deleted: u64,
}

impl Report {
    /// Counts a write.
    pub(super) fn count(&mut self, effect: Effect, bytes: usize) {
        let counter = match effect {
            Effect::Step(_) => &mut self.steps,
            Effect::Signpost => &mut self.jumps,
            Effect::Renewal => &mut self.renewals,
            Effect::Claim => &mut self.claims,
            Effect::Snapshot(_) => &mut self.snapshots,
        };
        *counter = counter.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}
