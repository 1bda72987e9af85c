//! What is wrong with a table: a code, the column, and a sentence.

use arrow_schema::ArrowError;
use bailiwick::ErrorCode;
use pyo3::prelude::*;

/// An error that has not been raised yet.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    class: &'static str,
    code: &'static str,
    path: String,
    message: String,
}

impl Fault {
    fn new(code: ErrorCode, path: String, message: String) -> Self {
        Self { class: "InvalidInputError", code: code.as_str(), path, message }
    }

    pub(super) fn wrong_type(path: &str, message: &str) -> Self {
        Self::new(ErrorCode::WrongType, path.to_owned(), message.to_owned())
    }

    /// A column that is of another type than can be read.
    pub(super) fn column_type(column: &str, wanted: &str, found: &impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::WrongType, pointer(column), format!("expected a column of {wanted}, found {found}"))
    }

    pub(super) fn missing_column(column: &str) -> Self {
        Self::new(ErrorCode::MissingField, pointer(column), format!("the table has no column `{}`", plain(column)))
    }

    pub(super) fn missing_argument(argument: &str) -> Self {
        Self::new(ErrorCode::MissingField, pointer(argument), format!("name the column of `{argument}`"))
    }

    pub(super) fn doubled_column(column: &str, message: &str) -> Self {
        Self::new(ErrorCode::DuplicateId, pointer(column), format!("{message} `{}`", plain(column)))
    }

    /// Dictionary codes without a value, and other contents that no column can have.
    pub(super) fn damaged_column(column: &str) -> Self {
        Self {
            class: "UnreadableError",
            code: "unreadable",
            path: pointer(column),
            message: "a dictionary without some of its values".to_owned(),
        }
    }

    /// A stream that ends in an error.
    pub(super) fn unreadable(error: &ArrowError) -> Self {
        let message = format!("the table cannot be read: {}", plain(&error.to_string()));
        Self { class: "UnreadableError", code: "unreadable", path: String::new(), message }
    }

    pub(super) fn too_deep(most: usize) -> Self {
        Self::new(ErrorCode::LimitExceeded, String::new(), format!("a column's type is nested deeper than {most} levels"))
    }

    /// A stream that is asked for a second time.
    pub(super) fn read_before() -> Self {
        Self {
            class: "UnreadableError",
            code: "unreadable",
            path: String::new(),
            message: "these answers to a stream have been read".to_owned(),
        }
    }

    pub(super) fn raised(&self, py: Python<'_>) -> PyErr {
        let made = || py.import("bailiwick._errors")?.getattr(self.class)?.call1((self.code, self.path.as_str(), self.message.as_str()));
        made().map_or_else(|fault| fault, PyErr::from_value)
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
