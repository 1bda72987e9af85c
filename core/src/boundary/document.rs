//! Documents from a host: a value, or JSON text.

use crate::directory::{Directory, FaultyOrganizations, Loaded};
use crate::input::error::Error;
use crate::input::json;
use crate::input::path::Path;
use crate::input::shape::{boolean, fields};
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
    load(document.into(), Options { policy, ..Options::default() }, seed)
}

/// The same with options: `{policy?, quarantine?}`. With `quarantine`, an organization that has a fault is left out and listed in
/// [`Directory::quarantined`]. Only a fault outside organizations refuses the document.
///
/// # Errors
/// As [`load_directory`]; and `wrong_type`, `unknown_field` for the options.
pub fn load_directory_with<'d>(document: impl Into<Document<'d>>, options: &Value<'_>, seed: Option<u64>) -> Result<Directory, Error> {
    load(document.into(), Options::read(options)?, seed)
}

fn load(document: Document<'_>, options: Options<'_>, seed: Option<u64>) -> Result<Directory, Error> {
    let load = |value: &Value<'_>| Loaded::read(value, options.policy, seed, options.faulty()).map(Directory::from);
    match document {
        Document::Value(value) => load(value),
        Document::Json(text) => load(&json::parse(text)?),
    }
}

/// How a document is loaded.
#[derive(Clone, Copy, Default)]
struct Options<'o> {
    policy: Option<&'o Value<'o>>,
    quarantine: bool,
}

impl<'o> Options<'o> {
    fn read(value: &'o Value<'o>) -> Result<Self, Error> {
        let mut options = Self::default();
        fields!(value, &Path::Root, required [], |field, at| {
            "policy" => options.policy = Some(field).filter(|policy| **policy != Value::Null),
            // Null is refused: an unset variable must not decide what is left out.
            "quarantine" => options.quarantine = boolean(field, at)?,
        });
        Ok(options)
    }

    fn faulty(&self) -> FaultyOrganizations<'static> {
        if self.quarantine { FaultyOrganizations::LeaveOut { last_good: None } } else { FaultyOrganizations::Refuse }
    }
}
