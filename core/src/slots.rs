//! Slots: a hash table in one piece of memory, so that most look-ups touch one line of the cache.
//!
//! What is looked up lies in the slot itself, at the place that its hash names or soon behind it. Places are named by the high bits, so that slots stand in
//! the order of their hashes, but for those that were displaced. No place is chosen by anything but a keyed hash: see
//! [`Hasher`](crate::names::Hasher).

/// What stands in a slot: small, and able to say that it is nothing.
pub(crate) trait Slot: Copy {
    fn empty() -> Self;

    fn is_empty(&self) -> bool;
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
        let places = count.saturating_add(count / 4 * 3).saturating_add(4);
        Self { slots: vec![T::empty(); places], used: 0 }
    }

    /// The place at which to look for a hash. Without slots there is none.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        // The high half of the product is less than the number of slots, which is less than 2^32.
        (u64::from(hash).wrapping_mul(self.slots.len() as u64) >> 32) as usize
    }

    /// The slots from the home of a hash on, up to the first empty one.
    fn run(&self, hash: u32) -> impl Iterator<Item = &T> {
        let (before, from) = self.slots.split_at_checked(self.home(hash)).unwrap_or_default();
        from.iter().chain(before).take_while(|slot| !slot.is_empty())
    }

    // This is what every answer is made of: a loop over what is nearly always one or two slots, and no call.
    #[inline(always)]
    pub(crate) fn find(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let mut place = self.home(hash);
        loop {
            // INVARIANT: a third of the slots is empty.
            let slot = self.slots.get(place).filter(|slot| !slot.is_empty())?;
            if is_it(slot) {
                return Some(slot);
            }
            place = self.after(place);
        }
    }

    /// All that may be of a hash.
    pub(crate) fn find_all(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
        self.run(hash).filter(move |slot| is_it(slot))
    }

    fn place_of(&self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<usize> {
        let displaced = self.run(hash).position(is_it)?;
        Some(self.wrapped(self.home(hash).wrapping_add(displaced)))
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        self.wrapped(place.wrapping_add(1))
    }

    #[inline]
    fn wrapped(&self, place: usize) -> usize {
        if place < self.slots.len() { place } else { place.wrapping_sub(self.slots.len()) }
    }

    #[inline]
    pub(crate) fn find_mut(&mut self, hash: u32, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let place = self.place_of(hash, is_it)?;
        self.slots.get_mut(place)
    }

    /// Puts in what is not there yet.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u32, value: T, hash_of: impl Fn(&T) -> u32) {
        // Beyond two thirds, runs would become long.
        if self.used.saturating_add(1) > self.slots.len() / 3 * 2 {
            self.grow(hash_of);
        }
        self.put(hash, value);
    }

    fn put(&mut self, hash: u32, value: T) {
        let home = self.home(hash);
        let (before, from) = self.slots.split_at_mut_checked(home).unwrap_or_default();
        // INVARIANT: a third of the slots is empty.
        if let Some(slot) = from.iter_mut().chain(before).find(|slot| slot.is_empty()) {
            *slot = value;
            self.used = self.used.saturating_add(1);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, hash_of: impl Fn(&T) -> u32) {
        let larger = Self::with_room_for(self.used.saturating_add(self.used / 4).saturating_add(4));
        let smaller = std::mem::replace(self, larger);
        for slot in smaller.slots.iter().filter(|slot| !slot.is_empty()) {
            self.put(hash_of(slot), *slot);
        }
    }

    /// Takes something out, and moves what was displaced by it into the gap, so that no run has a hole.
    pub(crate) fn remove(&mut self, hash: u32, is_it: impl Fn(&T) -> bool, hash_of: impl Fn(&T) -> u32) -> Option<T> {
        let mut gap = self.place_of(hash, is_it)?;
        let removed = std::mem::replace(self.slots.get_mut(gap)?, T::empty());
        self.used = self.used.saturating_sub(1);
        let mut place = self.after(gap);
        while let Some(slot) = self.slots.get(place).copied().filter(|slot| !slot.is_empty()) {
            // It may move into the gap if its home does not lie between the gap and where it is.
            let distance = |from: usize| self.wrapped_distance(from, place);
            if distance(self.home(hash_of(&slot))) >= distance(gap) {
                self.swap(gap, place);
                gap = place;
            }
            place = self.after(place);
        }
        Some(removed)
    }

    /// How many steps lead from one place to another.
    fn wrapped_distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to.wrapping_sub(from) } else { to.wrapping_add(self.slots.len()).wrapping_sub(from) }
    }

    fn swap(&mut self, one: usize, other: usize) {
        // INVARIANT: both are places of slots.
        self.slots.swap(one, other);
    }
}
