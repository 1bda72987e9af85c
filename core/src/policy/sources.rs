//! Where a policy comes from: the engine itself, a document, or a snapshot.

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

/// The policies that come with the engine, the one of a directory that names none first. Nothing in the code knows what they say.
const BUILT_IN: &[&str] = &[include_str!("../../policies/projects-2026-02.json")];

impl Policy {
    /// The built-in policy of that id, or the first one for a directory that names none.
    pub(crate) fn built_in(id: Option<&str>, path: &Path<'_>) -> Result<Self, Error> {
        for text in BUILT_IN {
            let policy = Self::from_built_in_text(text)?;
            if id.is_none_or(|id| id == policy.id()) {
                return Ok(policy);
            }
        }
        Err(Error::new(ErrorCode::UnknownPolicy, path, format_args!("there is no built-in policy {}", quoted(id.unwrap_or_default()))))
    }

    /// The policy of a document as an engine writes it, in JSON. `None` for anything that is no policy.
    pub(crate) fn from_written_text(text: &str) -> Option<Self> {
        // Most directories are under a built-in policy, and then there is no more to read.
        if let Some(policy) =
            BUILT_IN.iter().filter_map(|text| Self::from_built_in_text(text).ok()).find(|policy| policy.is_written_as(text))
        {
            return Some(policy);
        }
        let value = json::parse(text.as_bytes()).ok()?;
        let document = PolicyDocument::read(&value, &Path::Root).ok()?;
        Self::from_document(Arc::new(document), &value, &Path::Root).ok()
    }

    /// The policy of a document that has the right shape; `value` is what it was read from. One that says what a built-in one says is that one, so
    /// that it is written the same wherever it came from.
    pub(crate) fn from_document(document: Arc<PolicyDocument>, value: &Value<'_>, path: &Path<'_>) -> Result<Self, Error> {
        // By what it says and not by its text: whoever wrote it may have left defaults out.
        let is_same = |policy: &Self| serde_json::to_string(&document).is_ok_and(|text| policy.is_written_as(&text));
        match Self::built_in(Some(&document.id), path).ok().filter(is_same) {
            Some(policy) => Ok(policy),
            None => {
                let hasher = Hasher::keyed_by_texts([serde_json::to_string(&document).unwrap_or_default().as_str()]);
                compile_whole(document, hasher, value, path)
            }
        }
    }

    /// Goes through a document as reading it would, below a root whose watch notes all faults but the one that ends it.
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
        // Nobody but us has chosen its names, so that its hash needs no secret.
        let hasher = Hasher::keyed_by(0);
        Ok(Self { built_in: true, ..compile_whole(Arc::new(document), hasher, &value, &Path::Root)? })
    }
}

/// Compiles a document that has the right shape. `value` is what it was read from.
fn compile_whole(document: Arc<PolicyDocument>, hasher: Hasher, value: &Value<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    let mut faults = Faults::new(value, path);
    let policy = compile(document, hasher, &mut faults, path)?;
    faults.into_result(policy)
}
