//! Pauses between two rounds: the same in every language.

/// A round that failed is repeated after twice the time of the last one, up to this many times the interval.
const MOST_DOUBLINGS: u32 = 6;
/// The longest pause in milliseconds, if nothing becomes stale.
const LONGEST: u64 = 60_000;
/// The part of the greatest age that a pause after failures may take: an edge tries several more times before it is stale.
const PART_OF_AGE: u64 = 10;

/// How many milliseconds to wait before the next round. After a success it is the interval; after each failure in a row twice as long, up to a tenth of
/// the greatest age, in seconds (a minute without one), but never less than the interval. `random`, from 0 to 1, takes away up to a quarter, so that
/// edges that failed together do not come back together.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a pause is rounded, and positive"
)]
pub fn pause(failures: u32, interval_milliseconds: u64, max_age_seconds: Option<u64>, random: f64) -> u64 {
    let longest = max_age_seconds.map_or(LONGEST, |seconds| (seconds.saturating_mul(1_000) / PART_OF_AGE).min(LONGEST));
    let doubled = interval_milliseconds.saturating_mul(1 << failures.min(MOST_DOUBLINGS));
    let whole = doubled.min(longest.max(interval_milliseconds));
    let random = if random.is_finite() { random.clamp(0.0, 1.0) } else { 0.0 };
    (whole as f64 * (1.0 - random / 4.0)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_pause_up_to_a_limit() {
        let pauses: Vec<_> = (0..8).map(|failures| pause(failures, 1_000, None, 0.0)).collect();
        assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
        assert_eq!(pause(u32::MAX, 1_000, Some(300), 0.0), 30_000);
        assert_eq!(pause(u32::MAX, u64::MAX, Some(u64::MAX), 0.0), u64::MAX);
        // The interval is the host's choice.
        assert_eq!(pause(3, 90_000, Some(300), 0.0), 90_000);
    }

    #[test]
    fn chance_takes_away_a_quarter_at_most() {
        assert_eq!([0.0, 0.5, 1.0].map(|random| pause(0, 1_000, None, random)), [1_000, 875, 750]);
        assert_eq!([-1.0, 2.0, f64::NAN, f64::INFINITY].map(|random| pause(0, 1_000, None, random)), [1_000, 750, 1_000, 1_000]);
    }
}
