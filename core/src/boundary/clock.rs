//! Clocks: where the present comes from. The core has none of its own.

use crate::input::error::Error;
use crate::input::instant::Instant;

/// An instant, or a function that reads the host's clock.
pub trait Clock {
    /// What reading it can fail with.
    type Failure: From<Error>;

    /// The present.
    ///
    /// # Errors
    /// What the host's clock fails with.
    fn read(self) -> Result<Instant, Self::Failure>;
}

impl Clock for Instant {
    type Failure = Error;

    #[inline]
    fn read(self) -> Result<Instant, Error> {
        Ok(self)
    }
}

impl<F: From<Error>, R: FnOnce() -> Result<Instant, F>> Clock for R {
    type Failure = F;

    #[inline]
    fn read(self) -> Result<Instant, F> {
        self()
    }
}
