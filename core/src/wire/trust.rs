//! Trust: what a snapshot or delta has to show before it is taken.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;

use super::signature::PublicKeys;

/// How far the clocks of the maker and of the taker may be apart.
const CLOCK_SKEW_SECONDS: u64 = 300;

/// What a snapshot or delta has to show. By default nothing: then the checksum alone is tested, which anybody can make.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trust<'t> {
    /// One of these keys must have signed it.
    pub public_keys: Option<&'t PublicKeys>,
    /// The present. What claims to be issued more than 300 seconds later is refused, since it would stay fresh for too long.
    pub now: Option<Instant>,
}

impl Trust<'_> {
    pub(super) fn ensure_issued(&self, issued_at: Option<Instant>) -> Result<(), Error> {
        let (Some(now), Some(issued_at)) = (self.now, issued_at) else { return Ok(()) };
        if !now.is_older_than(CLOCK_SKEW_SECONDS, issued_at) {
            return Ok(());
        }
        let message = format!("it says that it was issued at {issued_at}, more than {CLOCK_SKEW_SECONDS} seconds after the present, {now}");
        Err(Error::new(ErrorCode::IssuedInFuture, &Path::Root, message))
    }
}
