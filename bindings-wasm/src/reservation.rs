//! Room: memory that is asked for in one piece.
//!
//! The allocator takes more memory from the host in steps of 64 kB, and each step costs a host as much as hundreds of allocations, and makes its garbage
//! collector look around. For what is large, all of it is asked for at once; the allocator keeps it.

use std::hint::black_box;

/// So many times its own bytes a JSON text or an object takes while it is read.
pub(crate) const OF_A_DOCUMENT: usize = 6;
/// So many times its own bytes a snapshot takes, itself included.
pub(crate) const OF_A_SNAPSHOT: usize = 4;

/// Less than this is not worth the trouble.
const WORTHWHILE: usize = 1 << 20;

/// Sees to it that there is room. Where there is none, whoever needs it will find out.
pub(crate) fn make_room(length: usize, times: usize) {
    let room = length.saturating_mul(times);
    if room >= WORTHWHILE {
        let mut bytes = Vec::<u8>::new();
        let is_there = bytes.try_reserve_exact(room).is_ok();
        black_box((bytes.as_ptr(), is_there));
    }
}
