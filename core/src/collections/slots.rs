//! Slots: a hash table with open addressing, so that most lookups touch one cache line.
//!
//! Values are stored in the slots, at the position that their hash gives or soon after it. The high bits of the hash give the position, so
//! slots are in the order of their hashes, except displaced ones. Only a keyed hash ever gives a position: see [`Hasher`].

use crate::collections::hasher::Hasher;

/// The content of a slot: small, with a representation of an empty slot.
pub(crate) trait Slot: Copy {
    fn empty() -> Self;

    fn is_empty(&self) -> bool;

    /// The hash of the key of this slot.
    fn hash(&self, hasher: &Hasher) -> u32;
}

/// Slots. At least a third of them is empty.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    slots: Vec<T>,
    used: usize,
}

impl<T: Slot> Slots<T> {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), used: 0 }
    }

    /// A table for this many entries, and a few more.
    pub(crate) fn with_capacity(count: usize) -> Self {
        let places = count.saturating_mul(7) / 4;
        Self { slots: vec![T::empty(); places.saturating_add(4)], used: 0 }
    }

    /// How many slots are used.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// The first position to probe for a hash. Meaningless without slots.
    #[inline]
    fn first_position(&self, hash: u32) -> usize {
        // The high half of the product is less than the number of slots, which is less than 2^32.
        (u64::from(hash).wrapping_mul(self.slots.len() as u64) >> 32) as usize
    }

    #[inline(always)]
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        self.slots.get(self.position_of(hash, is_it)?)
    }

    #[inline]
    pub(crate) fn find_mut(&mut self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let position = self.position_of(hash, is_it)?;
        self.slots.get_mut(position)
    }

    // Every answer runs this: a loop over nearly always one or two slots, without a function call.
    #[inline(always)]
    fn position_of(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<usize> {
        let mut position = self.first_position(hash);
        loop {
            // INVARIANT: a third of the slots is empty, so the loop ends.
            let slot = self.slots.get(position).filter(|slot| !slot.is_empty())?;
            if is_it(slot) {
                return Some(position);
            }
            position = self.after(position);
        }
    }

    #[inline]
    fn after(&self, position: usize) -> usize {
        self.wrapped(position.wrapping_add(1))
    }

    #[inline]
    fn wrapped(&self, position: usize) -> usize {
        if position < self.slots.len() { position } else { position.wrapping_sub(self.slots.len()) }
    }

    /// All values, in no particular order.
    #[cfg(feature = "insight")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter(|slot| !slot.is_empty())
    }

    /// Every slot, including empty ones. After changing the key of a slot, the caller must rebuild the table.
    pub(crate) fn slots_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut()
    }

    /// Inserts a value whose key is not in the table.
    pub(crate) fn insert(&mut self, hasher: &Hasher, value: T) {
        self.insert_unless(hasher, value, |_| false);
    }

    /// Inserts a value unless its key is in the table. Returns whether it was inserted.
    #[inline]
    pub(crate) fn insert_unless(&mut self, hasher: &Hasher, value: T, is_it: impl Fn(&T) -> bool) -> bool {
        // With more than two thirds used, probe sequences would become long.
        if self.used.saturating_mul(3) >= self.slots.len().saturating_mul(2) {
            self.resize(hasher, self.used.saturating_add(self.used / 4).saturating_add(4));
        }
        let mut position = self.first_position(value.hash(hasher));
        while let Some(slot) = self.slots.get_mut(position) {
            if slot.is_empty() {
                *slot = value;
                self.used = self.used.saturating_add(1);
                return true;
            }
            if is_it(slot) {
                return false;
            }
            position = self.after(position);
        }
        false
    }

    /// Rebuilds the table with the least memory that it needs.
    pub(crate) fn rebuild(&mut self, hasher: &Hasher) {
        self.resize(hasher, self.used);
    }

    /// Rebuilds the table only if slots have been emptied directly, or if more than half of the memory is not needed.
    pub(crate) fn compact(&mut self, hasher: &Hasher) {
        let used = self.slots.iter().filter(|slot| !slot.is_empty()).count();
        if used < self.used || used < self.slots.len() / 4 {
            self.resize(hasher, used);
        }
    }

    #[cold]
    #[inline(never)]
    fn resize(&mut self, hasher: &Hasher, room: usize) {
        let old = std::mem::replace(self, Self::with_capacity(room));
        for slot in old.slots.iter().filter(|slot| !slot.is_empty()) {
            self.insert(hasher, *slot);
        }
    }

    /// Removes a value, and moves displaced values into the gap, so that no probe sequence is interrupted.
    pub(crate) fn remove(&mut self, hasher: &Hasher, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let gap = self.position_of(hash, is_it)?;
        let removed = *self.slots.get(gap)?;
        self.close(hasher, gap);
        Some(removed)
    }

    #[inline(never)]
    fn close(&mut self, hasher: &Hasher, mut gap: usize) {
        if let Some(slot) = self.slots.get_mut(gap) {
            *slot = T::empty();
        }
        self.used = self.used.saturating_sub(1);
        let mut position = self.after(gap);
        while let Some(slot) = self.slots.get(position).copied().filter(|slot| !slot.is_empty()) {
            // It may move into the gap unless its first position is between the gap and its present position.
            let distance = |from: usize| self.wrapped_distance(from, position);
            if distance(self.first_position(slot.hash(hasher))) >= distance(gap) {
                // INVARIANT: both are positions of slots.
                self.slots.swap(gap, position);
                gap = position;
            }
            position = self.after(position);
        }
    }

    /// How many steps lead from one position to another.
    fn wrapped_distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to.wrapping_sub(from) } else { to.wrapping_add(self.slots.len()).wrapping_sub(from) }
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]
mod tests {
    use std::collections::HashMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Slot, Slots};
    use crate::collections::hasher::Hasher;

    /// A value with a chosen hash, so that tests can cause collisions.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Chosen {
        hash: u32,
        number: u32,
        value: u32,
    }

    impl Slot for Chosen {
        fn empty() -> Self {
            Self { hash: 0, number: u32::MAX, value: 0 }
        }

        fn is_empty(&self) -> bool {
            self.number == u32::MAX
        }

        fn hash(&self, _: &Hasher) -> u32 {
            self.hash
        }
    }

    /// The hash of a number, distributed in one of several ways: spread, all equal, few, all at the end so that probe sequences wrap
    /// around, all at the beginning, and at both.
    fn hash_of(number: u32, way: usize) -> u32 {
        let spread = number.wrapping_mul(0x9e37_79b9);
        [
            spread,
            7,
            u32::MAX,
            (spread % 3) << 30,
            u32::MAX - number % 5,
            number % 5,
            if number.is_multiple_of(2) { number } else { u32::MAX - number },
        ][way]
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Insert(u32, u32),
        InsertUnless(u32, u32),
        Change(u32, u32),
        Remove(u32),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        // Few numbers, so that most occur again.
        let step = (0..4_u8, 0..60_u32, any::<u32>()).prop_map(|(sort, number, value)| match sort {
            0 => Step::Insert(number, value),
            1 => Step::InsertUnless(number, value),
            2 => Step::Change(number, value),
            _ => Step::Remove(number),
        });
        vec(step, 0..400)
    }

    struct Model {
        way: usize,
        hasher: Hasher,
        slots: Slots<Chosen>,
        held: HashMap<u32, u32>,
    }

    impl Model {
        fn new(way: usize, slots: Slots<Chosen>) -> Self {
            Self { way, hasher: Hasher::keyed_by(0), slots, held: HashMap::new() }
        }

        fn chosen(&self, number: u32, value: u32) -> Chosen {
            Chosen { hash: hash_of(number, self.way), number, value }
        }

        fn find(&self, number: u32) -> Option<u32> {
            self.slots.find(hash_of(number, self.way), |slot| slot.number == number).map(|slot| slot.value)
        }

        fn take(&mut self, step: Step) {
            match step {
                Step::Insert(number, _) if self.held.contains_key(&number) => {}
                Step::Insert(number, value) => {
                    self.slots.insert(&self.hasher, self.chosen(number, value));
                    self.held.insert(number, value);
                }
                Step::InsertUnless(number, value) => {
                    let is_new = self.slots.insert_unless(&self.hasher, self.chosen(number, value), |slot| slot.number == number);
                    assert_eq!(is_new, !self.held.contains_key(&number));
                    self.held.entry(number).or_insert(value);
                }
                Step::Change(number, value) => {
                    let found = self.slots.find_mut(hash_of(number, self.way), |slot| slot.number == number);
                    assert_eq!(found.is_some(), self.held.contains_key(&number));
                    if let Some(slot) = found {
                        slot.value = value;
                        self.held.insert(number, value);
                    }
                }
                Step::Remove(number) => {
                    let removed = self.slots.remove(&self.hasher, hash_of(number, self.way), |slot| slot.number == number);
                    assert_eq!(removed.map(|slot| slot.value), self.held.remove(&number));
                }
            }
        }

        /// The table has exactly the values of the model, and enough empty slots.
        fn check(&self) {
            for number in 0..60 {
                assert_eq!(self.find(number), self.held.get(&number).copied(), "{number}");
            }
            let used: Vec<_> = self.slots.slots.iter().filter(|slot| !slot.is_empty()).collect();
            assert_eq!((used.len(), self.slots.used), (self.held.len(), self.held.len()));
            assert!(
                used.is_empty() || self.slots.used * 3 <= self.slots.slots.len() * 2 + 2,
                "{} of {}",
                used.len(),
                self.slots.slots.len()
            );
            let found = |slot: &&&Chosen| self.find(slot.number) == Some(slot.value);
            assert_eq!(used.iter().filter(found).count(), used.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn slots_behave_like_a_hash_map(steps in steps(), way in 0..7_usize, room in prop_oneof![Just(None), (0..50_usize).prop_map(Some)]) {
            let mut model = Model::new(way, room.map_or_else(Slots::new, Slots::with_capacity));
            for step in steps {
                model.take(step);
                model.check();
            }
            let mut left: Vec<_> = model.held.keys().copied().collect();
            left.sort_unstable();
            for number in left {
                model.take(Step::Remove(number));
                model.check();
            }
        }
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        let (mut slots, hasher) = (Slots::<Chosen>::new(), Hasher::keyed_by(0));
        for hash in [0, 1 << 31, u32::MAX] {
            assert_eq!(slots.find(hash, |_| true), None);
            assert_eq!(slots.find_mut(hash, |_| true), None);
            assert_eq!(slots.remove(&hasher, hash, |_| true), None);
        }
        slots.insert(&hasher, Chosen { hash: u32::MAX, number: 0, value: 1 });
        assert_eq!(slots.find(u32::MAX, |_| true).map(|slot| slot.value), Some(1));
    }

    /// Every way to remove two values of a probe sequence that wraps around.
    #[test]
    fn no_probe_sequence_is_interrupted_where_it_wraps_around() {
        let hasher = Hasher::keyed_by(0);
        for count in 1..=12_u32 {
            for (first, second) in (0..count).flat_map(|first| (0..count).map(move |second| (first, second))) {
                let mut slots = Slots::with_capacity(12);
                let size = slots.slots.len() as u32;
                // First positions on the last three and the first two slots, in turn.
                let hash = |number: u32| {
                    [u32::MAX, 0, u32::MAX - u32::MAX / size, u32::MAX / size + 1, u32::MAX - u32::MAX / size * 2][number as usize % 5]
                };
                for number in 0..count {
                    slots.insert(&hasher, Chosen { hash: hash(number), number, value: 0 });
                }
                for gone in [first, second] {
                    slots.remove(&hasher, hash(gone), |slot| slot.number == gone);
                }
                for number in 0..count {
                    let is_there = slots.find(hash(number), |slot| slot.number == number).is_some();
                    assert_eq!(is_there, number != first && number != second, "{number} of {count} without {first} and {second}");
                }
            }
        }
    }

    #[test]
    fn a_table_with_capacity_does_not_grow() {
        let hasher = Hasher::keyed_by(0);
        for count in (0..200).chain([1_000, 65_536]) {
            let mut slots = Slots::with_capacity(count);
            let size = slots.slots.len();
            assert!(size < count * 2 + 5, "{size} for {count}");
            for number in 0..count as u32 {
                slots.insert(&hasher, Chosen { hash: hash_of(number, 0), number, value: number });
            }
            assert_eq!(slots.slots.len(), size, "{count}");
            assert!(slots.used * 3 <= size * 2);
        }
    }

    /// Growth is geometric: many insertions move each value a few times.
    #[test]
    fn a_table_grows_geometrically() {
        let (mut slots, hasher) = (Slots::new(), Hasher::keyed_by(0));
        let (mut growths, mut size) = (0, 0);
        for number in 0..100_000 {
            slots.insert(&hasher, Chosen { hash: hash_of(number, 0), number, value: number });
            if slots.slots.len() != size {
                (growths, size) = (growths + 1, slots.slots.len());
            }
        }
        assert!(growths < 50, "{growths}");
        assert!((0..100_000).all(|number| slots.find(hash_of(number, 0), |slot| slot.number == number).unwrap().value == number));
    }
}
