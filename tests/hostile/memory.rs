//! How much memory this thread holds, and how much it held at the most.

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

// A reallocation is counted as both, the old memory and the new, as the trait's own one is.
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

/// What a call answers, and how many bytes it held at the most beside what was held before.
pub(crate) fn most_of<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let answer = call();
    (answer, MOST.get().saturating_sub(before))
}

/// What loading may hold at the most, by the length of the bytes.
pub(crate) const fn bound(length: usize) -> usize {
    32 * length + (1 << 20)
}

/// The same of JSON, which policies and changes are: a list within a list is two bytes, and has room for four values.
pub(crate) const fn json_bound(length: usize) -> usize {
    72 * length + (1 << 20)
}
