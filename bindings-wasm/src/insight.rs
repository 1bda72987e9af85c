//! Insight: explanations.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::{parsed, text};
use crate::engine::{Bailiwick, now};
use crate::options::Options;
use crate::request;
use crate::value::Encoded;

#[wasm_bindgen]
impl Bailiwick {
    /// Explains a decision: the rule, the rows that it looked at, and of a denial the single changes that would allow it. Each of those has been
    /// tried on the directory, which is the same afterwards. Explanations are for administrators: they name rows, people and permissions that the
    /// one who asks may not know of.
    ///
    /// @example guard.explain({ principal: "user:usr_bob", action: "file.read", resource: "project:prj_a" }).would_allow[0]?.change
    /// @throws BailiwickError as `checkAccess`
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(&self, #[wasm_bindgen(unchecked_param_type = "AccessRequest")] request: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(request)?;
        let (request, now) = (request::one(encoded.value()), now()?);
        parsed(&self.write(Options::PLAIN, |directory| boundary::explain(directory, &request, now).map(|told| text(&told)))?)
    }

    /// Explains where usage is booked: the rule, the rows that it looked at, and what each remedy would lead to.
    ///
    /// @throws BailiwickError as `attribute`
    #[wasm_bindgen(js_name = explainUsage, unchecked_return_type = "UsageExplanation")]
    pub fn explain_usage(&self, #[wasm_bindgen(unchecked_param_type = "Usage")] usage: &JsValue) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(usage)?;
        let (usage, now) = (request::one(encoded.value()), now()?);
        parsed(&self.write(Options::PLAIN, |directory| boundary::explain_usage(directory, &usage, now).map(|told| text(&told)))?)
    }
}
