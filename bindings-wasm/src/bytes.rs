//! Bytes: snapshots, deltas and cryptographic keys, and where random ones come from.

use bailiwick::boundary::Bytes;
use js_sys::{Error, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::room::{OF_A_SNAPSHOT, make_room};

#[wasm_bindgen(raw_module = "./bytes.js")]
extern "C" {
    /// A `Uint8Array` of an argument that is one, or an `ArrayBuffer`; null where it is absent, undefined where it is anything else.
    #[wasm_bindgen(js_name = bytesOf)]
    fn bytes_of(value: &JsValue) -> JsValue;
    /// The same for a member of the options.
    #[wasm_bindgen(js_name = bytesOption)]
    fn bytes_option(options: &JsValue, name: &str, is_due: bool) -> JsValue;
    /// None where the host gives no random bytes now: at the top level of some workers.
    #[wasm_bindgen(js_name = randomBytes)]
    fn random_bytes(length: u32) -> Option<Vec<u8>>;
    /// None where the host has no SHA-256 that answers at once.
    fn sha256(bytes: &[u8]) -> Option<Vec<u8>>;
}

/// What the module does before anything is asked of it.
#[wasm_bindgen(start)]
fn start() {
    bailiwick::lend_sha256(|bytes| sha256(bytes)?.try_into().ok());
}

/// An argument that should be bytes, copied into the module.
pub(crate) enum Argument {
    Absent,
    Given(Vec<u8>),
    Foreign,
}

impl Argument {
    pub(crate) fn new(value: &JsValue) -> Self {
        Self::of_found(&bytes_of(value))
    }

    /// A member of the options.
    pub(crate) fn option(options: &JsValue, name: &str) -> Self {
        Self::of_found(&bytes_option(options, name, false))
    }

    /// A member of the options that must be bytes as soon as it is named: a variable that is not set must not turn verification off.
    pub(crate) fn option_if_named(options: &JsValue, name: &str) -> Self {
        Self::of_found(&bytes_option(options, name, true))
    }

    fn of_found(found: &JsValue) -> Self {
        match found.dyn_ref::<Uint8Array>() {
            Some(bytes) => {
                make_room(bytes.length() as usize, OF_A_SNAPSHOT);
                Self::Given(bytes.to_vec())
            }
            None if found.is_null() => Self::Absent,
            None => Self::Foreign,
        }
    }

    pub(crate) fn bytes(&self) -> Bytes<'_> {
        match self {
            Self::Absent => Bytes::Absent,
            Self::Given(bytes) => Bytes::Given(bytes),
            Self::Foreign => Bytes::Foreign,
        }
    }
}

/// A random number that keys a hash, if the host gives one.
pub(crate) fn seed() -> Option<u64> {
    random_bytes(8)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// Random bytes that serve as a secret.
pub(crate) fn secret_bytes() -> Result<[u8; 32], JsValue> {
    let bytes = random_bytes(32).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Error::new("this host gives no random bytes here: there is no `crypto.getRandomValues`").into())
}
