//! Options: the host's settings for its callers.

use crate::input::instant::Instant;

/// The host's settings for its callers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Whether decisions have reasons. A reason can reveal what exists.
    pub(crate) reasons: bool,
    /// Whether `context.time` counts. A caller who sets the time can use an expired key.
    pub(crate) trust_context_time: bool,
    /// The host's clock.
    pub(crate) now: Instant,
}
