//! Reconciliation: the changes that turn a directory into that of a document.

use serde::Serialize;

/// What a reconciliation did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct Reconciliation {
    /// The revision afterwards. Each change adds one.
    pub revision: u64,
    /// The changes, as `apply` takes them.
    pub changes: Vec<serde_json::Value>,
}
