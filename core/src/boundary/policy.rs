//! Policies: read, replaced and analysed.

use crate::directory::{Directory, NewPolicy};
use crate::input::error::Error;
use crate::input::json_text::JsonText;
use crate::input::path::Path;
use crate::input::shape::{id, string};
use crate::input::value::Value;
use crate::insight::PolicyAnalysis;
use crate::policy::Policy;

/// The policy in force, as a document.
#[must_use]
pub fn policy_document(directory: &Directory) -> JsonText {
    directory.tables().policy().to_json()
}

/// A built-in policy, as a document.
///
/// # Errors
/// `wrong_type`, `invalid_id`; `unknown_policy` at `/id` if there is none.
pub fn built_in_policy(policy_id: &Value<'_>) -> Result<JsonText, Error> {
    let at = &Path::Root.field("id");
    string(policy_id, at)?;
    Ok(Policy::built_in(Some(id(policy_id, at)?), at)?.to_json())
}

/// The same directory at the same revision under another policy, an id or a document. `renames` says which names of the policy in force have
/// others in the new one: `{organization_roles?, project_roles?, kinds?, scopes?, visibilities?}`, each from old to new names; null for none.
/// Deltas of the directory do not apply to it.
///
/// # Errors
/// As the change `set_policy` (C23): the faults of the policy below `/policy`, `unknown_role` and the like below `/renames`, and the first fault of
/// the directory under the new policy.
pub fn with_policy(directory: &Directory, policy: &Value<'_>, renames: &Value<'_>) -> Result<Directory, Error> {
    directory.with_policy(&NewPolicy::of(policy, renames)?)
}

/// What a policy, an id or a document, gives to nobody, and by which rule it books each usage.
///
/// # Errors
/// The faults of the policy below `/policy`, as [`load_directory`](super::load_directory) has them.
pub fn analyse_policy(policy: &Value<'_>) -> Result<PolicyAnalysis, Error> {
    PolicyAnalysis::of(policy)
}
