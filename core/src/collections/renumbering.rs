//! Renumbering: the new indices of a table's entries after compaction.

/// The new index of every old one: four bytes per entry, the only memory that the compaction of a table needs beside the table.
pub(crate) struct Renumbering {
    numbers: Vec<u32>,
    kept: u32,
}

const GONE: u32 = u32::MAX;

impl Renumbering {
    /// For this many entries, none of which is kept so far.
    pub(crate) fn of(count: usize) -> Self {
        Self { numbers: vec![GONE; count], kept: 0 }
    }

    /// Keeps an entry.
    pub(crate) fn keep(&mut self, number: u32) {
        if let Some(place) = self.numbers.get_mut(number as usize) {
            *place = 0;
        }
    }

    /// Assigns new indices to the entries that are kept.
    pub(crate) fn number(&mut self) {
        for place in self.numbers.iter_mut().filter(|place| **place != GONE) {
            *place = self.kept;
            self.kept = self.kept.saturating_add(1);
        }
    }

    /// How many entries are kept.
    pub(crate) fn kept(&self) -> u32 {
        self.kept
    }

    /// The new index of an entry. That of none, or of a removed entry, is none.
    #[inline]
    pub(crate) fn new_number(&self, number: u32) -> u32 {
        self.numbers.get(number as usize).copied().unwrap_or(GONE)
    }

    /// Removes the rows of all entries that are not kept.
    #[inline(never)]
    pub(crate) fn compact<T>(&self, rows: &mut Vec<T>) {
        let mut kept = 0_usize;
        for (old, new) in self.numbers.iter().enumerate() {
            if *new != GONE && old < rows.len() {
                // INVARIANT: no more entries are kept than there have been so far.
                rows.swap(old, kept);
                kept = kept.saturating_add(1);
            }
        }
        rows.truncate(kept);
        shrink(rows);
    }

    /// Removes the texts of all entries that are not kept, given where each text ends.
    pub(crate) fn compact_texts(&self, text: &mut String, ends: &mut Vec<u32>) {
        let mut bytes = std::mem::take(text).into_bytes();
        let (mut start, mut kept) = (0, 0);
        for (new, end) in self.numbers.iter().zip(ends.iter_mut()) {
            let old = std::mem::replace(&mut start, *end as usize)..*end as usize;
            if *new != GONE {
                let length = old.len();
                // INVARIANT: ends ascend and are within the bytes, and texts only move to the front.
                bytes.copy_within(old, kept);
                kept = kept.saturating_add(length);
            }
            *end = kept as u32;
        }
        bytes.truncate(kept);
        shrink(&mut bytes);
        self.compact(ends);
        // INVARIANT: the bytes are whole texts, concatenated.
        *text = String::from_utf8(bytes).unwrap_or_default();
    }
}

/// Frees memory beyond the growth that can be expected before the next compaction.
pub(crate) fn shrink<T>(rows: &mut Vec<T>) {
    rows.shrink_to(rows.len().saturating_add(rows.len() / 2));
}
