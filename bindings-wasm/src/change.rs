//! Changes: the methods that make and preview them, one by one, as a list, or from a document.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::document;
use crate::engine::{Bailiwick, now};
use crate::options::Options;
use crate::reservation::{OF_A_DOCUMENT, reserve};
use crate::value::{Encoded, json_of};

const TERMS: Options = Options { read: &["expectedRevision"], apart: &[] };
const RECONCILIATION: Options = Options { read: &["dryRun", "maxBytes", "maxValues"], apart: &[] };

#[wasm_bindgen]
impl Bailiwick {
    /// Makes a change (rules C1 to C24) and returns the new revision. The engine answers by it at once. After an error nothing has changed.
    ///
    /// With an `actor`, the change is authorised like every action. Without one it is the platform's own, which is not checked for
    /// permission. An `actor` that is undefined or null is refused, so that an unset variable does not count as the platform.
    ///
    /// @example guard.apply({ type: "remove_member", organization: "org_acme", user: "usr_bob" }, { actor: "user:usr_ada" })
    /// @throws BailiwickError `forbidden` (with the `decision`), `revision_conflict`, `unknown_change` and other bad input, and the code of the
    /// rule that refuses the change: `not_found`, `already_exists`, `owner_protected`, `exceeds_own_role` and others. The type of each change
    /// names its codes
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

    /// Makes a list of changes, all or none, and returns the new revision: each change adds one. Each is authorised on its own, and sees
    /// those before it. `expectedRevision` is the revision before the first one.
    ///
    /// @example guard.applyMany([{ type: "add_group", organization: "org_acme", group: "grp_ops" }, { type: "add_group_member", group: "grp_ops", user: "usr_bob" }])
    /// @throws BailiwickError as `apply`. The path begins with the position of the change that failed, such as `/1/user`
    #[wasm_bindgen(js_name = applyMany)]
    #[expect(clippy::cast_precision_loss, reason = "the core admits no revision beyond 2^53 - 1")]
    pub fn apply_many(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly Change[]")] changes: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChangeOptions", js_name = options)] terms: &JsValue,
    ) -> Result<f64, JsValue> {
        let (changes, encoded) = (Encoded::new(changes)?, Encoded::new(terms)?);
        let (changes, terms, now) = (changes.value(), TERMS.of_a_change(terms, encoded.value())?, now()?);
        self.write(TERMS, |directory| boundary::apply_many(directory, &changes, &terms, now)).map(|revision| revision as f64)
    }

    /// Returns the consequences of a change, or of a list of changes, without making it: the access that is gained and lost, the API keys
    /// that stay valid, the usage that is booked elsewhere, and each entry before and after.
    ///
    /// With an `actor`, it tells only about the organizations that the changes are asked of.
    ///
    /// @example guard.preview({ type: "remove_member", organization: "org_acme", user: "usr_bob" }).live_api_keys
    /// @throws BailiwickError as `apply`, and for a list as `applyMany`
    #[wasm_bindgen(unchecked_return_type = "Preview")]
    pub fn preview(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Change | readonly Change[]", js_name = changeOrList)] changes: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ChangeOptions", js_name = options)] terms: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let (changes, encoded) = (Encoded::new(changes)?, Encoded::new(terms)?);
        let (changes, terms, now) = (changes.value(), TERMS.of_a_change(terms, encoded.value())?, now()?);
        document(&self.write(TERMS, |directory| boundary::preview(directory, &changes, &terms, now))?)
    }

    /// Turns the directory into that of a document (an object, or its JSON as text or UTF-8 bytes), and returns the changes that led there.
    /// They are made as one, by the platform: all or none. Use it where a database is the truth.
    ///
    /// At most as many changes as entries differ. The document's `revision` is not read: each change adds one. Its `issued_at` and
    /// `max_age_seconds` are taken over if it has them.
    ///
    /// @example const { changes } = guard.reconcile(documentFromDatabase, { dryRun: true })
    /// @throws BailiwickError as `fromDirectory`; then nothing has changed
    #[wasm_bindgen(unchecked_return_type = "Reconciliation")]
    pub fn reconcile(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DirectoryDocument | string | Uint8Array", js_name = document)] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ReconcileOptions", js_name = options)] choices: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(choices)?;
        let (choices, now) = (RECONCILIATION.of(encoded.value())?, now()?);
        let reconciliation = match json_of(source)? {
            Some(json) => {
                reserve(json.len(), OF_A_DOCUMENT);
                self.write(RECONCILIATION, |directory| boundary::reconcile(directory, &*json, &choices, now))?
            }
            None => {
                let encoded = Encoded::new(source)?;
                reserve(encoded.len(), OF_A_DOCUMENT);
                self.write(RECONCILIATION, |directory| boundary::reconcile(directory, &encoded.value(), &choices, now))?
            }
        };
        document(&reconciliation)
    }
}
