//! The name buffer: a few bytes of the module's memory into which `fast_path.js` writes a name.
//!
//! Passing a string to the module usually takes an allocation, a call of the encoder and a release. For a short string that costs more than
//! the answer. Here JavaScript writes the characters itself and passes their number.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

/// Enough for a usual reference. A longer name takes the general path.
const SIZE: usize = 256;

thread_local! {
    static BUFFER: Cell<[u8; SIZE]> = const { Cell::new([0; SIZE]) };
}

/// The buffer as JavaScript sees it. A view is detached when the memory grows; then it has to be asked for again.
#[wasm_bindgen(js_name = nameBuffer, skip_typescript)]
#[must_use]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn name_buffer() -> js_sys::Uint8Array {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    let start = BUFFER.with(|buffer| buffer.as_ptr() as u32);
    js_sys::Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), start, SIZE as u32)
}

/// The text that JavaScript has written.
pub(crate) fn read<T>(length: usize, then: impl FnOnce(&str) -> T) -> Option<T> {
    let copy = BUFFER.get();
    Some(then(std::str::from_utf8(copy.get(..length)?).ok()?))
}
