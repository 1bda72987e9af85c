//! Which state is in force at an instant, for many instants.

/// How many instants a list of instants has up to another one, in about one step.
#[derive(Debug)]
pub(super) struct Instants {
    instants: Vec<i64>,
    first: i64,
    shift: u32,
    /// How many instants there are before each interval of equal length.
    before: Vec<usize>,
}

impl Instants {
    /// Of instants in order.
    pub(super) fn of(instants: Vec<i64>) -> Self {
        let first = instants.first().copied().unwrap_or(0);
        let span = instants.last().copied().unwrap_or(0).saturating_sub(first).unsigned_abs();
        let most = (instants.len() as u64).saturating_mul(4).saturating_add(1);
        let shift = (0..63).find(|shift| span >> shift < most).unwrap_or(63);
        let intervals = usize::try_from(span >> shift).unwrap_or(0).saturating_add(2);
        let start = |interval: usize| first.saturating_add_unsigned((interval as u64) << shift);
        let before = (0..intervals).map(|interval| instants.partition_point(|instant| *instant < start(interval))).collect();
        Self { instants, first, shift, before }
    }

    /// How many are not after this one.
    #[inline]
    pub(super) fn until(&self, instant: i64) -> usize {
        if instant < self.first {
            return 0;
        }
        let interval = usize::try_from(instant.saturating_sub(self.first) >> self.shift).unwrap_or(usize::MAX);
        let start = self.before.get(interval).copied().unwrap_or(self.instants.len());
        let end = self.before.get(interval.saturating_add(1)).copied().unwrap_or(self.instants.len());
        let within = self.instants.get(start..end).unwrap_or_default();
        start.saturating_add(within.partition_point(|other| *other <= instant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_a_search_finds() {
        let lists =
            [vec![], vec![5], vec![5, 5, 5], vec![-7, 0, 1, 1, 2, 1_000_000], (0..300).map(|number| number * number * 977).collect()];
        for list in lists {
            let instants = Instants::of(list.clone());
            for at in list.iter().flat_map(|instant| [instant - 1, *instant, instant + 1]).chain([i64::MIN, -1, 0, 4_000, i64::MAX]) {
                assert_eq!(instants.until(at), list.partition_point(|instant| *instant <= at), "{at} in {list:?}");
            }
        }
    }
}
