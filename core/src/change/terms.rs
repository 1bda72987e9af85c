//! Terms: who makes a change, when, and what they expect.

use crate::input::id::Reference;
use crate::input::instant::Instant;

/// Who makes a change, when, and what they take the directory to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'t> {
    /// Nobody: the platform itself.
    pub(crate) actor: Option<Reference<'t>>,
    pub(crate) at: Instant,
    pub(crate) expected_revision: Option<u64>,
}

/// What a change leaves behind beside its own content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'o> {
    /// Who asked for it, once found to be allowed to; nobody where it is the platform, or was made elsewhere and arrives in a delta.
    pub(crate) actor: Option<Reference<'o>>,
    /// The user who made it.
    pub(crate) user: Option<&'o str>,
    pub(crate) at: Instant,
}
