//! Faults of meaning: collected in whatever order they are found, the first in document order is the one that is told.

use std::fmt::Display;

use crate::error::{Error, ErrorCode};
use crate::path::{Path, Step};
use crate::value::Value;

/// The first fault so far of one document.
pub(crate) struct Faults<'v> {
    document: &'v Value<'v>,
    /// How many steps of every path lead to the document itself: one where a policy stands apart from its directory.
    prefix: usize,
    first: Option<(Vec<usize>, Error)>,
}

impl<'v> Faults<'v> {
    /// For the document that stands at `path`.
    pub(crate) fn new(document: &'v Value<'v>, path: &Path<'_>) -> Self {
        Self { document, prefix: path.steps().len(), first: None }
    }

    /// The message is written only where it is the first.
    #[inline(never)]
    pub(crate) fn report(&mut self, code: ErrorCode, path: &Path<'_>, message: impl Display) {
        let position = self.position(path);
        if self.first.as_ref().is_none_or(|(first, _)| position < *first) {
            self.first = Some((position, Error::new(code, path, message)));
        }
    }

    /// The value, if nothing was wrong with its document.
    pub(crate) fn none_or<T>(self, value: T) -> Result<T, Error> {
        match self.first {
            Some((_, error)) => Err(error),
            None => Ok(value),
        }
    }

    /// Where a path lies in the document: at each level, the how-manieth. Parents come before their children.
    fn position(&self, path: &Path<'_>) -> Vec<usize> {
        let mut position = Vec::new();
        let mut value = Some(self.document);
        for step in path.steps().into_iter().skip(self.prefix) {
            let (number, below) = match (step, value) {
                (Step::Item(index), Some(Value::List(items))) => (index, items.get(index)),
                (Step::Field(name), Some(Value::Object(members))) => {
                    match members.iter().enumerate().find(|(_, (other, _))| other == name) {
                        Some((number, (_, below))) => (number, Some(below)),
                        None => break,
                    }
                }
                _ => break,
            };
            position.push(number);
            value = below;
        }
        position
    }
}
