//! Time zones, for times that name none.

use bailiwick::columns::{InstantCell, TimeUnit, fixed_offset};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousTimestamp, Offset, TimeZone, TimeZoneDatabase};

/// A zone of the time-zone database that is linked in, or one that is always as far ahead of UTC.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// By so many milliseconds.
    Fixed(i64),
    Named(TimeZone),
}

impl Zone {
    /// `UTC`, `+02:00`, `Europe/Zurich`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match fixed_offset(name) {
            Some(ahead) => Some(Self::Fixed(ahead)),
            None => TimeZoneDatabase::bundled().get(name).ok().map(Self::Named),
        }
    }

    /// When a clock showed this there: milliseconds as if it had been UTC. A fault where it never did, or did twice: clocks were changed.
    pub(super) fn clock(&self, shown: i64) -> InstantCell {
        self.cell(shown, |local| local.unambiguous().ok())
    }

    /// When a day began there, likewise by its midnight. Where clocks skipped midnight, that was when they did.
    pub(super) fn day(&self, shown: i64) -> InstantCell {
        self.cell(shown, |local| local.compatible().ok())
    }

    fn cell(&self, shown: i64, of: impl Fn(AmbiguousTimestamp) -> Option<Timestamp>) -> InstantCell {
        let milliseconds = match self {
            Self::Fixed(ahead) => shown.checked_sub(*ahead),
            Self::Named(zone) => local(shown).and_then(|local| of(zone.to_ambiguous_timestamp(local))).map(Timestamp::as_millisecond),
        };
        milliseconds.map_or(InstantCell::FAULT, |milliseconds| InstantCell::from_timestamp(milliseconds, TimeUnit::Millisecond))
    }
}

fn local(shown: i64) -> Option<DateTime> {
    Timestamp::from_millisecond(shown).ok().map(|timestamp| Offset::UTC.to_datetime(timestamp))
}
