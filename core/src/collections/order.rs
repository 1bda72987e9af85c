//! Sorting of lists of indices. Sorting is much code, so it is compiled once for each way of comparing.

use std::cmp::Ordering;

/// Sorts by a comparison. A list that is already sorted costs one comparison per entry.
pub(crate) fn sort_by<I: Copy + From<u32> + Into<u32>>(list: &mut [I], compare: impl Fn(I, I) -> Ordering) {
    let mut numbers: Vec<u32> = list.iter().map(|index| (*index).into()).collect();
    compare_and_sort(&mut numbers, &|one, other| compare(I::from(one), I::from(other)));
    for (place, number) in list.iter_mut().zip(numbers) {
        *place = I::from(number);
    }
}

#[inline(never)]
fn compare_and_sort(numbers: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    numbers.sort_by(|one, other| compare(*one, *other));
}

/// The entries sorted by their keys.
pub(crate) fn by_key<I: From<u32> + Into<u32>>(entries: impl Iterator<Item = (u32, I)>) -> Vec<I> {
    let mut keyed: Vec<u64> = entries.map(|(key, index)| u64::from(key) << 32 | u64::from(index.into())).collect();
    sort_keyed(&mut keyed);
    // The lower half is the index.
    keyed.into_iter().filter_map(|keyed| u32::try_from(keyed & u64::from(u32::MAX)).ok()).map(I::from).collect()
}

#[inline(never)]
fn sort_keyed(keyed: &mut [u64]) {
    keyed.sort_unstable();
}
