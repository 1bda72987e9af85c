//! Time zones, for times without one.

use bailiwick::columns::{InstantCell, TimeUnit, fixed_offset};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousTimestamp, Offset, TimeZone, TimeZoneDatabase};

/// A zone of the linked time-zone database, or a fixed offset from UTC.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// Milliseconds ahead of UTC.
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

    /// The instant of a local time, which is in milliseconds as if it were UTC. A fault if the zone skipped or repeated that time when its clocks changed.
    pub(super) fn clock(&self, shown: i64) -> InstantCell {
        self.cell(shown, |local| local.unambiguous().ok())
    }

    /// The instant at which a local day began, which is given by its midnight. If the clocks skipped midnight, the day began when they did.
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
