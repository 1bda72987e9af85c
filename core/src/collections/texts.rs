//! Texts: concatenated strings, numbered in the order of insertion.

use std::marker::PhantomData;

use super::renumbering::Renumbering;

/// There are more texts or more bytes than 32-bit numbers can address.
#[derive(Debug)]
pub(crate) struct Full;

/// Concatenated strings, numbered in the order of insertion.
#[derive(Clone, Debug)]
pub(crate) struct Texts<I> {
    pub(super) text: String,
    /// The end of each string in `text`; it begins at the end of the one before.
    pub(super) ends: Vec<u32>,
    index: PhantomData<I>,
}

impl<I: From<u32> + Into<u32>> Texts<I> {
    pub(crate) const fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), index: PhantomData }
    }

    /// The texts of a whole column. `None` if the lengths do not match the text.
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

    /// The same texts with another type of index.
    pub(super) fn of_other_indices<J>(self) -> Texts<J> {
        Texts { text: self.text, ends: self.ends, index: PhantomData }
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<I, Full> {
        // The last number is not used: it stands for none.
        let number = u32::try_from(self.ends.len()).ok().filter(|number| *number < u32::MAX).ok_or(Full)?;
        let end = self.text.len().checked_add(text.len()).and_then(|end| u32::try_from(end).ok()).ok_or(Full)?;
        self.text.push_str(text);
        self.ends.push(end);
        Ok(I::from(number))
    }

    /// Whether this many more texts fit, each of the greatest length.
    pub(crate) fn has_capacity(&self, more: u32) -> bool {
        let bytes = (more as usize).saturating_mul(4_096);
        self.ends.len() < u32::MAX.saturating_sub(more) as usize && self.text.len() < (u32::MAX as usize).saturating_sub(bytes)
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn compact(&mut self, renumbering: &Renumbering) {
        renumbering.compact_texts(&mut self.text, &mut self.ends);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0_u32..).take(self.ends.len()).map(|number| self.get(I::from(number)))
    }

    /// The offsets at which a text begins and ends.
    #[inline]
    pub(super) fn bounds(&self, index: I) -> (u32, u32) {
        let number = index.into() as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        (start, self.ends.get(number).copied().unwrap_or(start))
    }

    #[inline]
    pub(crate) fn get(&self, index: I) -> &str {
        let (start, end) = self.bounds(index);
        // INVARIANT: every end was the length of `text` when its string had just been added.
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}
