//! Tables and names: every string once, every thing by a small typed index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use hashbrown::HashTable;
use rapidhash::v3::{RapidSecrets, rapidhash_v3_micro_inline};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode};
use crate::path::Path;

/// Defines a 32-bit index into one table, which cannot be mistaken for that into another.
macro_rules! indices {
    ($( $(#[$meta:meta])* $name:ident; )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(u32);

        impl From<u32> for $name {
            fn from(index: u32) -> Self {
                Self(index)
            }
        }

        impl From<$name> for u32 {
            fn from(index: $name) -> u32 {
                index.0
            }
        }
    )+ };
}
pub(crate) use indices;

/// A list whose places are typed.
#[derive(Clone, Debug)]
pub(crate) struct Table<I, T> {
    rows: Vec<T>,
    index: PhantomData<I>,
}

impl<I: From<u32>, T> Table<I, T> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), index: PhantomData }
    }

    pub(crate) fn push(&mut self, row: T) {
        self.rows.push(row);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        (0_u32..).map(I::from).zip(&self.rows)
    }
}

// INVARIANT: an index is only ever made by the table that it points into, and no row is ever taken out.
#[expect(clippy::indexing_slicing, reason = "see the invariant; this is the one place that indexes")]
impl<I: Into<u32>, T> Index<I> for Table<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, index: I) -> &T {
        let index: u32 = index.into();
        &self.rows[index as usize]
    }
}

#[expect(clippy::indexing_slicing, reason = "see the invariant above")]
impl<I: Into<u32>, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, index: I) -> &mut T {
        let index: u32 = index.into();
        &mut self.rows[index as usize]
    }
}

/// A keyed hash of ids and of pairs of indices.
///
/// Customers choose ids, so the key must be unknown to them, and it must be the same on every target. It is therefore drawn from the
/// document itself: whoever picks one id to collide with another changes the key by picking it.
#[derive(Clone, Debug)]
pub(crate) struct Hasher(RapidSecrets);

impl Hasher {
    /// A hash whose key is drawn from these texts.
    pub(crate) fn keyed_by<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut digest = Sha256::new();
        for text in texts {
            digest.update(text.as_bytes());
            // No id has this byte, so that no two lists of ids read alike.
            digest.update([0]);
        }
        let key = digest.finalize().first_chunk().copied().map_or(0, u64::from_le_bytes);
        Self(RapidSecrets::seed(key))
    }

    #[inline]
    pub(crate) fn text(&self, text: &str) -> u64 {
        rapidhash_v3_micro_inline::<true, true>(text.as_bytes(), &self.0)
    }

    #[inline]
    pub(crate) fn pair(&self, first: u32, second: u32) -> u64 {
        let pair = u64::from(first) << 32 | u64::from(second);
        rapidhash_v3_micro_inline::<true, true>(&pair.to_le_bytes(), &self.0)
    }
}

/// Strings, each once, numbered in the order of their arrival.
#[derive(Clone, Debug)]
pub(crate) struct Names<I> {
    text: String,
    /// Where each name ends in `text`; it begins where the one before it ends.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    index: PhantomData<I>,
}

/// More text or more names than 32-bit offsets can address.
#[derive(Debug)]
pub(crate) struct Full;

impl Full {
    pub(crate) fn into_error(self) -> Error {
        Error::new(ErrorCode::LimitExceeded, &Path::Root, "the document names more things than 32-bit indices can tell apart")
    }
}

impl<I: From<u32> + Into<u32>> Names<I> {
    pub(crate) fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), numbers: HashTable::new(), index: PhantomData }
    }

    #[inline]
    pub(crate) fn find(&self, hasher: &Hasher, name: &str) -> Option<I> {
        self.numbers.find(hasher.text(name), |number| self.at(*number) == name).map(|number| I::from(*number))
    }

    /// The name's index, and whether it is new.
    pub(crate) fn intern(&mut self, hasher: &Hasher, name: &str) -> Result<(I, bool), Full> {
        if let Some(index) = self.find(hasher, name) {
            return Ok((index, false));
        }
        let number = u32::try_from(self.ends.len()).map_err(|_| Full)?;
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).map_err(|_| Full)?);
        let Self { text, ends, numbers, .. } = self;
        numbers.insert_unique(hasher.text(name), number, |other| hasher.text(slice(text, ends, *other)));
        Ok((I::from(number), true))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &str)> {
        (0_u32..).take(self.ends.len()).map(|number| (I::from(number), self.at(number)))
    }

    #[inline]
    pub(crate) fn name(&self, index: I) -> &str {
        self.at(index.into())
    }

    #[inline]
    fn at(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }
}

#[inline]
fn slice<'t>(text: &'t str, ends: &[u32], number: u32) -> &'t str {
    let number = number as usize;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(number).copied().unwrap_or(start);
    // INVARIANT: every end was the length of `text` when its name had just been added.
    text.get(start as usize..end as usize).unwrap_or_default()
}
