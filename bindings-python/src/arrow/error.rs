//! What is wrong with a table: a code, the column, and a sentence.

use arrow_schema::ArrowError;
use bailiwick::ErrorCode;

use crate::panics::catch_panic;

/// An error that has not been raised yet.
#[derive(Clone, Debug)]
pub(crate) struct TableError {
    /// The exception's class in `_errors.py`.
    pub(crate) class: &'static str,
    pub(crate) code: &'static str,
    pub(crate) path: String,
    pub(crate) message: String,
}

/// What no column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A code of a dictionary that has no such value.
    Code,
    /// Offsets that fall, or that lead out of the column's bytes.
    Offsets,
    /// A view of bytes that are not there, or that do not begin as the view says.
    View,
}

impl Damage {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Code => "a dictionary without some of its values",
            Self::Offsets => "offsets that fall, or that lead out of the column",
            Self::View => "a view of text that is not in the column",
        }
    }
}

impl TableError {
    fn new(code: ErrorCode, path: String, message: String) -> Self {
        Self { class: "InvalidInputError", code: code.as_str(), path, message }
    }

    pub(crate) fn wrong_type(path: &str, message: &str) -> Self {
        Self::new(ErrorCode::WrongType, path.to_owned(), message.to_owned())
    }

    /// A time that does not say in which zone it is, or is beyond all years.
    pub(crate) fn not_an_instant(path: &str) -> Self {
        let message = "an instant for all rows is a datetime with a time zone, in the years 0 to 9999";
        Self::new(ErrorCode::InvalidTimestamp, path.to_owned(), message.to_owned())
    }

    /// A column that is of another type than can be read.
    pub(super) fn column_type(column: &str, wanted: &str, found: &impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::WrongType, pointer(column), format!("expected a column of {wanted}, found {found}"))
    }

    /// A column of times that are times only in some zone.
    pub(super) fn missing_zone(column: &str, found: &impl std::fmt::Display) -> Self {
        let message = format!("times without a zone ({found}): say in which they are with `time_zone`, such as `UTC` or `Europe/Zurich`");
        Self::new(ErrorCode::WrongType, pointer(column), message)
    }

    pub(super) fn missing_column(column: &str) -> Self {
        Self::new(ErrorCode::MissingField, pointer(column), format!("the table has no column `{}`", plain(column)))
    }

    pub(super) fn missing_argument(argument: &str) -> Self {
        Self::new(ErrorCode::MissingField, pointer(argument), format!("name the column of `{argument}`"))
    }

    pub(super) fn duplicate_column(column: &str, message: &str) -> Self {
        Self::new(ErrorCode::DuplicateId, pointer(column), format!("{message} `{}`", plain(column)))
    }

    /// A column that holds what none can. `what` is a [`Damage`], or what the structures say.
    pub(super) fn damaged_column(column: &str, what: &str) -> Self {
        Self::unreadable_at(pointer(column), what.to_owned())
    }

    /// The same of the table.
    pub(super) fn damaged_table(what: &str) -> Self {
        Self::unreadable_at(String::new(), format!("a table with {what}"))
    }

    /// A table or stream that ends in an error.
    pub(crate) fn unreadable(error: &ArrowError) -> Self {
        Self::unreadable_at(String::new(), format!("the table cannot be read: {}", plain(&error.to_string())))
    }

    fn unreadable_at(path: String, message: String) -> Self {
        Self { class: "UnreadableError", code: "unreadable", path, message }
    }

    pub(super) fn too_deep(most: usize) -> Self {
        Self::new(ErrorCode::LimitExceeded, String::new(), format!("a column's type is nested deeper than {most} levels"))
    }

    /// A stream that is asked for a second time.
    pub(crate) fn already_read() -> Self {
        Self::unreadable_at(String::new(), "these answers to a stream have been read".to_owned())
    }

    /// A panic, which is a fault of this engine. `place` says where.
    pub(crate) fn internal(place: &str) -> Self {
        Self::of_engine(format!("a fault in bailiwick, at {place}: please report it"))
    }

    /// A change that panicked has left the directory in pieces.
    pub(crate) fn interrupted() -> Self {
        Self::of_engine("a change ended in a fault in bailiwick: load the directory again, and please report it".to_owned())
    }

    fn of_engine(message: String) -> Self {
        Self { class: "BailiwickError", code: "internal", path: String::new(), message }
    }

    /// Looks at what another library hands over. The Arrow crates panic on some of what breaks the format: that is the table's fault, and no C code that
    /// calls must see it.
    pub(super) fn catch_panics<T>(look: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        catch_panic(look).unwrap_or_else(|_| Err(Self::damaged_table("what no table can hold")))
    }

    /// The same by the Arrow crates' own means.
    pub(super) fn reading<T>(read: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, Self> {
        Self::catch_panics(|| read().map_err(|error| Self::unreadable(&error)))
    }

    /// What consumers of a stream are told, who take nothing but text.
    pub(super) fn into_arrow(self) -> ArrowError {
        let Self { code, path, message, .. } = self;
        ArrowError::ComputeError(if path.is_empty() { format!("{message} ({code})") } else { format!("{message} ({code} at {path})") })
    }
}

/// The path of a column: its name as a JSON pointer.
fn pointer(column: &str) -> String {
    format!("/{}", plain(column).replace('~', "~0").replace('/', "~1"))
}

/// Text for people and for C, which ends it at the first zero.
fn plain(text: &str) -> String {
    text.chars().filter(|character| *character != '\0').take(1_000).collect()
}
