//! Bytes: arguments that are snapshots, deltas or cryptographic keys, and random bytes.

use bailiwick::boundary::{Bytes, BytesList, VerifyingKeys};
use js_sys::{Array, Error, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::reservation::{OF_A_SNAPSHOT, reserve};

#[wasm_bindgen(raw_module = "./bytes.js")]
extern "C" {
    /// An argument as a `Uint8Array`, if it is one or an `ArrayBuffer`; null if it is absent, undefined if it is anything else.
    #[wasm_bindgen(js_name = bytesOf)]
    fn bytes_of(value: &JsValue) -> JsValue;
    /// None if the host gives no random bytes at this time, as at the top level of some workers.
    #[wasm_bindgen(js_name = randomBytes)]
    fn random_bytes(length: u32) -> Option<Vec<u8>>;
    /// None if the host has no synchronous SHA-256.
    fn sha256(bytes: &[u8]) -> Option<Vec<u8>>;
}

#[wasm_bindgen(raw_module = "./options.js")]
extern "C" {
    /// The same for an option.
    #[wasm_bindgen(js_name = bytesOption)]
    fn bytes_option(options: &JsValue, name: &str, is_due: bool) -> JsValue;
    /// An array of such arguments; null if it is absent, undefined if it is anything else.
    #[wasm_bindgen(js_name = bytesListOption)]
    fn bytes_list_option(options: &JsValue, name: &str) -> JsValue;
}

/// Runs when the module is instantiated: lends the core the host's SHA-256.
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

    /// An option.
    pub(crate) fn option(options: &JsValue, name: &str) -> Self {
        Self::of_found(&bytes_option(options, name, false))
    }

    fn of_found(found: &JsValue) -> Self {
        match found.dyn_ref::<Uint8Array>() {
            Some(bytes) => {
                reserve(bytes.length() as usize, OF_A_SNAPSHOT);
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

/// The options `publicKey` and `publicKeys`, which verify signatures.
pub(crate) struct PublicKeys {
    one: Argument,
    several: Option<Option<Vec<Argument>>>,
}

impl PublicKeys {
    /// The names of the two options.
    pub(crate) const NAMES: [&str; 2] = ["publicKey", "publicKeys"];

    pub(crate) fn new(options: &JsValue) -> Self {
        let [one, several] = Self::NAMES;
        let found = bytes_list_option(options, several);
        let items = found.dyn_ref::<Array>().map(|items| items.iter().map(|item| Argument::of_found(&item)).collect());
        Self { one: Argument::of_found(&bytes_option(options, one, true)), several: (!found.is_null()).then_some(items) }
    }

    pub(crate) fn as_keys(&self) -> VerifyingKeys<'_> {
        let several = match &self.several {
            None => BytesList::Absent,
            Some(None) => BytesList::Foreign,
            Some(Some(keys)) => BytesList::Given(keys.iter().map(Argument::bytes).collect()),
        };
        VerifyingKeys { one: self.one.bytes(), several }
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
