//! Insight: explanations, impacts, reviews, findings, and policies.

use bailiwick::boundary;
use wasm_bindgen::prelude::*;

use crate::answer::{document, parsed, text};
use crate::engine::{Bailiwick, answer, now};
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

    /// What differs between this engine and another one, exactly and for every principal: `other` is the state afterwards. Their age makes no
    /// difference, and actions on oneself are left out.
    ///
    /// Rows of access come before those of bookings, and the limit counts both. `counts` and `widens` are about all rows, whatever the page: the
    /// limit 0 gives them alone.
    ///
    /// @example if (guard.impact(guard.withPolicy(policy), { limit: 0 }).widens) throw new Error("somebody would gain something")
    /// @throws BailiwickError `wrong_type`, `invalid_timestamp`, `cursor_invalid`, `cursor_mismatch`; `limit_exceeded` at `/limit` for more than a
    /// million rows without a limit
    #[wasm_bindgen(unchecked_return_type = "Impact")]
    pub fn impact(
        &self,
        other: &Self,
        #[wasm_bindgen(unchecked_optional_param_type = "ImpactOptions", js_name = options)] choices: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(choices)?;
        let (choices, now) = (Options::PLAIN.of(encoded.value())?, now()?);
        document(&answer(boundary::impact(&self.read(), &other.read(), &choices, now))?)
    }

    /// Who has what, why and since when: one row for each source that gives a principal something in an organization or a project. Somebody is
    /// allowed something in a project exactly if there is an `effective` row.
    ///
    /// The order is by organization, project (the organization itself first) and principal.
    ///
    /// @example guard.review().filter((row) => row.project === "prj_a" && row.effective)
    /// @throws BailiwickError `not_found` for an unknown organization, `invalid_id`, `wrong_type`, `invalid_timestamp`; `limit_exceeded` at
    /// `/organization` for more than a million rows
    #[wasm_bindgen(unchecked_return_type = "ReviewRow[]")]
    pub fn review(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ReviewOptions", js_name = options)] choices: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(choices)?;
        let (choices, now) = (Options::PLAIN.of(encoded.value())?, now()?);
        let directory = self.read();
        document(&answer(boundary::review(&directory, &choices, now))?)
    }

    /// What is risky or useless in the directory, and the changes that mend it, in byte order of finding, subject and place.
    ///
    /// @example for (const { fix } of guard.findings()) guard.applyMany(fix)
    /// @throws BailiwickError `wrong_type`, `invalid_timestamp`
    #[wasm_bindgen(unchecked_return_type = "Finding[]")]
    pub fn findings(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "FindingsOptions", js_name = options)] choices: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let encoded = Encoded::new(choices)?;
        let (choices, now) = (Options::PLAIN.of(encoded.value())?, now()?);
        document(&answer(boundary::findings(&self.read(), &choices, now))?)
    }

    /// A second engine: the same directory at the same revision under another policy, a document or the id of a built-in one. Deltas of the one
    /// engine do not apply to the other.
    ///
    /// @throws BailiwickError as the change `set_policy` (C23): the first fault of the policy, of the renames, or of the directory under the
    /// new policy
    #[wasm_bindgen(js_name = withPolicy)]
    pub fn with_policy(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | PolicyDocument")] policy: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "WithPolicyOptions", js_name = options)] choices: &JsValue,
    ) -> Result<Self, JsValue> {
        let (policy, encoded) = (Encoded::new(policy)?, Encoded::new(choices)?);
        let choices = Options::PLAIN.of(encoded.value())?;
        answer(boundary::with_policy(&self.read(), &policy.value(), &choices)).map(Self::new)
    }

    /// The policy in force, as a document.
    #[wasm_bindgen(getter, js_name = policyDocument, unchecked_return_type = "PolicyDocument")]
    pub fn policy_document(&self) -> Result<JsValue, JsValue> {
        parsed(boundary::policy_document(&self.read()).as_str())
    }
}

/// A built-in policy, as a document.
///
/// @throws BailiwickError `unknown_policy` if there is none of this id, `wrong_type`, `invalid_id`
#[wasm_bindgen(js_name = builtInPolicy, unchecked_return_type = "PolicyDocument")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn built_in_policy(#[wasm_bindgen(unchecked_param_type = "string", js_name = id)] id: &JsValue) -> Result<JsValue, JsValue> {
    let id = Encoded::new(id)?;
    parsed(answer(boundary::built_in_policy(&id.value()))?.as_str())
}

/// What a policy, a document or the id of a built-in one, gives to nobody, and by which rule it books each usage.
///
/// @example analysePolicy(policy).actions_nobody_has
/// @throws BailiwickError with the first fault of the policy, below `/policy`
#[wasm_bindgen(js_name = analysePolicy, unchecked_return_type = "PolicyAnalysis")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn analyse_policy(
    #[wasm_bindgen(unchecked_param_type = "string | PolicyDocument", js_name = policy)] policy: &JsValue,
) -> Result<JsValue, JsValue> {
    let policy = Encoded::new(policy)?;
    document(&answer(boundary::analyse_policy(&policy.value()))?)
}
