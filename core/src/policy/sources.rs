//! Sources of policies: built-in ones, documents, and snapshots.

use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::input::error::{Error, quoted};
#[cfg(feature = "all-faults")]
use crate::input::fault_log::FaultLog;
use crate::input::faults::Faults;
use crate::input::json;
use crate::input::path::Path;
use crate::input::value::Value;

use super::compile::compile;
use super::document::PolicyDocument;
use super::tables::Policy;

/// The built-in policies. The first one is the default of directories that name none. No code depends on their contents.
const BUILT_IN: &[&str] = &[include_str!("../../policies/projects-2026-02.json"), include_str!("../../policies/projects-2026-09.json")];

impl Policy {
    /// The built-in policy of that id, or the default one.
    pub(crate) fn built_in(id: Option<&str>, path: &Path<'_>) -> Result<Self, Error> {
        for text in BUILT_IN {
            let policy = Self::from_built_in_text(text)?;
            if id.is_none_or(|id| id == policy.id()) {
                return Ok(policy);
            }
        }
        Err(Error::new(ErrorCode::UnknownPolicy, path, format_args!("there is no built-in policy {}", quoted(id.unwrap_or_default()))))
    }

    /// The policy of a JSON document that an engine has written. `None` if it is not valid.
    pub(crate) fn from_written_text(text: &str) -> Option<Self> {
        // Most directories use a built-in policy; then parsing is not needed.
        if let Some(policy) =
            BUILT_IN.iter().filter_map(|text| Self::from_built_in_text(text).ok()).find(|policy| policy.is_written_as(text))
        {
            return Some(policy);
        }
        let value = json::parse(text.as_bytes()).ok()?;
        let document = PolicyDocument::read(&value, &Path::Root).ok()?;
        Self::from_document(Arc::new(document), &value, &Path::Root).ok()
    }

    /// The policy of a document of valid shape, which was read from `value`. A document that is equal to a built-in policy is that policy,
    /// so that it is written in the same way.
    pub(crate) fn from_document(document: Arc<PolicyDocument>, value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        // Compared as it would be written, since a document may leave out defaults.
        let is_same = |policy: &Self| serde_json::to_string(&document).is_ok_and(|text| policy.is_written_as(&text));
        match Self::built_in(Some(&document.id), path).ok().filter(is_same) {
            Some(policy) => Ok(policy),
            None => {
                let hasher = Hasher::keyed_by_texts([serde_json::to_string(&document).unwrap_or_default().as_str()]);
                compile_whole(document, hasher, value, path)
            }
        }
    }

    /// Reads a document below a root with a fault log, which gets all faults but the one that is returned.
    #[cfg(feature = "all-faults")]
    pub(crate) fn find_faults(value: &Value<'_>, root: &Path<'_>) -> Result<(), Error> {
        let document = PolicyDocument::read(value, root)?;
        if root.fault_log().is_some_and(FaultLog::has_faults) {
            return Ok(());
        }
        Self::from_document(Arc::new(document), value, root).map(drop)
    }

    fn is_written_as(&self, text: &str) -> bool {
        serde_json::to_string(self.document()).is_ok_and(|own| own == text)
    }

    fn from_built_in_text(text: &str) -> Result<Self, Error> {
        let value = json::parse(text.as_bytes())?;
        let document = PolicyDocument::read(&value, &Path::Root)?;
        // Its names are not chosen by customers, so the hash needs no secret key.
        let hasher = Hasher::keyed_by(0);
        Ok(Self { built_in: true, ..compile_whole(Arc::new(document), hasher, &value, &Path::Root)? })
    }
}

/// Compiles a document of valid shape, which was read from `value`.
fn compile_whole(document: Arc<PolicyDocument>, hasher: Hasher, value: &Value<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    let mut faults = Faults::new(value, path);
    let policy = compile(document, hasher, &mut faults, path)?;
    faults.into_result(policy)
}
