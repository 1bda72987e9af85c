//! The memory that this thread holds, and its peak.

#![expect(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// A reallocation counts as both the old and the new memory, as in the trait's default implementation.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.get().saturating_add(layout.size());
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The answer of a call, and the peak of additional memory in bytes.
pub(crate) fn most_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let answer = call();
    (answer, MOST.get().saturating_sub(before))
}

/// The limit of memory for loading, by the length of the bytes.
pub(crate) const fn bound(length: usize) -> usize {
    32 * length + (1 << 20)
}

/// The same for JSON (policies and changes): a nested list has two bytes, and capacity for four values.
pub(crate) const fn json_bound(length: usize) -> usize {
    72 * length + (1 << 20)
}
