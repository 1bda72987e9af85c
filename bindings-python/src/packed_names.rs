//! The names of one answer in one allocation: answers come by the million, and allocating each name would cost more than the answer.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// `COUNT` names, each of which may be missing.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct PackedNames<const COUNT: usize> {
    text: Box<str>,
    lengths: [u16; COUNT],
}

/// The length of a name that is missing.
const MISSING: u16 = u16::MAX;

impl<const COUNT: usize> PackedNames<COUNT> {
    /// The names of an answer of the core. They are ids, and so never too long.
    pub(crate) fn new(names: [Option<&str>; COUNT]) -> Self {
        let mut text = String::with_capacity(names.iter().flatten().map(|name| name.len()).sum());
        names.iter().flatten().for_each(|name| text.push_str(name));
        Self { text: text.into_boxed_str(), lengths: names.map(length) }
    }

    /// Names that were passed from Python. ValueError if one is too long.
    pub(crate) fn checked(names: [Option<&str>; COUNT]) -> PyResult<Self> {
        let is_too_long = |name: &Option<&str>| name.is_some_and(|name| name.len() >= MISSING.into());
        if names.iter().any(is_too_long) { Err(PyValueError::new_err("no name is that long")) } else { Ok(Self::new(names)) }
    }

    /// The name at this index.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let held = |length: &&u16| **length != MISSING;
        let length = self.lengths.get(index).filter(held)?;
        let start = self.lengths.iter().take(index).filter(held).map(|length| usize::from(*length)).sum::<usize>();
        self.text.get(start..start.saturating_add((*length).into()))
    }
}

fn length(name: Option<&str>) -> u16 {
    name.and_then(|name| u16::try_from(name.len()).ok()).unwrap_or(MISSING)
}
