//! Reservations: memory for a large input, requested in one piece.
//!
//! The allocator requests memory from the host in steps of 64 kB. Each step costs as much as hundreds of allocations, and starts the host's
//! garbage collector. For a large input, all memory is requested at once; the allocator keeps it.

use std::hint::black_box;

/// The memory that reading a JSON text or an object takes, in multiples of its length.
pub(crate) const OF_A_DOCUMENT: usize = 6;
/// The memory that loading a snapshot takes, itself included, in multiples of its length.
pub(crate) const OF_A_SNAPSHOT: usize = 4;

/// A smaller reservation saves nothing.
const SMALLEST: usize = 1 << 20;

/// Reserves memory for an input of that length. If the host has none left, the allocation that needs it fails later.
pub(crate) fn reserve(length: usize, times: usize) {
    let size = length.saturating_mul(times);
    if size >= SMALLEST {
        let mut bytes = Vec::<u8>::new();
        let is_reserved = bytes.try_reserve_exact(size).is_ok();
        black_box((bytes.as_ptr(), is_reserved));
    }
}
