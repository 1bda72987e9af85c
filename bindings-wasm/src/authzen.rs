//! AuthZEN: the methods and functions of the AuthZEN API.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::engine::{Bailiwick, now};
use crate::options::Options;
use crate::value::{Encoded, json_of};

const OPTIONS: Options = Options { read: &["trustContextTime"], apart: &[] };
const ADDRESS: Options = Options { read: &[], apart: &["baseUrl"] };

#[wasm_bindgen]
impl Bailiwick {
    /// Answers a request of the OpenID AuthZEN Authorization API 1.0 with the JSON text of the response, for any transport.
    /// `createAuthzenHandler` of `bailiwick/authzen` uses it to answer over HTTP.
    ///
    /// @param request an object, or its JSON as text or UTF-8 bytes
    /// @throws BailiwickError the errors that the standard answers with 400: `invalid_json`, `missing_field`, `wrong_type`,
    /// `invalid_timestamp` (of a `context.time` that counts), `limit_exceeded`, `cursor_invalid`, `cursor_mismatch`
    pub fn authzen(
        &self,
        #[wasm_bindgen(unchecked_param_type = "AuthzenApi")] api: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "object | string | Uint8Array")] request: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AuthzenOptions", js_name = options)] choices: &JsValue,
    ) -> Result<String, JsValue> {
        let (api, encoded, json) = (Encoded::new(api)?, Encoded::new(choices)?, json_of(request)?);
        let choices = OPTIONS.of(encoded.value())?;
        if let Some(json) = json {
            return OPTIONS.answer(boundary::authzen(&self.read(), &api.value(), &*json, &choices, now()?));
        }
        let request = Encoded::new(request)?;
        OPTIONS.answer(boundary::authzen(&self.read(), &api.value(), &request.value(), &choices, now()?))
    }
}

/// The metadata of an AuthZEN decision point at an address, as JSON text.
///
/// @param baseUrl `https://` and a host, optionally with a path; `http://` only for the local machine
/// @throws BailiwickError `wrong_type` if it is not such an address
#[wasm_bindgen(js_name = authzenMetadata)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn authzen_metadata(#[wasm_bindgen(unchecked_param_type = "string", js_name = baseUrl)] base_url: &JsValue) -> Result<String, JsValue> {
    ADDRESS.answer(boundary::authzen_metadata(&Encoded::new(base_url)?.value()))
}
