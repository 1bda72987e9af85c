//! Names and texts: every string in one long one, and ids found by a hash that nobody outside can aim at.

use std::marker::PhantomData;

use hashbrown::HashTable;
use rapidhash::v3::{RapidSecrets, rapidhash_v3_micro_inline};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode};
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
    pub(crate) fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), index: PhantomData }
    }

    pub(crate) fn reserve(&mut self, count: usize, bytes: usize) {
        self.ends.reserve_exact(count);
        self.text.reserve_exact(bytes);
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

    #[inline]
    pub(crate) fn get(&self, index: I) -> &str {
        let number = index.into() as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(start);
        // INVARIANT: every end was the length of `text` when its string had just been added.
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Strings, each once, numbered in the order of their arrival.
#[derive(Clone, Debug)]
pub(crate) struct Names<I> {
    texts: Texts<I>,
    numbers: HashTable<u32>,
}

impl<I: Copy + From<u32> + Into<u32>> Names<I> {
    pub(crate) fn new() -> Self {
        Self { texts: Texts::new(), numbers: HashTable::new() }
    }

    pub(crate) fn reserve(&mut self, hasher: &Hasher, count: usize, bytes: usize) {
        self.texts.reserve(count, bytes);
        let Self { texts, numbers } = self;
        numbers.reserve(count, |number| hasher.text(texts.get(I::from(*number))));
    }

    pub(crate) fn has_room(&self, more: u32) -> bool {
        self.texts.has_room(more)
    }

    #[inline]
    pub(crate) fn find(&self, hasher: &Hasher, name: &str) -> Option<I> {
        self.find_hashed(hasher.text(name), name)
    }

    #[inline]
    fn find_hashed(&self, hash: u64, name: &str) -> Option<I> {
        self.numbers.find(hash, |number| self.texts.get(I::from(*number)) == name).map(|number| I::from(*number))
    }

    /// The name's index, and whether it is new.
    pub(crate) fn intern(&mut self, hasher: &Hasher, name: &str) -> Result<(I, bool), Full> {
        let hash = hasher.text(name);
        if let Some(index) = self.find_hashed(hash, name) {
            return Ok((index, false));
        }
        let index = self.texts.push(name)?;
        let Self { texts, numbers } = self;
        numbers.insert_unique(hash, index.into(), |other| hasher.text(texts.get(I::from(*other))));
        Ok((index, true))
    }

    /// Makes the name unknown. Its index and text stay until the tables are built anew.
    pub(crate) fn forget(&mut self, hasher: &Hasher, index: I) {
        let number = index.into();
        if let Ok(entry) = self.numbers.find_entry(hasher.text(self.texts.get(index)), |other| *other == number) {
            entry.remove();
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &str)> {
        (0_u32..).take(self.texts.ends.len()).map(|number| (I::from(number), self.name(I::from(number))))
    }

    #[inline]
    pub(crate) fn name(&self, index: I) -> &str {
        self.texts.get(index)
    }
}
