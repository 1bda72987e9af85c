//! Slots: a hash table in one piece of memory, so that most look-ups touch one line of the cache.
//!
//! What is looked up lies in the slot itself, at the place that its hash names or soon behind it. Places are named by the high bits, so that slots stand in
//! the order of their hashes, but for those that were displaced. No place is chosen by anything but a keyed hash: see
//! [`Hasher`].

use crate::names::Hasher;

/// What stands in a slot: small, and able to say that it is nothing.
pub(crate) trait Slot: Copy {
    fn empty() -> Self;

    fn is_empty(&self) -> bool;

    /// The hash of what it is looked up by.
    fn hash(&self, hasher: &Hasher) -> u32;
}

/// Slots, of which a third is always empty.
#[derive(Clone, Debug)]
pub(crate) struct Slots<T> {
    slots: Vec<T>,
    used: usize,
}

impl<T: Slot> Slots<T> {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), used: 0 }
    }

    /// Room for so many, and for a few more.
    pub(crate) fn with_room_for(count: usize) -> Self {
        let places = count.saturating_mul(7) / 4;
        Self { slots: vec![T::empty(); places.saturating_add(4)], used: 0 }
    }

    /// How many are in use.
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// The place at which to look for a hash. Without slots there is none.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        // The high half of the product is less than the number of slots, which is less than 2^32.
        (u64::from(hash).wrapping_mul(self.slots.len() as u64) >> 32) as usize
    }

    #[inline(always)]
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        self.slots.get(self.place_of(hash, is_it)?)
    }

    #[inline]
    pub(crate) fn find_mut(&mut self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let place = self.place_of(hash, is_it)?;
        self.slots.get_mut(place)
    }

    // This is what every answer is made of: a loop over what is nearly always one or two slots, and no call.
    #[inline(always)]
    fn place_of(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<usize> {
        let mut place = self.home(hash);
        loop {
            // INVARIANT: a third of the slots is empty.
            let slot = self.slots.get(place).filter(|slot| !slot.is_empty())?;
            if is_it(slot) {
                return Some(place);
            }
            place = self.after(place);
        }
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        self.wrapped(place.wrapping_add(1))
    }

    #[inline]
    fn wrapped(&self, place: usize) -> usize {
        if place < self.slots.len() { place } else { place.wrapping_sub(self.slots.len()) }
    }

    /// Every slot, the empty ones among them. Whoever alters what a slot is looked up by has to have the table rebuilt.
    pub(crate) fn slots_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut()
    }

    /// Puts in what is not there yet.
    pub(crate) fn insert(&mut self, hasher: &Hasher, value: T) {
        self.insert_unless(hasher, value, |_| false);
    }

    /// Puts something in, unless it is there. Whether it was not.
    #[inline]
    pub(crate) fn insert_unless(&mut self, hasher: &Hasher, value: T, is_it: impl Fn(&T) -> bool) -> bool {
        // Beyond two thirds, runs would become long.
        if self.used.saturating_mul(3) >= self.slots.len().saturating_mul(2) {
            self.resize(hasher, self.used.saturating_add(self.used / 4).saturating_add(4));
        }
        let mut place = self.home(value.hash(hasher));
        while let Some(slot) = self.slots.get_mut(place) {
            if slot.is_empty() {
                *slot = value;
                self.used = self.used.saturating_add(1);
                return true;
            }
            if is_it(slot) {
                return false;
            }
            place = self.after(place);
        }
        false
    }

    /// Puts everything where it belongs, in no more room than it needs.
    pub(crate) fn rebuild(&mut self, hasher: &Hasher) {
        self.resize(hasher, self.used);
    }

    /// The same, but only after slots have been emptied by hand, or where more than half of the room is not needed.
    pub(crate) fn close_up(&mut self, hasher: &Hasher) {
        let used = self.slots.iter().filter(|slot| !slot.is_empty()).count();
        if used < self.used || used < self.slots.len() / 4 {
            self.resize(hasher, used);
        }
    }

    #[cold]
    #[inline(never)]
    fn resize(&mut self, hasher: &Hasher, room: usize) {
        let old = std::mem::replace(self, Self::with_room_for(room));
        for slot in old.slots.iter().filter(|slot| !slot.is_empty()) {
            self.insert(hasher, *slot);
        }
    }

    /// Takes something out, and moves what was displaced by it into the gap, so that no run has a hole.
    pub(crate) fn remove(&mut self, hasher: &Hasher, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<T> {
        let gap = self.place_of(hash, is_it)?;
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
        let mut place = self.after(gap);
        while let Some(slot) = self.slots.get(place).copied().filter(|slot| !slot.is_empty()) {
            // It may move into the gap if its home does not lie between the gap and where it is.
            let distance = |from: usize| self.wrapped_distance(from, place);
            if distance(self.home(slot.hash(hasher))) >= distance(gap) {
                // INVARIANT: both are places of slots.
                self.slots.swap(gap, place);
                gap = place;
            }
            place = self.after(place);
        }
    }

    /// How many steps lead from one place to another.
    fn wrapped_distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to.wrapping_sub(from) } else { to.wrapping_add(self.slots.len()).wrapping_sub(from) }
    }
}
