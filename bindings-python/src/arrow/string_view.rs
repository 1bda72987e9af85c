//! Columns of views: each value is a view, which holds a short text itself and says of a longer one where it lies. Every view is looked at before it is
//! believed. (The Arrow crates believe those that another library hands over.)

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

    /// The bytes of some rows, and nothing for null: what lies there is not looked at.
    pub(super) fn each(&self, rows: Range<usize>, mut take: impl FnMut(Option<&[u8]>)) -> Result<(), Damage> {
        let views = self.views.get(rows.clone()).ok_or(Damage::View)?;
        for (row, view) in rows.zip(views) {
            if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                take(None);
                continue;
            }
            let view = view.to_le_bytes();
            let [length, prefix, index, offset] = words(&view);
            let length = u32::from_le_bytes(length) as usize;
            // What does not fit behind the length lies outside.
            let inline = view.get(4..).and_then(|inline| inline.get(..length));
            let found = inline.or_else(|| self.outside(length, index, offset).filter(|bytes| bytes.starts_with(&prefix)));
            take(Some(found.ok_or(Damage::View)?));
        }
        Ok(())
    }

    /// The bytes of a text that is too long for its view. A negative number is greater than every count and length.
    fn outside(&self, length: usize, index: [u8; 4], offset: [u8; 4]) -> Option<&[u8]> {
        let start = u32::from_le_bytes(offset) as usize;
        self.buffers.get(u32::from_le_bytes(index) as usize)?.get(start..start.checked_add(length)?)
    }
}

/// The four words of a view: the length, and for a longer text how it begins, which buffer holds it, and from where on.
fn words(view: &[u8; 16]) -> [[u8; 4]; 4] {
    let (words, _) = view.as_chunks::<4>();
    std::array::from_fn(|place| words.get(place).copied().unwrap_or_default())
}
