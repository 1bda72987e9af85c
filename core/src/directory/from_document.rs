//! Directory document → directory: reads the shape, then the policy, then the meaning.

use crate::input::error::Error;
#[cfg(feature = "all-faults")]
use crate::input::fault_log::FaultLog;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::input::{json, shape};
use crate::policy::Policy;

use super::document::{DirectoryDocument, PolicyField};
use super::indexer::index;
use super::versioned::Directory;

impl Directory {
    /// Reads a directory document from JSON text, with the policy that it names.
    ///
    /// # Errors
    /// The first fault of the document, in document order; faults of shape come before faults of meaning.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Self::from_value(&json::parse(text)?, None, None)
    }

    /// Reads a directory document. `policy` (an id or a document) replaces the document's own, and `seed` keys the hash of ids.
    pub(crate) fn from_value(value: &Value<'_>, policy: Option<&Value<'_>>, seed: Option<u64>) -> Result<Self, Error> {
        let replacement = policy.map(replacement_policy).transpose()?;
        Self::read(value, replacement, seed).map_err(|error| error.naming_its_entry(value))
    }

    fn read(value: &Value<'_>, replacement: Option<Policy>, seed: Option<u64>) -> Result<Self, Error> {
        let root = &Path::Root;
        let document = DirectoryDocument::read(value, root)?;
        let policy = policy_of(value, replacement, root)?;
        let tables = index(root, &document, policy, value, seed)?;
        Ok(Self::new(tables, document.revision, document.issued_at, document.max_age_seconds, None))
    }

    /// Reads a document below a root with a fault log, which gets all faults but the one that is returned. If the policy has faults, the
    /// directory is not checked against it.
    #[cfg(feature = "all-faults")]
    pub(crate) fn find_faults(value: &Value<'_>, replacement: Option<Policy>, root: &Path<'_>) -> Result<(), Error> {
        let document = DirectoryDocument::read(value, root)?;
        if root.fault_log().is_some_and(FaultLog::has_faults) {
            return Ok(());
        }
        let policy = policy_of(value, replacement, root)?;
        index(root, &document, policy, value, None).map(drop)
    }
}

/// The policy that replaces that of a document.
pub(crate) fn replacement_policy(policy: &Value<'_>) -> Result<Policy, Error> {
    read_policy(policy, &Path::Root.field("policy"))
}

/// The policy of a document: the replacement, its own, or the built-in one.
fn policy_of(value: &Value<'_>, replacement: Option<Policy>, root: &Path<'_>) -> Result<Policy, Error> {
    let at = &root.field("policy");
    let own = shape::object(value, root, &[]).map(|members| shape::member(members, "policy"))?;
    match (replacement, own) {
        (Some(policy), _) => Ok(policy),
        (None, Some(own)) => read_policy(own, at),
        (None, None) => Policy::built_in(None, at),
    }
}

/// A policy from its id or its document.
fn read_policy(value: &Value<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    match PolicyField::read(value, path)? {
        PolicyField::BuiltIn(id) => Policy::built_in(Some(id), path),
        PolicyField::Document(document) => Policy::from_document(document, value, path),
    }
}
