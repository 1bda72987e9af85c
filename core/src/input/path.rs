//! Paths: locations in a document or request.

#[cfg(feature = "all-faults")]
use crate::input::fault_log::FaultLog;

use crate::input::error::{Error, Pointer};

/// A location in a document, as a chain of borrowed steps: it costs nothing on the way down, and is formatted only for a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    Root,
    /// The root of a document whose faults are all collected.
    #[cfg(feature = "all-faults")]
    Logged(&'a FaultLog),
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// Field names in pointers are cut to this many characters, since the name of an unknown field can be as long as the input.
const SHOWN_CHARACTERS: usize = 256;

impl<'a> Path<'a> {
    pub(crate) fn field(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> Path<'a> {
        Path::Item(self, index)
    }

    /// The steps from the root to here.
    pub(crate) fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut path = *self;
        loop {
            path = match path {
                Path::Root => break,
                #[cfg(feature = "all-faults")]
                Path::Logged(_) => break,
                Path::Field(parent, name) => {
                    steps.push(Step::Field(name));
                    *parent
                }
                Path::Item(parent, index) => {
                    steps.push(Step::Item(index));
                    *parent
                }
            };
        }
        steps.reverse();
        steps
    }

    /// The fault log at the root, if any.
    #[cfg(feature = "all-faults")]
    pub(crate) fn fault_log(&self) -> Option<&'a FaultLog> {
        let mut path = *self;
        loop {
            path = match path {
                Path::Root => return None,
                Path::Logged(log) => return Some(log),
                Path::Field(parent, _) | Path::Item(parent, _) => *parent,
            };
        }
    }

    #[cfg(not(feature = "all-faults"))]
    const fn shown_characters(&self) -> usize {
        SHOWN_CHARACTERS
    }

    /// Under a fault log names are not cut, since positions are found by them later.
    #[cfg(feature = "all-faults")]
    fn shown_characters(&self) -> usize {
        if self.fault_log().is_some() { usize::MAX } else { SHOWN_CHARACTERS }
    }

    /// Adds a fault to the fault log, so that reading continues. Without a log, or with too many faults, it is an error.
    #[cfg(feature = "all-faults")]
    #[cold]
    pub(crate) fn tolerate(&self, error: Error) -> Result<(), Error> {
        match self.fault_log() {
            Some(log) => log.note(error),
            None => Err(error),
        }
    }

    #[cfg(not(feature = "all-faults"))]
    #[inline(always)]
    pub(crate) fn tolerate(&self, error: Error) -> Result<(), Error> {
        Err(error)
    }
}

impl Pointer for Path<'_> {
    fn to_pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.steps() {
            pointer.push('/');
            match step {
                Step::Field(name) => {
                    for character in name.chars().take(self.shown_characters()) {
                        match character {
                            '~' => pointer.push_str("~0"),
                            '/' => pointer.push_str("~1"),
                            other => pointer.push(other),
                        }
                    }
                }
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

/// The pointer with its names cut, as in every pointer that leaves the engine.
#[cfg(feature = "all-faults")]
pub(crate) fn cut(pointer: &str) -> String {
    let cut = |name: &str| {
        // An escaped character has two characters in the pointer and one in the name.
        let mut is_escaped = false;
        let ends = name.char_indices().filter(|(_, character)| !std::mem::replace(&mut is_escaped, *character == '~'));
        let end = ends.map(|(start, _)| start).nth(SHOWN_CHARACTERS).unwrap_or(name.len());
        name.get(..end).unwrap_or_default().to_owned()
    };
    pointer.split('/').map(cut).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_as_in_rfc_6901() {
        let list = Path::Root.field("a/b");
        let item = list.item(3);
        assert_eq!(item.field("c~d").to_pointer(), "/a~1b/3/c~0d");
        assert_eq!(Path::Root.to_pointer(), "");
    }

    #[test]
    #[cfg(feature = "all-faults")]
    fn a_pointer_is_cut_like_its_names() {
        let log = FaultLog::default();
        for name in ["", "a", "~", "/", &"x".repeat(256), &"x".repeat(257), &"~".repeat(300), &"é/".repeat(200)] {
            let whole = Path::Logged(&log).field(name).item(7).field("b").to_pointer();
            assert_eq!(cut(&whole), Path::Root.field(name).item(7).field("b").to_pointer());
        }
    }
}
