//! Errors: the core's, thrown as the `BailiwickError` of `error.js`.

use bailiwick::{Error, ErrorCode};
use wasm_bindgen::prelude::*;

use crate::answer::plain;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    type BailiwickError;
    #[wasm_bindgen(constructor)]
    fn new(code: &str, path: &str, message: &str, decision: &JsValue) -> BailiwickError;
}

/// The value to throw for an error of the core.
pub(crate) fn thrown(error: &Error) -> JsValue {
    thrown_at(error, error.path())
}

/// The same with another spelling of the path.
pub(crate) fn thrown_at(error: &Error, path: &str) -> JsValue {
    let decision = error.decision().and_then(|decision| plain(&decision).ok()).unwrap_or(JsValue::UNDEFINED);
    BailiwickError::new(error.code().as_str(), path, error.message(), &decision).into()
}

/// The value to throw for an argument that exists only in JavaScript.
pub(crate) fn raised(code: ErrorCode, path: &str, message: &str) -> JsValue {
    BailiwickError::new(code.as_str(), path, message, &JsValue::UNDEFINED).into()
}
