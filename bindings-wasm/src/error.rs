//! Errors: the core's, thrown as the `BailiwickError` of `error.js`.

use bailiwick::{Error, ErrorCode};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    type BailiwickError;
    #[wasm_bindgen(constructor)]
    fn new(code: &str, path: &str, message: &str) -> BailiwickError;
}

/// What to throw for an error of the core.
pub(crate) fn thrown(error: &Error) -> JsValue {
    raised(error.code(), error.path(), error.message())
}

/// What to throw for an argument that exists in JavaScript only.
pub(crate) fn raised(code: ErrorCode, path: &str, message: &str) -> JsValue {
    BailiwickError::new(code.as_str(), path, message).into()
}
