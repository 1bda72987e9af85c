//! Options: what the host decides about its callers.

use crate::input::instant::Instant;

/// What the host decides about its callers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Whether decisions say why. A reason can tell a stranger what exists.
    pub(crate) reasons: bool,
    /// Whether `context.time` counts. Whoever sets the clock can revive an expired key.
    pub(crate) trust_context_time: bool,
    /// The host's clock.
    pub(crate) now: Instant,
}
