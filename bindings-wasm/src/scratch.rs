//! The scratch: a few bytes of the module's memory into which `engine.js` writes the strings of one `isAllowed` call.
//!
//! The usual way of a string into the module is an allocation, a call of the encoder and a release for each; for three short strings that
//! costs more than the answer. Here JavaScript writes their characters and passes three numbers.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

/// Three references of usual length. What does not fit, or is not ASCII, takes the general way.
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

/// The texts that JavaScript has written one behind the other, given where each ends.
pub(crate) fn read<T>(ends: [usize; 3], then: impl FnOnce(&str, &str, &str) -> T) -> Option<T> {
    let [first, second, third] = ends;
    let copy = SCRATCH.get();
    let text = std::str::from_utf8(copy.get(..third)?).ok()?;
    Some(then(text.get(..first)?, text.get(first..second)?, text.get(second..)?))
}
