//! Names and texts: every string in one long one, and ids found by a hash that nobody outside can aim at.

use std::marker::PhantomData;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rapidhash::v3::{RapidSecrets, rapidhash_v3_micro_inline};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode};
use crate::order;
use crate::path::Path;

/// A keyed hash of ids, of pairs of indices, and of digests.
///
/// Customers choose ids, so the key must be unknown to them. A host passes random numbers for it (the core has none). Where it does not, the key
/// is drawn from the document itself: whoever picks one id to collide with another changes the key by picking it. No answer and no byte that
/// is written depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Hasher(RapidSecrets);

impl Hasher {
    pub(crate) fn keyed_by(key: u64) -> Self {
        Self(RapidSecrets::seed(key))
    }

    /// A hash whose key is drawn from these texts.
    pub(crate) fn keyed_by_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut digest = Sha256::new();
        for text in texts {
            digest.update(text.as_bytes());
            // No id has this byte, so that no two lists of ids read alike.
            digest.update([0]);
        }
        Self::keyed_by(digest.finalize().first_chunk().copied().map_or(0, u64::from_le_bytes))
    }

    #[inline]
    pub(crate) fn text(&self, text: &str) -> u64 {
        self.bytes(text.as_bytes())
    }

    #[inline]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> u64 {
        rapidhash_v3_micro_inline::<true, true>(bytes, &self.0)
    }

    #[inline]
    pub(crate) fn pair(&self, first: u32, second: u32) -> u64 {
        let pair = u64::from(first) << 32 | u64::from(second);
        self.bytes(&pair.to_le_bytes())
    }
}

/// More text or more names than 32-bit offsets can address.
#[derive(Debug)]
pub(crate) struct Full;

impl Full {
    pub(crate) fn into_error(self) -> Error {
        Error::new(ErrorCode::LimitExceeded, &Path::Root, "the directory names more things than 32-bit indices can tell apart")
    }
}

/// Strings one behind the other, numbered in the order of their arrival. None is ever taken out.
#[derive(Clone, Debug)]
pub(crate) struct Texts<I> {
    text: String,
    /// Where each one ends in `text`; it begins where the one before it ends.
    ends: Vec<u32>,
    index: PhantomData<I>,
}

impl<I: From<u32> + Into<u32>> Texts<I> {
    pub(crate) const fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), index: PhantomData }
    }

    /// All the texts of a column at once. `None` where they are not so long as they say.
    #[inline(never)]
    pub(crate) fn of_column(text: &str, lengths: impl Iterator<Item = u16>) -> Option<Self> {
        let mut end = 0_u32;
        let mut ends = Vec::with_capacity(lengths.size_hint().0);
        for length in lengths {
            end = end.checked_add(length.into())?;
            if !text.is_char_boundary(end as usize) {
                return None;
            }
            ends.push(end);
        }
        (end as usize == text.len()).then(|| Self { text: text.to_owned(), ends, index: PhantomData })
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<I, Full> {
        // The last number is not given away: it stands for none.
        let number = u32::try_from(self.ends.len()).ok().filter(|number| *number < u32::MAX).ok_or(Full)?;
        let end = self.text.len().checked_add(text.len()).and_then(|end| u32::try_from(end).ok()).ok_or(Full)?;
        self.text.push_str(text);
        self.ends.push(end);
        Ok(I::from(number))
    }

    /// Whether so many more fit, each as long as texts can be.
    pub(crate) fn has_room(&self, more: u32) -> bool {
        let bytes = (more as usize).saturating_mul(4_096);
        self.ends.len() < u32::MAX.saturating_sub(more) as usize && self.text.len() < (u32::MAX as usize).saturating_sub(bytes)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0_u32..).take(self.ends.len()).map(|number| self.get(I::from(number)))
    }

    #[inline]
    pub(crate) fn get(&self, index: I) -> &str {
        let number = index.into() as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(start);
        // INVARIANT: every end was the length of `text` when its string had just been added.
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Into how many parts a table is filled.
const PARTS: usize = 128;

/// The part of a table with so much room into which a hash falls.
fn part_by_hash(capacity: usize) -> impl Fn(u64) -> usize {
    let bits = u64::BITS.saturating_sub((capacity as u64).leading_zeros()).max(PARTS.ilog2());
    let shift = bits.saturating_sub(PARTS.ilog2());
    move |hash| usize::try_from(hash.checked_shr(shift).unwrap_or(0) & (PARTS as u64).saturating_sub(1)).unwrap_or(0)
}

/// Strings, each once, numbered in the order of their arrival.
#[derive(Clone, Debug)]
pub(crate) struct Names<I> {
    numbered: Numbered,
    index: PhantomData<I>,
}

impl<I: Copy + From<u32> + Into<u32>> Names<I> {
    pub(crate) const fn new() -> Self {
        Self { numbered: Numbered { texts: Texts::new(), numbers: HashTable::new() }, index: PhantomData }
    }

    pub(crate) fn has_room(&self, more: u32) -> bool {
        self.numbered.texts.has_room(more)
    }

    #[inline]
    pub(crate) fn find(&self, hasher: &Hasher, name: &str) -> Option<I> {
        self.numbered.find(hasher, name).map(I::from)
    }

    /// The name's index, and whether it is new.
    pub(crate) fn intern(&mut self, hasher: &Hasher, name: &str) -> Result<(I, bool), Full> {
        self.numbered.intern(hasher, name).map(|(number, is_new)| (I::from(number), is_new))
    }

    /// The names of these texts. `None` where two are the same.
    pub(crate) fn of_texts(texts: Texts<I>, hasher: &Hasher) -> Option<Self> {
        let Texts { text, ends, .. } = texts;
        let mut numbered = Numbered { texts: Texts { text, ends, index: PhantomData }, numbers: HashTable::new() };
        numbered.index_all(hasher).then_some(Self { numbered, index: PhantomData })
    }

    /// Makes the name unknown. Its index and text stay until the tables are built anew.
    pub(crate) fn forget(&mut self, hasher: &Hasher, index: I) {
        self.numbered.forget(hasher, index.into());
    }

    /// Puts indices in the order of their names.
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

/// The same whatever the names are those of, so that there is one copy of this code.
#[derive(Clone, Debug)]
struct Numbered {
    texts: Texts<u32>,
    numbers: HashTable<u32>,
}

impl Numbered {
    #[inline]
    fn find(&self, hasher: &Hasher, name: &str) -> Option<u32> {
        self.numbers.find(hasher.text(name), |number| self.texts.get(*number) == name).copied()
    }

    fn intern(&mut self, hasher: &Hasher, name: &str) -> Result<(u32, bool), Full> {
        let Self { texts, numbers } = self;
        match numbers.entry(hasher.text(name), |number| texts.get(*number) == name, |number| hasher.text(texts.get(*number))) {
            Entry::Occupied(entry) => Ok((*entry.get(), false)),
            Entry::Vacant(entry) => {
                let number = texts.push(name)?;
                entry.insert(number);
                Ok((number, true))
            }
        }
    }

    /// Makes all names known. False where two are the same.
    ///
    /// A table is far larger than a cache, and names come in no order of their hashes. So they are first dealt out by the part of the table that they
    /// belong to, and then each part is filled while it is at hand: half the time, for many names. (Which part that is depends on how the
    /// library lays its table out; a wrong guess would cost time alone.)
    fn index_all(&mut self, hasher: &Hasher) -> bool {
        let Self { texts, numbers } = self;
        let hash_of = |number: u32| hasher.text(texts.get(number));
        let count = u32::try_from(texts.ends.len()).unwrap_or(u32::MAX);
        numbers.reserve(count as usize, |_| 0);
        let part_of = part_by_hash(numbers.capacity());
        let hashes: Vec<u64> = (0..count).map(hash_of).collect();
        let mut places = [0_usize; PARTS];
        for hash in &hashes {
            if let Some(size) = places.get_mut(part_of(*hash)) {
                *size = size.saturating_add(1);
            }
        }
        let mut start = 0_usize;
        for place in &mut places {
            start = start.saturating_add(std::mem::replace(place, start));
        }
        let mut dealt = vec![(0_u64, 0_u32); hashes.len()];
        for (number, hash) in (0..count).zip(hashes) {
            if let Some(next) = places.get_mut(part_of(hash))
                && let Some(place) = dealt.get_mut(*next)
            {
                *place = (hash, number);
                *next = next.saturating_add(1);
            }
        }
        let mut are_distinct = true;
        for (hash, number) in dealt {
            let is_it = |other: &u32| texts.get(*other) == texts.get(number);
            match numbers.entry(hash, is_it, |other| hash_of(*other)) {
                Entry::Occupied(_) => are_distinct = false,
                Entry::Vacant(entry) => {
                    entry.insert(number);
                }
            }
        }
        are_distinct
    }

    fn forget(&mut self, hasher: &Hasher, number: u32) {
        if let Ok(entry) = self.numbers.find_entry(hasher.text(self.texts.get(number)), |other| *other == number) {
            entry.remove();
        }
    }
}
