//! API keys as bearer tokens: authentication and new secrets.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::bytes::secret_bytes;
use crate::engine::{Bailiwick, answer};
use crate::options::Options;
use crate::value::Encoded;

#[wasm_bindgen]
impl Bailiwick {
    /// The API key that has this secret, or null. Revoked and expired keys are found too, so that a decision can say why it denies.
    ///
    /// @throws BailiwickError `wrong_type` if it is not a string
    #[wasm_bindgen(unchecked_return_type = "AuthenticatedKey | null")]
    pub fn authenticate(&self, #[wasm_bindgen(unchecked_param_type = "string")] secret: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(secret)?;
        plain(&answer(boundary::authenticate(&self.read(), &encoded.value()))?)
    }

    /// Like `authenticate`, but by digest, for platforms that hash secrets with an algorithm of their own (with a salt, or an HMAC): the
    /// directory then contains the 32 bytes that they compute, as `sha256:` and 64 hexadecimal digits.
    ///
    /// @throws BailiwickError `invalid_digest`, and `wrong_type` if it is not a string
    #[wasm_bindgen(js_name = authenticateDigest, unchecked_return_type = "AuthenticatedKey | null")]
    pub fn authenticate_digest(&self, #[wasm_bindgen(unchecked_param_type = "string")] digest: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(digest)?;
        plain(&answer(boundary::authenticate_digest(&self.read(), &encoded.value()))?)
    }
}

/// Makes a secret for a new API key, and its digest. Show the secret once; `create_api_key` takes the digest.
///
/// A secret is `<prefix>_`, 43 base62 digits of 256 random bits, and a checksum.
///
/// @throws BailiwickError `wrong_type` for a prefix that is not 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`
#[wasm_bindgen(js_name = newApiKey, unchecked_return_type = "ApiKeySecret")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn new_api_key(
    #[wasm_bindgen(unchecked_optional_param_type = "NewApiKeyOptions", js_name = options)] choices: &JsValue,
) -> Result<JsValue, JsValue> {
    let encoded = Encoded::new(choices)?;
    plain(&answer(boundary::new_api_key(&Options::PLAIN.of(encoded.value())?, secret_bytes()?))?)
}
