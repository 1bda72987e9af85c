//! The scratch: a few bytes of the module's memory into which `known.js` writes a name.
//!
//! The usual way of a string into the module is an allocation, a call of the encoder and a release; for a short one that costs more than the
//! answer. Here JavaScript writes its characters and passes their number.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

/// A reference of usual length. What does not fit takes the general way.
const SIZE: usize = 256;

thread_local! {
    static SCRATCH: Cell<[u8; SIZE]> = const { Cell::new([0; SIZE]) };
}

/// The scratch as JavaScript sees it. The view is void once the memory has grown; then ask again.
#[wasm_bindgen(skip_typescript)]
#[must_use]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn scratch() -> js_sys::Uint8Array {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    let start = SCRATCH.with(|scratch| scratch.as_ptr() as u32);
    js_sys::Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), start, SIZE as u32)
}

/// The text that JavaScript has written.
pub(crate) fn read<T>(length: usize, then: impl FnOnce(&str) -> T) -> Option<T> {
    let copy = SCRATCH.get();
    Some(then(std::str::from_utf8(copy.get(..length)?).ok()?))
}
