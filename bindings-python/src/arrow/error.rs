//! The errors of tables: a code, the path of the column, and a message.

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

/// Contents that no valid column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A code that is not an index into its dictionary.
    Code,
    /// Offsets that decrease, or that are outside the column's bytes.
    Offsets,
    /// A string view of bytes that do not exist, or that do not begin as the view says.
    View,
}

impl Damage {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Code => "a dictionary without some of its values",
            Self::Offsets => "offsets that decrease, or that are outside the column",
            Self::View => "a string view of text that is not in the column",
        }
    }
}

impl TableError {
    fn new(code: ErrorCode, path: String, message: String) -> Self {
        Self { class: "InvalidInputError", code: code.as_str(), path, message }
    }

    /// An error of the core.
    pub(crate) fn of_core(error: &bailiwick::Error) -> Self {
        Self::new(error.code(), error.path().to_owned(), error.message().to_owned())
    }

    /// An error of a table of several, at the path of the table.
    pub(crate) fn within(self, table: &str) -> Self {
        Self { path: format!("{}{}", pointer(table), self.path), ..self }
    }

    pub(crate) fn wrong_type(path: &str, message: &str) -> Self {
        Self::new(ErrorCode::WrongType, path.to_owned(), message.to_owned())
    }

    /// A datetime without a time zone, or outside the years that instants have.
    pub(crate) fn not_an_instant(path: &str) -> Self {
        let message = "an instant for all rows is a datetime with a time zone, in the years 0 to 9999";
        Self::new(ErrorCode::InvalidTimestamp, path.to_owned(), message.to_owned())
    }

    /// A column whose type cannot be read.
    pub(super) fn column_type(column: &str, wanted: &str, found: &impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::WrongType, pointer(column), format!("expected a column of {wanted}, found {found}"))
    }

    /// A column of times without a zone.
    pub(super) fn missing_zone(column: &str, found: &impl std::fmt::Display) -> Self {
        let message = format!("times without a zone ({found}): set their zone with `time_zone`, such as `UTC` or `Europe/Zurich`");
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

    /// A column with contents that no valid column has. `what` is a [`Damage`], or a violation that validation found.
    pub(super) fn damaged_column(column: &str, what: &str) -> Self {
        Self::unreadable_at(pointer(column), what.to_owned())
    }

    /// The same of the table.
    pub(super) fn damaged_table(what: &str) -> Self {
        Self::unreadable_at(String::new(), format!("a table with {what}"))
    }

    /// A table or stream whose reading fails.
    pub(crate) fn unreadable(error: &ArrowError) -> Self {
        Self::unreadable_at(String::new(), format!("the table cannot be read: {}", plain(&error.to_string())))
    }

    fn unreadable_at(path: String, message: String) -> Self {
        Self { class: "UnreadableError", code: "unreadable", path, message }
    }

    pub(super) fn too_deep(most: usize) -> Self {
        Self::new(ErrorCode::LimitExceeded, String::new(), format!("a column's type is nested deeper than {most} levels"))
    }

    /// A stream that is read a second time.
    pub(crate) fn already_read() -> Self {
        Self::unreadable_at(String::new(), "these answers to a stream have already been read".to_owned())
    }

    /// A panic, which is a bug of this engine. `place` is its location.
    pub(crate) fn internal(place: &str) -> Self {
        Self::of_engine(format!("a bug in bailiwick, at {place}: please report it"))
    }

    /// A change that panicked has left the directory broken.
    pub(crate) fn interrupted() -> Self {
        Self::of_engine("a bug in bailiwick interrupted a change: load the directory again, and please report it".to_owned())
    }

    fn of_engine(message: String) -> Self {
        Self { class: "BailiwickError", code: "internal", path: String::new(), message }
    }

    /// Reads structures of another library. The Arrow crates panic on some violations of the format. Such a panic becomes an error of the table, and never
    /// reaches C code that called this.
    pub(super) fn catch_panics<T>(look: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        catch_panic(look).unwrap_or_else(|_| Err(Self::damaged_table("contents that no valid table has")))
    }

    /// The same for functions of the Arrow crates.
    pub(super) fn reading<T>(read: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, Self> {
        Self::catch_panics(|| read().map_err(|error| Self::unreadable(&error)))
    }

    /// The error for consumers of a stream, which take only text.
    pub(super) fn into_arrow(self) -> ArrowError {
        let Self { code, path, message, .. } = self;
        ArrowError::ComputeError(if path.is_empty() { format!("{message} ({code})") } else { format!("{message} ({code} at {path})") })
    }
}

/// The path of a column: its name as a JSON pointer.
fn pointer(column: &str) -> String {
    format!("/{}", plain(column).replace('~', "~0").replace('/', "~1"))
}

/// Text without zero characters, at which C would end it; cut if it is very long.
fn plain(text: &str) -> String {
    text.chars().filter(|character| *character != '\0').take(1_000).collect()
}
