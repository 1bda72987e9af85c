//! Instants: points in time, in UTC milliseconds.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time in milliseconds since the Unix epoch, within the years 0 to 9999 that RFC 3339 can represent.
///
/// The engine never reads a clock: every instant is an argument or comes from a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// 0000-01-01T00:00:00Z
const EARLIEST: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z
const LATEST: i64 = 253_402_300_799_999;

/// In milliseconds early in 1973; in seconds in the year 5138. (`ANY_TIME` of the npm package is this number.)
const SMALLEST_NUMBER: f64 = 1e11;

const MILLISECONDS_PER_SECOND: i64 = 1_000;

impl Instant {
    /// The latest instant that can be represented. It fails closed if a clock cannot be trusted.
    pub const LATEST: Self = Self(LATEST);

    /// The instant of a Unix time in milliseconds; a fraction is rounded down. `None` outside the years 0 to 9999, and for NaN.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "both bounds are below 2^53")]
    pub fn from_unix_milliseconds(milliseconds: f64) -> Option<Self> {
        let whole = milliseconds.floor();
        (whole >= EARLIEST as f64 && whole <= LATEST as f64).then_some(Self(whole as i64))
    }

    /// The instant of a number from a caller: milliseconds since the Unix epoch. `None` also if the absolute value is below 10^11: such
    /// numbers are seconds; as milliseconds they would be in 1970, and every expired key would be live.
    #[must_use]
    pub fn from_number(milliseconds: f64) -> Option<Self> {
        if milliseconds.abs() < SMALLEST_NUMBER { None } else { Self::from_unix_milliseconds(milliseconds) }
    }

    /// The instant that is this many milliseconds after the Unix epoch. `None` outside the years 0 to 9999.
    pub(crate) fn from_whole_milliseconds(milliseconds: i64) -> Option<Self> {
        (EARLIEST..=LATEST).contains(&milliseconds).then_some(Self(milliseconds))
    }

    /// Parses an RFC 3339 instant with any offset. Digits beyond milliseconds are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // The library accepts any separator between date and time; RFC 3339 requires a `T`.
        if !text.get(10..11)?.eq_ignore_ascii_case("T") {
            return None;
        }
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let whole_seconds = time.unix_timestamp().checked_mul(MILLISECONDS_PER_SECOND)?;
        Self::from_whole_milliseconds(whole_seconds.checked_add(time.millisecond().into())?)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_milliseconds(self) -> i64 {
        self.0
    }

    /// The instant this many seconds later; `None` beyond the year 9999.
    pub(crate) fn plus_seconds(self, seconds: u64) -> Option<Self> {
        let milliseconds = i64::try_from(seconds).ok()?.checked_mul(MILLISECONDS_PER_SECOND)?;
        Self::from_whole_milliseconds(self.0.checked_add(milliseconds)?)
    }

    /// The instant this many milliseconds later, or earlier; the last or first one beyond the years 0 to 9999.
    #[cfg(feature = "feed")]
    pub(crate) fn moved(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds).clamp(EARLIEST, LATEST))
    }

    /// Whether `now` is more than `seconds` after this instant.
    pub(crate) fn is_older_than(self, seconds: u64, now: Self) -> bool {
        // INVARIANT: instants are within ten thousand years, so the difference of two does not overflow.
        let age = now.0.saturating_sub(self.0);
        let most = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(MILLISECONDS_PER_SECOND);
        age > most
    }
}

/// An optional instant in the space of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaybeInstant(i64);

impl MaybeInstant {
    const NONE: i64 = i64::MIN;

    pub(crate) fn get(self) -> Option<Instant> {
        (self.0 != Self::NONE).then_some(Instant(self.0))
    }

    /// Reverses [`to_bits`](Self::to_bits); `None` for other bits.
    pub(crate) fn from_bits(bits: i64) -> Option<Self> {
        (bits == Self::NONE || (EARLIEST..=LATEST).contains(&bits)).then_some(Self(bits))
    }

    pub(crate) fn to_bits(self) -> i64 {
        self.0
    }
}

impl Default for MaybeInstant {
    fn default() -> Self {
        Self(Self::NONE)
    }
}

impl From<Option<Instant>> for MaybeInstant {
    fn from(instant: Option<Instant>) -> Self {
        Self(instant.map_or(Self::NONE, |instant| instant.0))
    }
}

/// RFC 3339 in UTC: `2026-02-01T00:00:00Z`, with a fraction only if it is not zero.
impl std::fmt::Display for Instant {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = u16::try_from(self.0.rem_euclid(MILLISECONDS_PER_SECOND)).unwrap_or_default();
        let time = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(MILLISECONDS_PER_SECOND)).ok();
        let written = time.and_then(|time| time.replace_millisecond(milliseconds).ok()?.format(&Rfc3339).ok());
        // INVARIANT: RFC 3339 can represent every instant, so formatting does not fail.
        formatter.write_str(&written.unwrap_or_default())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        Instant::parse(text).map(|instant| instant.to_string())
    }

    #[test]
    fn every_offset_is_stored_as_utc() {
        assert_eq!(written("2026-02-01T02:00:00+02:00").as_deref(), Some("2026-02-01T00:00:00Z"));
        assert_eq!(written("2026-01-31T23:30:00.25-00:30").as_deref(), Some("2026-02-01T00:00:00.25Z"));
        assert_eq!(written("2026-02-01T00:00:00.0019999Z").as_deref(), Some("2026-02-01T00:00:00.001Z"));
    }

    #[test]
    fn the_bounds_are_the_years_that_can_be_written() {
        assert_eq!(Instant::parse("0000-01-01T00:00:00Z"), Some(Instant(EARLIEST)));
        assert_eq!(Instant::parse("9999-12-31T23:59:59.999Z"), Some(Instant(LATEST)));
        assert_eq!(Instant(EARLIEST).to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Instant::parse("9999-12-31T23:59:59-01:00"), None);
        assert_eq!(Instant::parse("0000-01-01T00:00:00+01:00"), None);
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "2026-02-01",
            "2026-02-01T00:00:00",
            "2026-02-01 00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-02-01T24:00:00Z",
            "2026-02-01T00:00Z",
            "20260201T000000Z",
            "2026-02-01T00:00:00+0200",
            "2026-02-01T00:00:00Z ",
            "+2026-02-01T00:00:00Z",
            "2026-02-01T00:00:00.Z",
            "2026-13-01T00:00:00Z",
            "1769904000000",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_instants_are_refused() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300] {
            assert_eq!(Instant::from_unix_milliseconds(number), None);
        }
        assert_eq!(Instant::from_unix_milliseconds(-0.5), Some(Instant(-1)));
    }

    #[test]
    fn numbers_that_are_seconds_are_refused() {
        for number in
            [0.0, -0.0, 1.0, -1.0, 1_777_636_800.0, -1_777_636_800.0, 99_999_999_999.5, -99_999_999_999.5, f64::NAN, f64::INFINITY]
        {
            assert_eq!(Instant::from_number(number), None, "{number}");
        }
        assert_eq!(Instant::from_number(1e11), Some(Instant(100_000_000_000)));
        assert_eq!(Instant::from_number(-1e11), Some(Instant(-100_000_000_000)));
        assert_eq!(Instant::from_number(1_777_636_800_000.0), Some(Instant(1_777_636_800_000)));
    }
}
