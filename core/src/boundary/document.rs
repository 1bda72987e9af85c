//! Documents from a host: a value, or JSON text.

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::json;
use crate::input::value::Value;

/// A document in one of the forms that hosts pass.
#[derive(Clone, Copy, Debug)]
pub enum Document<'d> {
    /// A value of the host's language.
    Value(&'d Value<'d>),
    /// JSON text.
    Json(&'d [u8]),
}

impl<'d> From<&'d Value<'d>> for Document<'d> {
    fn from(value: &'d Value<'d>) -> Self {
        Self::Value(value)
    }
}

impl<'d> From<&'d [u8]> for Document<'d> {
    fn from(json: &'d [u8]) -> Self {
        Self::Json(json)
    }
}

/// Loads a directory document. `policy` (an id or a document) replaces its own. `seed` is a random number that keys the hash of ids, so
/// that nobody can choose ids that collide; without it, the key is derived from the document. No answer depends on it.
///
/// # Errors
/// `invalid_json`, and the first fault of the policy or the document, in document order; faults of shape come before faults of meaning.
pub fn load_directory<'d>(document: impl Into<Document<'d>>, policy: Option<&Value<'_>>, seed: Option<u64>) -> Result<Directory, Error> {
    match document.into() {
        Document::Value(value) => Directory::from_value(value, policy, seed),
        Document::Json(text) => Directory::from_value(&json::parse(text)?, policy, seed),
    }
}
