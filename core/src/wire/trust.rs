//! Trust: the requirements that a snapshot or delta must meet.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;

use super::signature::PublicKeys;

/// The greatest allowed difference between the clocks of the issuer and of the reader.
const CLOCK_SKEW_SECONDS: u64 = 300;

/// The requirements that a snapshot or delta must meet. By default there are none beside the checksum, which anybody can compute.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trust<'t> {
    /// One of these keys must have signed it.
    pub public_keys: Option<&'t PublicKeys>,
    /// The present. A snapshot or delta that was issued more than 300 seconds later is refused, since it would stay fresh for too long.
    pub now: Option<Instant>,
}

impl Trust<'_> {
    /// # Errors
    /// `issued_in_future`.
    pub(crate) fn ensure_issued(&self, issued_at: Option<Instant>) -> Result<(), Error> {
        let (Some(now), Some(issued_at)) = (self.now, issued_at) else { return Ok(()) };
        if !now.is_older_than(CLOCK_SKEW_SECONDS, issued_at) {
            return Ok(());
        }
        let message = format!("`issued_at` is {issued_at}, more than {CLOCK_SKEW_SECONDS} seconds after the present, {now}");
        Err(Error::new(ErrorCode::IssuedInFuture, &Path::Root, message))
    }
}
