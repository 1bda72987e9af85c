//! Order: how lists of indices are sorted. Sorting is much code, so that there is one copy of it for lists of every sort.

use std::cmp::Ordering;

/// Sorts by a comparison. A list that is in order already costs one comparison an entry.
pub(crate) fn sort_by<I: Copy + From<u32> + Into<u32>>(list: &mut [I], compare: impl Fn(I, I) -> Ordering) {
    if list.is_sorted_by(|one, other| compare(*one, *other).is_le()) {
        return;
    }
    let mut numbers: Vec<u64> = list.iter().map(|index| (*index).into().into()).collect();
    sort(&mut numbers, &|one, other| compare(lower(one), lower(other)));
    for (place, number) in list.iter_mut().zip(numbers) {
        *place = lower(number);
    }
}

/// The entries in the order of their keys.
pub(crate) fn by_key<I: From<u32> + Into<u32>>(entries: impl Iterator<Item = (u32, I)>) -> Vec<I> {
    let mut keyed: Vec<u64> = entries.map(|(key, index)| u64::from(key) << 32 | u64::from(index.into())).collect();
    if !keyed.is_sorted() {
        sort(&mut keyed, &|one, other| one.cmp(&other));
    }
    keyed.into_iter().map(lower).collect()
}

/// The index in the lower half of a number.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is cut off on purpose")]
fn lower<I: From<u32>>(number: u64) -> I {
    I::from(number as u32)
}

#[inline(never)]
fn sort(numbers: &mut [u64], compare: &dyn Fn(u64, u64) -> Ordering) {
    numbers.sort_by(|one, other| compare(*one, *other));
}
