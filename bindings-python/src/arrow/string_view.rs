//! Columns of string views. A view holds a short text itself, and points to a longer one. Every view is checked before it is followed, because the Arrow
//! crates trust those of another library.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, StringViewArray};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};

use super::error::Damage;

pub(super) struct StringViews {
    views: ScalarBuffer<u128>,
    buffers: Arc<[Buffer]>,
    nulls: Option<NullBuffer>,
}

impl StringViews {
    pub(super) fn new(array: &StringViewArray) -> Self {
        Self { views: array.views().clone(), buffers: array.data_buffers().clone(), nulls: array.nulls().cloned() }
    }

    /// The bytes of some rows, and `None` for null, whose view is not read.
    pub(super) fn each<'b>(&'b self, rows: Range<usize>, mut take: impl FnMut(Option<&'b [u8]>)) -> Result<(), Damage> {
        let (views, _) = self.views.inner().as_slice().as_chunks::<16>();
        let views = views.get(rows.clone()).ok_or(Damage::View)?;
        for (row, view) in rows.zip(views) {
            if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                take(None);
                continue;
            }
            let [length, prefix, index, offset] = words(view);
            let length = u32::from_le_bytes(length) as usize;
            // A text that does not fit into the view is in a buffer.
            let inline = view.get(4..).and_then(|inline| inline.get(..length));
            let found = inline.or_else(|| self.outside(length, index, offset).filter(|bytes| bytes.starts_with(&prefix)));
            take(Some(found.ok_or(Damage::View)?));
        }
        Ok(())
    }

    /// The bytes of a text that is too long for its view. A negative number becomes greater than every count and length.
    fn outside(&self, length: usize, index: [u8; 4], offset: [u8; 4]) -> Option<&[u8]> {
        let start = u32::from_le_bytes(offset) as usize;
        self.buffers.get(u32::from_le_bytes(index) as usize)?.get(start..start.checked_add(length)?)
    }
}

/// The four words of a view: the length, and for a longer text its prefix, the index of its buffer, and the offset in it.
fn words(view: &[u8; 16]) -> [[u8; 4]; 4] {
    let (words, _) = view.as_chunks::<4>();
    std::array::from_fn(|place| words.get(place).copied().unwrap_or_default())
}
