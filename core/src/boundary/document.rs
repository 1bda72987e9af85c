//! Documents from a host: a value, or JSON text.

use crate::directory::{Directory, DirectoryTables, FaultyOrganizations, Loaded, TablePolicy, Tables};
use crate::input::error::Error;
use crate::input::json::{self, Limits};
use crate::input::path::Path;
use crate::input::shape::{boolean, fields, nullable, whole_number};
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

/// A directory in one of the forms that hosts pass.
#[derive(Debug)]
pub enum DirectoryInput<'d> {
    /// A document.
    Document(Document<'d>),
    /// Tables, which say nothing of an age, a revision or a policy.
    Tables(Box<DirectoryTables<'d>>),
}

impl<'d> From<&'d Value<'d>> for DirectoryInput<'d> {
    fn from(value: &'d Value<'d>) -> Self {
        Self::Document(value.into())
    }
}

impl<'d> From<&'d [u8]> for DirectoryInput<'d> {
    fn from(json: &'d [u8]) -> Self {
        Self::Document(json.into())
    }
}

impl<'d> From<DirectoryTables<'d>> for DirectoryInput<'d> {
    fn from(tables: DirectoryTables<'d>) -> Self {
        Self::Tables(Box::new(tables))
    }
}

impl DirectoryInput<'_> {
    /// Reads and indexes the directory. `policy` (an id or a document) replaces its own; without one, tables have that of `present`.
    pub(super) fn load(
        self,
        policy: Option<&Value<'_>>,
        present: Option<&Tables>,
        seed: Option<u64>,
        faulty: FaultyOrganizations<'_>,
        limits: Limits,
    ) -> Result<Loaded, Error> {
        match self {
            Self::Document(Document::Value(value)) => Loaded::read(value, policy, seed, faulty),
            Self::Document(Document::Json(text)) => Loaded::read(&json::parse_within(text, limits)?, policy, seed, faulty),
            Self::Tables(tables) => {
                let policy = policy.map(TablePolicy::Named).or(present.map(TablePolicy::Present)).unwrap_or(TablePolicy::BuiltIn);
                Loaded::read_tables(*tables, policy, seed, faulty)
            }
        }
    }
}

/// Loads a directory document. `policy` (an id or a document) replaces its own. `seed` is a random number that keys the hash of ids, so
/// that nobody can choose ids that collide; without it, the key is derived from the document. No answer depends on it.
///
/// # Errors
/// `invalid_json`, and the first fault of the policy or the document, in document order; faults of shape come before faults of meaning.
pub fn load_directory<'d>(
    document: impl Into<DirectoryInput<'d>>,
    policy: Option<&Value<'_>>,
    seed: Option<u64>,
) -> Result<Directory, Error> {
    load(document.into(), Options { policy, quarantine: false, limits: Limits::NONE }, seed)
}

/// The same with options: `{policy?, quarantine?, max_bytes?, max_values?}`. With `quarantine`, an organization that has a fault is left out and listed in
/// [`Directory::quarantined`]. Only a fault outside organizations refuses the document. JSON text has at
/// most so many bytes and values; null is the default, [`MOST_BYTES`] and [`MOST_VALUES`].
///
/// # Errors
/// As [`load_directory`]; and `wrong_type`, `unknown_field` for the options.
pub fn load_directory_with<'d>(
    document: impl Into<DirectoryInput<'d>>,
    options: &Value<'_>,
    seed: Option<u64>,
) -> Result<Directory, Error> {
    load(document.into(), Options::read(options)?, seed)
}

fn load(document: DirectoryInput<'_>, options: Options<'_>, seed: Option<u64>) -> Result<Directory, Error> {
    document.load(options.policy, None, seed, options.faulty(), options.limits).map(Directory::from)
}

/// The most bytes of a JSON text, unless an option says otherwise.
pub const MOST_BYTES: usize = 1 << 28;
/// The most values of a JSON text, unless an option says otherwise.
pub const MOST_VALUES: usize = 1 << 25;
pub(super) const DEFAULT_LIMITS: Limits = Limits { bytes: MOST_BYTES, values: MOST_VALUES };

/// A limit that is an option; null is its default.
pub(super) fn most(value: &Value<'_>, path: &Path<'_>, default: usize) -> Result<usize, Error> {
    let most = nullable(value, path, whole_number)?;
    Ok(most.map_or(default, |most| usize::try_from(most).unwrap_or(usize::MAX)))
}

/// How a document is loaded.
#[derive(Clone, Copy)]
struct Options<'o> {
    policy: Option<&'o Value<'o>>,
    quarantine: bool,
    limits: Limits,
}

impl<'o> Options<'o> {
    fn read(value: &'o Value<'o>) -> Result<Self, Error> {
        let mut options = Self { policy: None, quarantine: false, limits: DEFAULT_LIMITS };
        fields!(value, &Path::Root, required [], |field, at| {
            "policy" => options.policy = Some(field).filter(|policy| **policy != Value::Null),
            // Null is refused: an unset variable must not decide what is left out.
            "quarantine" => options.quarantine = boolean(field, at)?,
            "max_bytes" => options.limits.bytes = most(field, at, MOST_BYTES)?,
            "max_values" => options.limits.values = most(field, at, MOST_VALUES)?,
        });
        Ok(options)
    }

    fn faulty(&self) -> FaultyOrganizations<'static> {
        if self.quarantine { FaultyOrganizations::LeaveOut { last_good: None } } else { FaultyOrganizations::Refuse }
    }
}
