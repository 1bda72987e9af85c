//! Policies: read, replaced and analysed.

use crate::directory::{Directory, NewPolicy};
use crate::input::error::Error;
use crate::input::json_text::JsonText;
use crate::input::path::Path;
use crate::input::shape::id;
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
    Ok(Policy::built_in(Some(id(policy_id, at)?), at)?.to_json())
}

/// The same directory at the same revision under another policy, an id or a document: `{renames?}`. `renames` is `{organization_roles?,
/// project_roles?, kinds?, scopes?, visibilities?}`, each from names of the policy in force to those that they have in the new one. The directory
/// itself is as it was, and its deltas do not apply to the other one.
///
/// # Errors
/// As the change `set_policy` (C23): the faults of the policy below `/policy`; `unknown_role`, `unknown_kind`, `unknown_scope` and
/// `unknown_visibility` below `/renames` for a name that its policy does not have; and the first fault that the directory has under the new policy.
pub fn with_policy(directory: &Directory, policy: &Value<'_>, options: &Value<'_>) -> Result<Directory, Error> {
    directory.with_policy(&NewPolicy::with_options(policy, options)?)
}

/// What a policy, an id or a document, gives to nobody, and by which rule it books each usage.
///
/// # Errors
/// The faults of the policy below `/policy`, as [`load_directory`](super::load_directory) has them; `limit_exceeded` at `/policy/kinds` if it has
/// more than 65,536 pairs of a kind and a surface.
pub fn analyse_policy(policy: &Value<'_>) -> Result<PolicyAnalysis, Error> {
    PolicyAnalysis::of(policy)
}
