//! Sorting of lists of indices. Sorting is much code, so it is compiled once for each way of comparing.

use std::cmp::Ordering;

/// Sorts by a comparison. A list that is already sorted costs one comparison per entry.
pub(crate) fn sort_by<I: Copy + From<u32> + Into<u32>>(list: &mut [I], compare: impl Fn(I, I) -> Ordering) {
    // After loading, all lists are sorted: one pass, without a copy.
    if list.iter().zip(list.iter().skip(1)).all(|(one, next)| compare(*one, *next).is_le()) {
        return;
    }
    let mut numbers: Vec<u32> = list.iter().map(|index| (*index).into()).collect();
    compare_and_sort(&mut numbers, &|one, other| compare(I::from(one), I::from(other)));
    for (place, number) in list.iter_mut().zip(numbers) {
        *place = I::from(number);
    }
}

/// Sorts by the indices themselves.
pub(crate) fn by_index<I: Copy + From<u32> + Into<u32>>(list: &mut [I]) {
    sort_by(list, |one, other| one.into().cmp(&other.into()));
}

/// Sorts by the indices themselves, and removes repetitions.
pub(crate) fn as_set<I: Copy + From<u32> + Into<u32>>(list: &mut Vec<I>) {
    by_index(list);
    list.dedup_by_key(|index| (*index).into());
}

#[inline(never)]
fn compare_and_sort(numbers: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    numbers.sort_by(|one, other| compare(*one, *other));
}
