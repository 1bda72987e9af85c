//! Errors: the code, the location and the message for bad input.

use std::fmt::{Display, Formatter, Write};

use crate::catalogue::decision::{Decision, Denial};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;

/// A location in a document or request.
pub(crate) trait Pointer {
    /// The JSON pointer (RFC 6901) of the location.
    fn to_pointer(&self) -> String;
}

/// Bad input: a code, a location and a message.
///
/// The code and the path are stable; the wording of the message is not. A message never contains a secret, so it repeats no references, ids
/// of principals or digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Content>);

/// The content of an error. It is boxed, so that a `Result` holds one pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    code: ErrorCode,
    path: String,
    message: String,
    denial: Option<Denial>,
}

impl Error {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(code: ErrorCode, path: &impl Pointer, message: impl Display) -> Self {
        Self::with(code, path.to_pointer(), &message, None)
    }

    fn with(code: ErrorCode, path: String, message: &dyn Display, denial: Option<Denial>) -> Self {
        Self(Box::new(Content { code, path, message: message.to_string(), denial }))
    }

    /// `forbidden`, with the decision that denies the change.
    pub(crate) fn forbidden(path: &impl Pointer, decision: &Decision<'_>) -> Self {
        let message = format!("the actor may not make this change: {}", decision.reason);
        Self::with(ErrorCode::Forbidden, path.to_pointer(), &message, Some(Denial::from(decision)))
    }

    /// The same error with a prefix before its message.
    pub(crate) fn with_message_prefix(mut self, beginning: &dyn Display) -> Self {
        self.0.message = format!("{beginning}{}", self.0.message);
        self
    }

    /// The same error with more after its message.
    pub(crate) fn with_message_end(mut self, end: &str) -> Self {
        self.0.message.push_str(end);
        self
    }

    /// The same error with its path below another one.
    pub(crate) fn below(mut self, path: &impl Pointer) -> Self {
        self.0.path.insert_str(0, &path.to_pointer());
        self
    }

    /// The same error with its path relative to another one.
    pub(crate) fn above(mut self, path: &impl Pointer) -> Self {
        if let Some(below) = self.0.path.strip_prefix(&path.to_pointer()) {
            self.0.path = below.to_owned();
        }
        self
    }

    /// The same error at another path.
    pub(crate) fn at_path(mut self, path: &impl Pointer) -> Self {
        self.0.path = path.to_pointer();
        self
    }

    /// The same error with a changed pointer.
    #[cfg(feature = "all-faults")]
    pub(crate) fn map_path(mut self, pointer: impl FnOnce(&str) -> String) -> Self {
        self.0.path = pointer(&self.0.path);
        self
    }

    /// The error code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The location as a JSON pointer (RFC 6901) into the document or request; empty for the document as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The decision that denies the change, if the code is `forbidden`.
    #[must_use]
    pub fn decision(&self) -> Option<Decision<'_>> {
        self.0.denial.as_ref().map(Denial::as_decision)
    }

    /// The message: what is wrong and what is expected, in lower case and without a full stop.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl From<Full> for Error {
    fn from(_: Full) -> Self {
        Self::with(ErrorCode::LimitExceeded, String::new(), &"the directory has more entries than 32-bit indices can address", None)
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// Names in messages are cut to this many characters, since a name can be as long as the input.
const SHOWN_CHARACTERS: usize = 64;

/// A name from the input in backticks, cut to a readable length.
pub(crate) fn quoted(name: &str) -> impl Display + use<'_> {
    Quoted(name)
}

struct Quoted<'n>(&'n str);

impl Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let mut characters = self.0.chars();
        formatter.write_char('`')?;
        for character in characters.by_ref().take(SHOWN_CHARACTERS).filter(|character| !character.is_control()) {
            formatter.write_char(character)?;
        }
        formatter.write_str(if characters.next().is_some() { "…`" } else { "`" })
    }
}
