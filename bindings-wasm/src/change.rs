//! Changes: the methods that make and preview them.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::plain;
use crate::engine::{Bailiwick, now};
use crate::options::Options;
use crate::value::Encoded;

const TERMS: Options = Options { read: &["expectedRevision"], apart: &[] };

#[wasm_bindgen]
impl Bailiwick {
    /// Makes a change (rules C1 to C12 and C24) and returns the new revision. The engine answers by it at once. After an error nothing has
    /// changed.
    ///
    /// With an `actor`, the change is authorised like every action. Without one it is the platform's own, which is not checked for
    /// permission. An `actor` that is undefined or null is refused, so that an unset variable does not count as the platform.
    ///
    /// @throws BailiwickError `forbidden` (with the `decision`), `revision_conflict`, `unknown_change` and other bad input, and if a rule
    /// refuses the change: `not_found`, `already_exists`, `owner_protected`, `default_project_protected`,
    /// `external_collaborators_disabled`, `not_a_member`, `multi_project_disabled`, `default_key_not_revocable`, `unknown_role`,
    /// `unknown_kind`, `user_in_two_organizations`, `membership_managed_by_sso`, `exceeds_own_role`, `key_expired`, `already_revoked`
    #[expect(clippy::cast_precision_loss, reason = "the core admits no revision beyond 2^53 - 1")]
    pub fn apply(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Change")] change: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChangeOptions", js_name = options)] terms: &JsValue,
    ) -> Result<f64, JsValue> {
        let (change, encoded) = (Encoded::new(change)?, Encoded::new(terms)?);
        let (change, terms, now) = (change.value(), TERMS.of_a_change(terms, encoded.value())?, now()?);
        self.write(TERMS, |directory| boundary::apply(directory, &change, &terms, now)).map(|revision| revision as f64)
    }

    /// Returns the consequences of a change without making it: the projects that principals would lose, the live API keys that a removed
    /// user would leave, and the principals whose usage would be booked elsewhere.
    ///
    /// @throws BailiwickError as `apply`
    #[wasm_bindgen(unchecked_return_type = "Preview")]
    pub fn preview(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Change")] change: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChangeOptions", js_name = options)] terms: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (change, encoded) = (Encoded::new(change)?, Encoded::new(terms)?);
        let terms = TERMS.of_a_change(terms, encoded.value())?;
        let (change, now) = (change.value(), now()?);
        plain(&self.write(TERMS, |directory| boundary::preview(directory, &change, &terms, now))?)
    }
}
