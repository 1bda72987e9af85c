//! Times in tables, in the formats that people and databases write. Requests and documents accept only RFC 3339; tables often come from
//! elsewhere.

use crate::input::instant::Instant;

use super::cells::InstantCell;

/// The unit of numbers in a column, since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Milliseconds, the default.
    #[default]
    Millisecond,
    /// Microseconds.
    Microsecond,
    /// Nanoseconds.
    Nanosecond,
}

impl TimeUnit {
    /// The unit of a name: `s`, `ms`, `us` or `ns`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "s" => Some(Self::Second),
            "ms" => Some(Self::Millisecond),
            "us" => Some(Self::Microsecond),
            "ns" => Some(Self::Nanosecond),
            _ => None,
        }
    }

    /// How many milliseconds it is, as a power of ten.
    const fn exponent(self) -> i32 {
        match self {
            Self::Second => 3,
            Self::Millisecond => 0,
            Self::Microsecond => -3,
            Self::Nanosecond => -6,
        }
    }

    /// This many units as whole milliseconds, rounded down.
    #[must_use]
    pub fn floor_to_milliseconds(self, number: i64) -> Option<i64> {
        self.milliseconds(number).map(|(_, floor)| floor)
    }

    /// This many units as milliseconds, rounded towards zero and rounded down.
    #[inline]
    fn milliseconds(self, number: i64) -> Option<(i64, i64)> {
        let parts = |divisor: i64| Some((number.checked_div(divisor)?, number.div_euclid(divisor)));
        match self {
            Self::Second => number.checked_mul(1_000).map(|milliseconds| (milliseconds, milliseconds)),
            Self::Millisecond => Some((number, number)),
            Self::Microsecond => parts(1_000),
            Self::Nanosecond => parts(1_000_000),
        }
    }
}

impl InstantCell {
    /// An instant of a typed column, whose unit is certain.
    #[must_use]
    #[inline]
    pub fn from_timestamp(number: i64, unit: TimeUnit) -> Self {
        unit.floor_to_milliseconds(number).map_or(Self::FAULT, Self::from_unix_milliseconds)
    }

    /// An instant of an integer column. A number below 10^11 milliseconds is an error: its unit is another.
    #[must_use]
    #[inline]
    pub fn from_integer(number: i64, unit: TimeUnit) -> Self {
        unit.milliseconds(number).map_or(Self::FAULT, |(whole, floor)| Self::from_number(whole, floor))
    }

    /// An instant of a floating-point column, to the microsecond: finer digits are not exact.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "no instant has more microseconds")]
    pub fn from_float(number: f64, unit: TimeUnit) -> Self {
        let scaled = |exponent: i32| number * 10_f64.powi(exponent);
        match Instant::from_number(scaled(unit.exponent())) {
            Some(_) => Self::from_timestamp(scaled(unit.exponent().saturating_add(3)).round() as i64, TimeUnit::Microsecond),
            None => Self::FAULT,
        }
    }

    /// An instant of a decimal column: `digits` · 10^-`scale`.
    #[must_use]
    pub fn from_decimal(digits: i128, scale: i8, unit: TimeUnit) -> Self {
        let exponent = unit.exponent().saturating_sub(scale.into());
        let power = 10_i128.checked_pow(exponent.unsigned_abs());
        let parts = match power {
            Some(power) if exponent >= 0 => digits.checked_mul(power).map(|whole| (whole, whole)),
            Some(power) => digits.checked_div(power).map(|whole| (whole, digits.div_euclid(power))),
            // Out of range, or almost zero.
            None => None,
        };
        match parts.map(|(whole, floor)| (i64::try_from(whole), i64::try_from(floor))) {
            Some((Ok(whole), Ok(floor))) => Self::from_number(whole, floor),
            _ => Self::FAULT,
        }
    }

    /// The bound applies to the number with its fraction: rounding towards zero does not move it across the bound.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "only its size is looked at")]
    fn from_number(whole: i64, floor: i64) -> Self {
        Instant::from_number(whole as f64).map_or(Self::FAULT, |_| Self::from_unix_milliseconds(floor))
    }
}

/// A time as text, with or without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeText {
    /// An instant.
    Instant(Instant),
    /// A local time without a time zone: milliseconds since the epoch, as if it were UTC.
    Clock(i64),
    /// A date without a time zone, as its midnight, likewise.
    Day(i64),
}

const DATE: usize = "2026-05-01".len();

impl TimeText {
    /// Parses RFC 3339 and the formats of databases: a space instead of the `T`; no seconds; as time zone `+00`, `+0000`, `UTC` (also after
    /// a space) or none; or only a date.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some(instant) = Instant::parse(text) {
            return Some(Self::Instant(instant));
        }
        let (date, rest) = text.split_at_checked(DATE)?;
        if rest.is_empty() {
            return utc(date, "00:00:00").map(Self::Day);
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let end = rest.find(|character: char| !character.is_ascii_digit() && !matches!(character, ':' | '.')).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at_checked(end)?;
        let clock = if clock.len() == "12:00".len() { format!("{clock}:00") } else { clock.to_owned() };
        if zone.is_empty() {
            return utc(date, &clock).map(Self::Clock);
        }
        let zone = offset(zone.strip_prefix(' ').unwrap_or(zone))?;
        Instant::parse(&format!("{date}T{clock}{zone}")).map(Self::Instant)
    }
}

fn utc(date: &str, clock: &str) -> Option<i64> {
    Instant::parse(&format!("{date}T{clock}Z")).map(Instant::unix_milliseconds)
}

/// An offset in the format of RFC 3339.
fn offset(zone: &str) -> Option<String> {
    if matches!(zone, "Z" | "z" | "UTC") {
        return Some("Z".to_owned());
    }
    let digits = zone.strip_prefix(['+', '-'])?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
        return None;
    }
    match zone.len() {
        3 => Some(format!("{zone}:00")),
        5 => zone.split_at_checked(3).map(|(hours, minutes)| format!("{hours}:{minutes}")),
        _ => Some(zone.to_owned()),
    }
}

/// The offset in milliseconds of a time zone whose name is an offset: `UTC`, `+02:00`, `-0330`.
#[must_use]
pub fn fixed_offset(zone: &str) -> Option<i64> {
    let midnight = Instant::parse(&format!("1970-01-01T00:00:00{}", offset(zone)?))?;
    midnight.unix_milliseconds().checked_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_777_636_800_000;

    fn instant(text: &str) -> Option<i64> {
        match TimeText::read(text)? {
            TimeText::Instant(instant) => Some(instant.unix_milliseconds()),
            TimeText::Clock(_) | TimeText::Day(_) => None,
        }
    }

    #[test]
    fn formats_of_databases_are_read() {
        for text in [
            "2026-05-01T12:00:00Z",
            "2026-05-01t12:00:00z",
            "2026-05-01 12:00:00+00",
            "2026-05-01 12:00:00+0000",
            "2026-05-01 12:00:00 +0000",
            "2026-05-01 12:00:00+00:00",
            "2026-05-01 12:00:00 UTC",
            "2026-05-01 12:00:00UTC",
            "2026-05-01T12:00Z",
            "2026-05-01 14:00+02",
            "2026-05-01 08:30:00-0330",
            "2026-05-01 12:00:00.000 UTC",
        ] {
            assert_eq!(instant(text), Some(NOON), "{text}");
        }
        assert_eq!(instant("2026-05-01 12:00:00.1239+0000"), Some(NOON + 123));
    }

    #[test]
    fn a_time_without_a_zone_is_not_an_instant() {
        assert_eq!(TimeText::read("2026-05-01 12:00:00"), Some(TimeText::Clock(NOON)));
        assert_eq!(TimeText::read("2026-05-01T12:00"), Some(TimeText::Clock(NOON)));
        assert_eq!(TimeText::read("2026-05-01"), Some(TimeText::Day(NOON - 12 * 3_600_000)));
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "2026-05",
            "2026-05-01 ",
            "2026-05-01Z",
            "2026-05-01+00",
            "2026-05-01T",
            "2026-05-01 12",
            "2026-05-01 12:00:00 ",
            "2026-05-01 12:00:00  UTC",
            "2026-05-01 12:00:00 CET",
            "2026-05-01 12:00:00+",
            "2026-05-01 12:00:00+2",
            "2026-05-01 12:00:00+200",
            "2026-05-01 12:00:00+99",
            "2026-05-01 12:00:00+é0",
            "2026-05-01 12:00:00.+00",
            "2026-05-01 24:00:00",
            "2026-05-01 1:00",
            "2026-02-30",
            "01.05.2026",
            "20260501",
            "1777636800000",
            "é026-05-01",
            "2026-05-0é",
        ] {
            assert_eq!(TimeText::read(text), None, "{text}");
        }
    }

    #[test]
    fn zones_that_are_offsets() {
        assert_eq!(fixed_offset("UTC"), Some(0));
        assert_eq!(fixed_offset("+02:00"), Some(7_200_000));
        assert_eq!(fixed_offset("-0330"), Some(-12_600_000));
        for name in ["", "utc+1", ".5Z", "Europe/Zurich", "+25", "00Z", " UTC"] {
            assert_eq!(fixed_offset(name), None, "{name}");
        }
    }

    fn told(cell: InstantCell) -> Option<i64> {
        cell.get().map(Instant::unix_milliseconds)
    }

    #[test]
    fn numbers_of_every_unit() {
        use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
        for (unit, per_second) in [(Second, 1), (Millisecond, 1_000), (Microsecond, 1_000_000), (Nanosecond, 1_000_000_000)] {
            let number = NOON / 1_000 * per_second;
            assert_eq!(told(InstantCell::from_integer(number, unit)), Some(NOON), "{unit:?}");
            assert_eq!(told(InstantCell::from_float(number as f64, unit)), Some(NOON), "{unit:?}");
            assert_eq!(told(InstantCell::from_decimal(i128::from(number) * 100, 2, unit)), Some(NOON), "{unit:?}");
            // The bound applies to the milliseconds.
            let bound = 100_000_000 * per_second;
            for sign in [1, -1] {
                assert_eq!(told(InstantCell::from_integer(sign * bound, unit)), Some(sign * 100_000_000_000), "{unit:?}");
                assert_eq!(told(InstantCell::from_integer(sign * (bound - 1), unit)), None, "{unit:?}");
                assert_eq!(told(InstantCell::from_float((sign * bound) as f64 * (1.0 - 1e-12), unit)), None, "{unit:?}");
                assert_eq!(told(InstantCell::from_decimal(i128::from(sign * bound) * 1_000 - i128::from(sign), 3, unit)), None, "{unit:?}");
            }
        }
        assert_eq!(told(InstantCell::from_integer(-100_000_000_000_001, Microsecond)), Some(-100_000_000_001));
        assert_eq!(told(InstantCell::from_float(1_777_636_800.123, Second)), Some(NOON + 123));
        assert_eq!(told(InstantCell::from_decimal(1_777_636_800_123_999, 6, Second)), Some(NOON + 123));
        assert_eq!(told(InstantCell::from_decimal(17_776_368, -2, Second)), Some(NOON));
    }

    #[test]
    fn numbers_that_are_not_times() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0, 1_777_636_800.0] {
            assert_eq!(told(InstantCell::from_float(number, TimeUnit::Millisecond)), None, "{number}");
        }
        for unit in [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond] {
            for (digits, scale) in [(i128::MAX, 0), (i128::MIN, 0), (i128::MIN, 127), (i128::MAX, -128), (0, 0), (1, 127)] {
                assert_eq!(told(InstantCell::from_decimal(digits, scale, unit)), None, "{digits} {scale}");
            }
            assert_eq!(told(InstantCell::from_timestamp(i64::MIN, TimeUnit::Second)), None);
        }
    }
}
