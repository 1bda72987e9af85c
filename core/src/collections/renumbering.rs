//! Renumbering: what becomes of a table's numbers when the entries that are of no use are taken out, and the others close up in their order.

/// The new number of every old one: four bytes an entry, which is all that closing up a table takes beside the table.
pub(crate) struct Renumbering {
    numbers: Vec<u32>,
    kept: u32,
}

const GONE: u32 = u32::MAX;

impl Renumbering {
    /// For so many entries, of which none is of use so far.
    pub(crate) fn of(count: usize) -> Self {
        Self { numbers: vec![GONE; count], kept: 0 }
    }

    /// Lets an entry stay.
    pub(crate) fn keep(&mut self, number: u32) {
        if let Some(place) = self.numbers.get_mut(number as usize) {
            *place = 0;
        }
    }

    /// Numbers the entries that stay.
    pub(crate) fn number(&mut self) {
        for place in self.numbers.iter_mut().filter(|place| **place != GONE) {
            *place = self.kept;
            self.kept = self.kept.saturating_add(1);
        }
    }

    /// How many stay.
    pub(crate) fn kept(&self) -> u32 {
        self.kept
    }

    /// The new number. Of none, and of what has gone, it is none.
    #[inline]
    pub(crate) fn new_number(&self, number: u32) -> u32 {
        self.numbers.get(number as usize).copied().unwrap_or(GONE)
    }

    /// Takes out the rows of what goes.
    #[inline(never)]
    pub(crate) fn compact<T: Copy>(&self, rows: &mut Vec<T>) {
        let mut kept = 0_usize;
        for (old, new) in self.numbers.iter().enumerate() {
            if *new != GONE
                && let Some(row) = rows.get(old).copied()
                && let Some(place) = rows.get_mut(kept)
            {
                *place = row;
                kept = kept.saturating_add(1);
            }
        }
        rows.truncate(kept);
        shrink(rows);
    }

    /// Takes out the texts of what goes, given where each one ends.
    pub(crate) fn compact_texts(&self, text: &mut String, ends: &mut Vec<u32>) {
        let mut bytes = std::mem::take(text).into_bytes();
        let (mut start, mut kept) = (0, 0);
        for (new, end) in self.numbers.iter().zip(ends.iter_mut()) {
            let old = std::mem::replace(&mut start, *end as usize)..*end as usize;
            if *new != GONE {
                let length = old.len();
                // INVARIANT: ends ascend and lie within the bytes, and texts only ever move to the front.
                bytes.copy_within(old, kept);
                kept = kept.saturating_add(length);
            }
            *end = kept as u32;
        }
        bytes.truncate(kept);
        shrink(&mut bytes);
        self.compact(ends);
        // INVARIANT: whole texts, one behind the other.
        *text = String::from_utf8(bytes).unwrap_or_default();
    }
}

/// Gives memory back that is more than what grows before the next time.
pub(crate) fn shrink<T>(rows: &mut Vec<T>) {
    rows.shrink_to(rows.len().saturating_add(rows.len() / 2));
}
