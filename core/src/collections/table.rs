//! Tables: rows by a small typed index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use crate::collections::renumbering::Renumbering;

/// Defines a 32-bit index into one table, which cannot be confused with an index into another.
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

        impl AsMut<u32> for $name {
            fn as_mut(&mut self) -> &mut u32 {
                &mut self.0
            }
        }
    )+ };
}
pub(crate) use indices;

/// An optional index in the space of an index. No table is long enough to use the index that stands for none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Maybe<I>(u32, PhantomData<I>);

impl<I> Maybe<I> {
    pub(crate) const NONE: Self = Self(u32::MAX, PhantomData);

    #[inline]
    pub(crate) fn is_some(self) -> bool {
        self.0 != u32::MAX
    }

    /// This index if there is one, otherwise the other.
    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        Self::choose(self.is_some(), self, other)
    }

    /// Selects one of two without a branch.
    #[inline(always)]
    pub(crate) fn choose(condition: bool, one: Self, other: Self) -> Self {
        let mask = u32::from(condition).wrapping_neg();
        Self(one.0 & mask | other.0 & !mask, PhantomData)
    }
}

impl<I: From<u32>> Maybe<I> {
    #[inline]
    pub(crate) fn get(self) -> Option<I> {
        (self.0 != u32::MAX).then(|| I::from(self.0))
    }
}

/// The index as a number; `u32::MAX` for none.
impl<I> AsMut<u32> for Maybe<I> {
    fn as_mut(&mut self) -> &mut u32 {
        &mut self.0
    }
}

impl<I> Default for Maybe<I> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<I> Clone for Maybe<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for Maybe<I> {}

/// From the number of an index, or `u32::MAX` for none.
impl<I> From<u32> for Maybe<I> {
    fn from(number: u32) -> Self {
        Self(number, PhantomData)
    }
}

impl<I: Into<u32>> From<Option<I>> for Maybe<I> {
    fn from(index: Option<I>) -> Self {
        index.map_or(Self::NONE, |index| Self(index.into(), PhantomData))
    }
}

/// A list with a typed index.
#[derive(Clone, Debug)]
pub(crate) struct Table<I, T> {
    rows: Vec<T>,
    index: PhantomData<I>,
}

impl<I: From<u32>, T> Table<I, T> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), index: PhantomData }
    }

    /// This many equal rows.
    pub(crate) fn of_same(row: T, count: usize) -> Self
    where
        T: Clone,
    {
        Self { rows: vec![row; count], index: PhantomData }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.rows.reserve_exact(more);
    }

    pub(crate) fn push(&mut self, row: T) {
        self.rows.push(row);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn compact(&mut self, renumbering: &Renumbering) {
        renumbering.compact(&mut self.rows);
    }

    /// The index of that number, if there is such a row.
    #[inline]
    pub(crate) fn at(&self, number: u32) -> Option<I> {
        ((number as usize) < self.rows.len()).then(|| I::from(number))
    }

    /// The row of an index that may have none yet.
    pub(crate) fn find(&self, index: I) -> Option<&T>
    where
        I: Into<u32>,
    {
        self.rows.get(index.into() as usize)
    }

    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        (0_u32..).map(I::from).zip(&self.rows)
    }
}

/// A column whose values are mostly the default: it takes no memory after the last value that is not.
#[derive(Clone, Debug)]
pub(crate) struct Sparse<I, T> {
    values: Vec<T>,
    index: PhantomData<I>,
}

impl<I: Into<u32>, T: Copy + Default + PartialEq> Sparse<I, T> {
    pub(crate) const fn new() -> Self {
        Self { values: Vec::new(), index: PhantomData }
    }

    /// A column that begins with these values.
    pub(crate) const fn of_values(values: Vec<T>) -> Self {
        Self { values, index: PhantomData }
    }

    #[inline]
    pub(crate) fn get(&self, index: I) -> T {
        self.values.get(index.into() as usize).copied().unwrap_or_default()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.values.iter_mut()
    }

    pub(crate) fn compact(&mut self, renumbering: &Renumbering) {
        renumbering.compact(&mut self.values);
    }

    #[inline]
    pub(crate) fn put(&mut self, index: I, value: T) {
        let index = index.into() as usize;
        if index >= self.values.len() {
            if value == T::default() {
                return;
            }
            self.values.resize(index, T::default());
            self.values.push(value);
        } else if let Some(place) = self.values.get_mut(index) {
            *place = value;
        }
    }
}

// INVARIANT: an index is only made by the table that it points into, and none outlives its row: compaction renumbers the indices with the
// rows.
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
