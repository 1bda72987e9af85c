//! Terms: who makes a change, when, and on which condition.

use crate::input::id::Reference;
use crate::input::instant::Instant;

/// The actor, the instant and the expected revision of a change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'t> {
    /// `None` for the platform, which is not checked for permission.
    pub(crate) actor: Option<Reference<'t>>,
    pub(crate) at: Instant,
    pub(crate) expected_revision: Option<u64>,
}

/// What the rules record of a change beside its fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'o> {
    /// The authorised actor; `None` for the platform, and for a change that comes in a delta.
    pub(crate) actor: Option<Reference<'o>>,
    /// The user who made the change.
    pub(crate) user: Option<&'o str>,
    pub(crate) at: Instant,
}
