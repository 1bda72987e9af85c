//! Clocks: where the present instant comes from. The core reads no clock.

use crate::input::error::Error;
use crate::input::instant::Instant;

/// An instant, or a function that reads the host's clock.
pub trait Clock {
    /// The error of reading it.
    type Failure: From<Error>;

    /// Reads the present instant.
    ///
    /// # Errors
    /// The errors of the host's clock.
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
