//! Terms: when a publication is issued, and for how long it may answer.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::wire::trust::Trust;

/// The part of the greatest age after which everything is renewed.
const PART_OF_AGE: i64 = 3;

/// The instants of a publication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) now: Instant,
    /// When a created delta is issued: after the publication before, and before the rest of this one.
    pub(super) claimed_at: Instant,
    pub(super) issued_at: Instant,
    pub(super) max_age_seconds: u64,
}

impl Terms {
    /// Each publication is issued after the last one, whatever the clocks of publishers say: no two writes have the same bytes, and readers take nothing
    /// that is older than what they have.
    ///
    /// # Errors
    /// `missing_field` without a greatest age; `issued_in_future` if the last one was issued more than 300 seconds after the present.
    pub(super) fn new(directory: &Directory, max_age_seconds: Option<u64>, latest: Option<Instant>, now: Instant) -> Result<Self, Error> {
        let max_age_seconds = max_age_seconds.or(directory.max_age_seconds()).filter(|seconds| *seconds > 0);
        let message = "what never becomes stale is not published: set the greatest age, in seconds";
        let max_age_seconds =
            max_age_seconds.ok_or_else(|| Error::new(ErrorCode::MissingField, &Path::Root.field("max_age_seconds"), message))?;
        Trust { public_keys: None, now: Some(now) }.ensure_issued(latest)?;
        let issued_at = latest.map_or(now, |latest| now.max(after(latest)));
        Ok(Self { now, claimed_at: issued_at.moved(-1), issued_at, max_age_seconds })
    }

    /// The terms of a publisher that takes over what was published: it vouches for it no longer than the last one did.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(super) fn of_takeover(
        directory: &Directory,
        max_age_seconds: Option<u64>,
        latest: Option<Instant>,
        now: Instant,
    ) -> Result<Self, Error> {
        let terms = Self::new(directory, max_age_seconds, latest, now)?;
        // Not that of a signpost: it vouches for another state.
        let issued_at = directory.issued_at().map_or(now, after);
        Ok(Self { claimed_at: issued_at.moved(-1), issued_at, ..terms })
    }

    pub(super) fn is_third_over(&self, issued_at: Instant) -> bool {
        let third = i64::try_from(self.max_age_seconds).unwrap_or(i64::MAX).saturating_mul(1_000) / PART_OF_AGE;
        self.now.unix_milliseconds().saturating_sub(issued_at.unix_milliseconds()) >= third
    }
}

/// The first instant after a publication that leaves room for what is created.
fn after(latest: Instant) -> Instant {
    latest.moved(2)
}
