//! Names: interned strings, found by their hash.

use std::marker::PhantomData;

use crate::collections::hasher::Hasher;
use crate::collections::order;
use crate::collections::renumbering::Renumbering;
use crate::collections::slots::{Slot, Slots};
use crate::collections::texts::{Full, Texts};

/// Interned strings, numbered in the order of insertion.
#[derive(Clone, Debug)]
pub(crate) struct Names<I> {
    numbered: Numbered,
    index: PhantomData<I>,
}

/// A space of names: a number below 2^24.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space(u32);

impl Space {
    /// The space of names that have only one.
    const ONLY: Self = Self(0);

    /// The space of this number.
    #[inline]
    pub(crate) const fn of(number: u32) -> Self {
        Self(number)
    }
}

impl<I: Copy + From<u32> + Into<u32>> Names<I> {
    pub(crate) const fn new() -> Self {
        Self { numbered: Numbered { texts: Texts::new(), slots: Slots::new() }, index: PhantomData }
    }

    pub(crate) fn has_capacity(&self, more: u32) -> bool {
        self.numbered.texts.has_capacity(more)
    }

    #[inline]
    pub(crate) fn find(&self, hasher: &Hasher, name: &str) -> Option<I> {
        self.numbered.find(hasher, Space::ONLY, name).map(I::from)
    }

    /// The index of the name, and whether it is new.
    pub(crate) fn intern(&mut self, hasher: &Hasher, name: &str) -> Result<(I, bool), Full> {
        self.numbered.intern(hasher, Space::ONLY, name).map(|(number, is_new)| (I::from(number), is_new))
    }

    /// Names from texts. `None` if two are equal.
    pub(crate) fn of_texts(texts: Texts<I>, hasher: &Hasher) -> Option<Self> {
        Self::of_texts_in_spaces(texts, hasher, std::iter::repeat(Space::ONLY))
    }

    pub(crate) fn len(&self) -> usize {
        self.numbered.texts.len()
    }

    // Names in several spaces: the same name may stand in each.

    #[inline]
    pub(crate) fn find_in(&self, hasher: &Hasher, space: Space, name: &str) -> Option<I> {
        self.numbered.find(hasher, space, name).map(I::from)
    }

    /// The index of the name in a space, and whether it is new there.
    pub(crate) fn intern_in(&mut self, hasher: &Hasher, space: Space, name: &str) -> Result<(I, bool), Full> {
        self.numbered.intern(hasher, space, name).map(|(number, is_new)| (I::from(number), is_new))
    }

    /// Names from texts and the space of each. `None` if two are equal in one space.
    pub(crate) fn of_texts_in_spaces(texts: Texts<I>, hasher: &Hasher, spaces: impl Iterator<Item = Space>) -> Option<Self> {
        let numbered = Numbered::of_texts(texts.of_other_indices(), hasher, spaces)?;
        Some(Self { numbered, index: PhantomData })
    }

    /// Removes the name from the hash table. Its index and text remain until the next compaction.
    pub(crate) fn forget(&mut self, hasher: &Hasher, index: I) {
        self.forget_in(hasher, Space::ONLY, index);
    }

    /// The same in a space.
    pub(crate) fn forget_in(&mut self, hasher: &Hasher, space: Space, index: I) {
        self.numbered.forget(hasher, space, index.into());
    }

    /// Removes names. Names that have been forgotten before cost less.
    pub(crate) fn compact(&mut self, hasher: &Hasher, renumbering: &Renumbering) {
        self.numbered.compact(hasher, renumbering);
    }

    /// Sorts indices by their names.
    pub(crate) fn sort(&self, list: &mut [I]) {
        order::sort_by(list, |one, other| self.name(one).cmp(self.name(other)));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &str)> {
        (0_u32..).zip(self.numbered.texts.iter()).map(|(number, name)| (I::from(number), name))
    }

    #[inline]
    pub(crate) fn name(&self, index: I) -> &str {
        self.numbered.texts.get(index.into())
    }
}

/// A slot of the hash table: one name.
#[derive(Clone, Copy, Debug)]
struct NameSlot {
    tag: Tag,
    number: u32,
    /// The offset of the name in the text, stored here to save a lookup in `ends`.
    start: u32,
}

impl Slot for NameSlot {
    fn empty() -> Self {
        Self { tag: Tag(0), number: u32::MAX, start: 0 }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.number == u32::MAX
    }

    fn hash(&self, _: &Hasher) -> u32 {
        self.tag.0
    }
}

/// Three bytes of a name's hash in its space, and its length. Names with different tags are different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag(u32);

impl Tag {
    /// The tag of this length and every greater one.
    const LONG: u32 = 0xff;

    #[inline(always)]
    fn of(name: &[u8], hasher: &Hasher) -> Self {
        Self(hasher.bytes(name) & !Self::LONG | u32::try_from(name.len()).unwrap_or(Self::LONG).min(Self::LONG))
    }

    /// The tag in a space. Equal names in different spaces have different tags, since the factor is odd and spaces are below 2^24.
    #[inline(always)]
    const fn in_space(self, space: Space) -> Self {
        Self(self.0.wrapping_add(space.0.wrapping_mul(0x9e37_79b1) << 8))
    }

    #[inline]
    fn is_long(self) -> bool {
        self.0 & Self::LONG == Self::LONG
    }
}

/// The code that does not depend on the type of the index, so that it is compiled once.
#[derive(Clone, Debug)]
struct Numbered {
    texts: Texts<u32>,
    slots: Slots<NameSlot>,
}

/// The number of partitions in which a table is filled.
const PARTS: usize = 256;

impl Numbered {
    #[inline]
    fn find(&self, hasher: &Hasher, space: Space, name: &str) -> Option<u32> {
        let name = name.as_bytes();
        self.find_tagged(Tag::of(name, hasher).in_space(space), name)
    }

    #[inline(never)]
    fn find_tagged(&self, tag: Tag, name: &[u8]) -> Option<u32> {
        self.slots.find(tag.0, |slot| slot.tag == tag && self.is_name_of(*slot, name)).map(|slot| slot.number)
    }

    /// Whether a slot with an equal tag is that of this name.
    #[inline(always)]
    fn is_name_of(&self, slot: NameSlot, name: &[u8]) -> bool {
        if slot.tag.is_long() {
            return self.texts.get(slot.number).as_bytes() == name;
        }
        let start = slot.start as usize;
        self.texts.text.as_bytes().get(start..start.wrapping_add(name.len())).is_some_and(|text| are_same(text, name))
    }

    fn intern(&mut self, hasher: &Hasher, space: Space, name: &str) -> Result<(u32, bool), Full> {
        let tag = Tag::of(name.as_bytes(), hasher).in_space(space);
        if let Some(number) = self.find_tagged(tag, name.as_bytes()) {
            return Ok((number, false));
        }
        let number = self.texts.push(name)?;
        let (start, _) = self.texts.bounds(number);
        self.slots.insert(hasher, NameSlot { tag, number, start });
        Ok((number, true))
    }

    /// Interns all texts. `None` if two are equal.
    ///
    /// A table is far larger than the CPU cache, and names come in no order of their hashes. So they are first partitioned by the region of
    /// the table that they belong to, and then one region is filled after the other while it is in the cache. For many names, that halves
    /// the time.
    fn of_texts(texts: Texts<u32>, hasher: &Hasher, spaces: impl Iterator<Item = Space>) -> Option<Self> {
        let mut start = 0;
        let mut slots: Vec<NameSlot> = Vec::with_capacity(texts.ends.len());
        for ((number, end), space) in (0..).zip(&texts.ends).zip(spaces) {
            let name = texts.text.as_bytes().get(start as usize..*end as usize).unwrap_or_default();
            slots.push(NameSlot { tag: Tag::of(name, hasher).in_space(space), number, start });
            start = *end;
        }
        let part_of = |slot: &NameSlot| (slot.tag.0 >> 24) as usize;
        let mut places = [0_usize; PARTS];
        for slot in &slots {
            if let Some(size) = places.get_mut(part_of(slot)) {
                *size = size.saturating_add(1);
            }
        }
        let mut first = 0_usize;
        for place in &mut places {
            first = first.saturating_add(std::mem::replace(place, first));
        }
        let mut dealt = vec![NameSlot::empty(); slots.len()];
        for slot in slots {
            if let Some(next) = places.get_mut(part_of(&slot))
                && let Some(place) = dealt.get_mut(*next)
            {
                *place = slot;
                *next = next.saturating_add(1);
            }
        }
        let mut numbered = Self { slots: Slots::with_capacity(dealt.len()), texts };
        for slot in dealt {
            let Self { texts, slots } = &mut numbered;
            let is_same = |other: &NameSlot| other.tag == slot.tag && texts.get(other.number) == texts.get(slot.number);
            if !slots.insert_unless(hasher, slot, is_same) {
                return None;
            }
        }
        Some(numbered)
    }

    fn forget(&mut self, hasher: &Hasher, space: Space, number: u32) {
        let tag = Tag::of(self.texts.get(number).as_bytes(), hasher).in_space(space);
        self.slots.remove(hasher, tag.0, |slot| slot.number == number);
    }

    /// No hash of a name changes, so all names keep their slots, unless one is removed that was not forgotten before.
    #[inline(never)]
    fn compact(&mut self, hasher: &Hasher, renumbering: &Renumbering) {
        self.texts.compact(renumbering);
        let Self { texts, slots } = self;
        for slot in slots.slots_mut() {
            slot.number = renumbering.new_number(slot.number);
            (slot.start, _) = texts.bounds(slot.number);
        }
        slots.compact(hasher);
    }
}

/// Compares two slices of equal length. They are short: two loads of each, and no function call.
#[inline]
fn are_same(one: &[u8], other: &[u8]) -> bool {
    match one.len() {
        8..=16 => have_same_ends::<8>(one, other),
        17..=32 => have_same_ends::<16>(one, other),
        _ => one == other,
    }
}

/// Whether the first and last `SIZE` bytes are equal. That is everything if the length is at most twice `SIZE`.
#[inline]
fn have_same_ends<const SIZE: usize>(one: &[u8], other: &[u8]) -> bool {
    (one.first_chunk::<SIZE>() == other.first_chunk::<SIZE>()) & (one.last_chunk::<SIZE>() == other.last_chunk::<SIZE>())
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test may stop at the first surprise")]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::{Hasher, Names, Numbered, Space, Tag, Texts, are_same};

    /// The lengths at which the comparison changes, and those next to them.
    fn lengths() -> impl Iterator<Item = usize> {
        (0..=40).chain(250..=260)
    }

    /// The name of that length, and all names that differ from it in one position.
    fn variants(length: usize) -> Vec<String> {
        let name = "a".repeat(length);
        let other = |place| [&name[..place], "b", &name[place + 1..]].concat();
        [name.clone()].into_iter().chain((0..length).map(other)).collect()
    }

    fn names_of(list: &[String], hasher: &Hasher) -> Option<Names<u32>> {
        let mut texts = Texts::new();
        for name in list {
            let _: u32 = texts.push(name).unwrap();
        }
        Names::of_texts(texts, hasher)
    }

    #[test]
    fn bytes_are_equal_if_none_differs() {
        for length in lengths() {
            let variants = variants(length);
            for one in &variants {
                for other in &variants {
                    assert_eq!(are_same(one.as_bytes(), other.as_bytes()), one == other, "{one} {other}");
                }
            }
        }
    }

    /// Names with equal tags, which are rare, are distinguished by their bytes.
    #[test]
    fn names_with_equal_tags_are_distinguished() {
        let hasher = Hasher::keyed_by(1);
        for length in lengths() {
            let variants = variants(length);
            let mut numbered = Numbered::of_texts(Texts::new(), &hasher, std::iter::empty()).unwrap();
            let (number, _) = numbered.intern(&hasher, Space::ONLY, &variants[0]).unwrap();
            let tag = Tag::of(variants[0].as_bytes(), &hasher);
            assert_eq!(tag.is_long(), length >= 255);
            assert_eq!(numbered.find_tagged(tag, variants[0].as_bytes()), Some(number));
            for other in &variants[1..] {
                assert_eq!(numbered.find_tagged(tag, other.as_bytes()), None, "{other}");
            }
            // Long names with equal tags can have different lengths.
            if tag.is_long() {
                assert_eq!(numbered.find_tagged(tag, "a".repeat(length + 1).as_bytes()), None);
                assert_eq!(numbered.find_tagged(tag, "a".repeat(length - 1).as_bytes()), None);
            }
        }
    }

    #[test]
    fn names_of_every_length_are_found_and_no_others() {
        let hasher = Hasher::keyed_by(2);
        let all: Vec<_> = lengths().flat_map(variants).collect();
        let mut one_by_one = Names::<u32>::new();
        for (number, name) in (0..).zip(&all) {
            assert_eq!(one_by_one.find(&hasher, name), None);
            assert_eq!(one_by_one.intern(&hasher, name).unwrap(), (number, true));
            assert_eq!(one_by_one.intern(&hasher, name).unwrap(), (number, false));
        }
        let mut at_once = names_of(&all, &hasher).unwrap();
        for names in [&mut one_by_one, &mut at_once] {
            let is_gone = |number: u32| number % 3 == 1;
            for number in (0..all.len() as u32).filter(|number| is_gone(*number)) {
                names.forget_in(&hasher, Space::ONLY, number);
            }
            for (number, name) in (0..).zip(&all) {
                assert_eq!(names.find(&hasher, name), (!is_gone(number)).then_some(number), "{name}");
                assert_eq!(names.name(number), name);
                assert_eq!(names.find(&hasher, &format!("{name}c")), None);
            }
            // A name that is interned again after it was forgotten gets a new index.
            let again = all.len() as u32;
            assert_eq!(names.intern(&hasher, &all[1]).unwrap(), (again, true));
            assert_eq!(names.find(&hasher, &all[1]), Some(again));
        }
    }

    /// So many that some have equal tags.
    #[test]
    fn names_whose_tags_collide_are_all_found() {
        let hasher = Hasher::keyed_by(3);
        let all: Vec<_> = (0..50_000).map(|number| format!("name_{number:06}")).collect();
        let tags: HashSet<_> = all.iter().map(|name| Tag::of(name.as_bytes(), &hasher).0).collect();
        assert!(tags.len() < all.len());
        let names = names_of(&all, &hasher).unwrap();
        let mut grown = Names::<u32>::new();
        for (number, name) in (0..).zip(&all) {
            assert_eq!(grown.intern(&hasher, name).unwrap(), (number, true));
            assert_eq!(names.find(&hasher, name), Some(number));
            assert_eq!(names.find(&hasher, &name.replace('_', "-")), None);
        }
        assert!((0..).zip(&all).all(|(number, name)| grown.find(&hasher, name) == Some(number)));
        // If one of several names with equal tags is forgotten, the others are still found.
        let mut by_tag = HashMap::new();
        for (number, name) in (0_u32..).zip(&all) {
            if let Some(twin) = by_tag.insert(Tag::of(name.as_bytes(), &hasher).0, number) {
                grown.forget_in(&hasher, Space::ONLY, twin);
                assert_eq!(grown.find(&hasher, name), Some(number));
                assert_eq!(grown.find(&hasher, &all[twin as usize]), None);
            }
        }
    }

    /// The same name may stand in each of several spaces, and is found in its own.
    #[test]
    fn spaces_have_names_of_their_own() {
        let hasher = Hasher::keyed_by(5);
        let spaces: Vec<_> = (0..2_000).chain([(1 << 24) - 1]).map(Space::of).collect();
        for name in ["", "r1", &"long".repeat(70)] {
            let mut texts = Texts::new();
            let mut grown = Names::<u32>::new();
            for (number, space) in (0..).zip(&spaces) {
                let _: u32 = texts.push(name).unwrap();
                assert_eq!(grown.find_in(&hasher, *space, name), None);
                assert_eq!(grown.intern_in(&hasher, *space, name).unwrap(), (number, true));
                assert_eq!(grown.intern_in(&hasher, *space, name).unwrap(), (number, false));
            }
            let at_once = Names::of_texts_in_spaces(texts.clone(), &hasher, spaces.iter().copied()).unwrap();
            assert!(Names::of_texts(texts, &hasher).is_none());
            for (number, space) in (0..).zip(&spaces) {
                assert_eq!(at_once.find_in(&hasher, *space, name), Some(number));
                assert_eq!(grown.find_in(&hasher, *space, name), Some(number));
                grown.forget_in(&hasher, *space, number);
                assert_eq!(grown.find_in(&hasher, *space, name), None);
            }
        }
    }

    #[test]
    fn a_repeated_name_is_detected_at_any_index() {
        let hasher = Hasher::keyed_by(4);
        for make in [|number: usize| format!("n{number}"), |number| format!("{}{number}", "long".repeat(70)), |number| "x".repeat(number)] {
            let list: Vec<_> = (0..24).map(make).collect();
            assert!(names_of(&list, &hasher).is_some());
            for (first, second) in (0..24).flat_map(|first| (0..first).map(move |second| (first, second))) {
                let mut list = list.clone();
                list[first] = list[second].clone();
                assert!(names_of(&list, &hasher).is_none(), "{first} {second}");
            }
        }
        assert!(names_of(&[], &hasher).is_some());
    }
}
