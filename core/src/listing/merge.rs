//! Merging of sorted lists: lazily, and from any id on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Merges lists that are sorted by id, in byte order. An entry that is in several lists comes once.
pub(crate) struct Merge<'l, T, F> {
    lists: Vec<&'l [T]>,
    /// The next id of each list that has one.
    heads: BinaryHeap<Reverse<(&'l str, usize)>>,
    id_of: F,
    last: Option<&'l str>,
}

impl<'l, T: Copy, F: Fn(T) -> &'l str> Merge<'l, T, F> {
    /// Begins after the id `after`, or at the beginning.
    pub(crate) fn new(lists: impl IntoIterator<Item = &'l [T]>, after: Option<&str>, id_of: F) -> Self {
        let is_before = |item: &T| after.is_some_and(|after| id_of(*item) <= after);
        let lists: Vec<_> = lists.into_iter().map(|list| list.get(list.partition_point(is_before)..).unwrap_or_default()).collect();
        let heads = lists.iter().enumerate().filter_map(|(number, list)| Some(Reverse((id_of(*list.first()?), number)))).collect();
        Self { lists, heads, id_of, last: None }
    }
}

impl<'l, T: Copy, F: Fn(T) -> &'l str> Iterator for Merge<'l, T, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            let Reverse((id, number)) = self.heads.pop()?;
            let list = self.lists.get_mut(number)?;
            let (item, rest) = list.split_first()?;
            *list = rest;
            if let Some(next) = rest.first() {
                self.heads.push(Reverse(((self.id_of)(*next), number)));
            }
            if self.last.replace(id) != Some(id) {
                return Some(*item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_lists_have_no_repetitions() {
        let lists: [&[&str]; 4] = [&["a", "c", "e"], &["b", "c"], &[], &["c", "f"]];
        let merged = |after| Merge::new(lists, after, |item| item).collect::<String>();
        assert_eq!(merged(None), "abcef");
        assert_eq!(merged(Some("b")), "cef");
        assert_eq!(merged(Some("bb")), "cef");
        assert_eq!(merged(Some("f")), "");
    }
}
