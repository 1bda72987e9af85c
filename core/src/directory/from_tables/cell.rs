//! Cells: the values of tables, which borrow their texts. They are read by the rules for values of documents.

use std::borrow::Cow;

use crate::directory::digest::{self, KeyDigest};
use crate::directory::document::{ALL_PROJECTS, KeyProjects};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape;
use crate::input::value::Value;

/// A value in a table.
#[derive(Clone, Debug)]
pub enum Cell<'v> {
    /// Null, which is the same as left out.
    Null,
    /// Unicode text.
    Text(&'v str),
    /// Text that is not Unicode.
    NotText,
    /// True or false.
    Boolean(bool),
    /// A number that is no boolean.
    Number(f64),
    /// An instant.
    Instant(Instant),
    /// A time that is no instant.
    NotInstant,
    /// A list of texts.
    List(Vec<Self>),
}

impl<'v> Cell<'v> {
    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same as a value of a document. It allocates nothing, except for lists.
    fn value(&self) -> Value<'v> {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::NotText => Value::UnusableText,
            Self::Boolean(boolean) => Value::Boolean(*boolean),
            Self::Number(number) => Value::Number(*number),
            Self::Instant(_) | Self::NotInstant => Value::Instant(f64::NAN),
            Self::List(_) => Value::List(Vec::new()),
        }
    }

    /// The text, whether or not it is valid; empty for anything else.
    pub(super) fn borrowed(&self) -> &'v str {
        if let Self::Text(text) = self { text } else { "" }
    }

    pub(super) fn id(&self, path: &Path<'_>) -> Result<&'v str, Error> {
        shape::id(&self.value(), path).map(|_| self.borrowed())
    }

    pub(super) fn text(&self, path: &Path<'_>) -> Result<&'v str, Error> {
        shape::text(&self.value(), path).map(|_| self.borrowed())
    }

    pub(super) fn boolean(&self, path: &Path<'_>) -> Result<bool, Error> {
        shape::boolean(&self.value(), path)
    }

    pub(super) fn word<T: Copy>(&self, path: &Path<'_>, all: &[T], as_str: fn(T) -> &'static str) -> Result<T, Error> {
        shape::word(&self.value(), path, all, as_str)
    }

    pub(super) fn digest(&self, path: &Path<'_>) -> Result<KeyDigest, Error> {
        digest::digest(&self.value(), path)
    }

    pub(super) fn instant(&self, path: &Path<'_>) -> Result<Instant, Error> {
        if let Self::Instant(instant) = self { Ok(*instant) } else { shape::instant(&self.value(), path) }
    }

    pub(super) fn ids(&self, path: &Path<'_>) -> Result<Vec<&'v str>, Error> {
        match self {
            Self::List(items) => items.iter().enumerate().map(|(number, item)| item.id(&path.item(number))).collect(),
            other => shape::list(&other.value(), path, |_, _| Ok("")),
        }
    }

    pub(super) fn key_projects(&self, path: &Path<'_>) -> Result<KeyProjects<'v>, Error> {
        match self {
            Self::Text(ALL_PROJECTS) => Ok(KeyProjects::All),
            Self::List(_) => self.ids(path).map(KeyProjects::Listed),
            other => KeyProjects::read(&other.value(), path).map(|_| KeyProjects::NONE),
        }
    }
}
