//! Values: untyped input, as a host or a JSON text gives it, before anything is known of its shape.

use std::borrow::Cow;

/// What a document or a request consists of.
///
/// A binding turns the host's own values into these and never fails while it does: what no JSON document can hold is put in place as
/// [`Foreign`](Self::Foreign), [`UnusableText`](Self::UnusableText) or [`TooDeep`](Self::TooDeep), and the core reports whichever fault comes first in document order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`, `None`.
    Null,
    /// `true` or `false`; nothing else counts as one.
    Boolean(bool),
    /// A finite number.
    Number(f64),
    /// A host's native instant (`Date`, `datetime`) in Unix milliseconds; NaN for one that is no instant.
    Instant(f64),
    /// Unicode text.
    Text(Cow<'a, str>),
    /// A string that can be nothing of ours: not Unicode (a lone surrogate), so that two of them could become the same id, or far too long.
    UnusableText,
    /// A list.
    List(Vec<Value<'a>>),
    /// An object's own members, in their order.
    Object(Vec<Member<'a>>),
    /// Whatever lies deeper than [`MAX_DEPTH`](Self::MAX_DEPTH); this is where cycles end.
    TooDeep,
    /// Something that JSON cannot hold, with a word for it: `"NaN"`, `"a function"`.
    Foreign(&'static str),
}

/// A name and its value in an object.
pub type Member<'a> = (Cow<'a, str>, Value<'a>);

impl Value<'_> {
    /// How many lists and objects may lie within each other. The deepest place of any document of ours is 9.
    pub const MAX_DEPTH: usize = 32;

    /// What this is, in words for a message.
    pub(crate) fn description(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Instant(_) => "an instant",
            Self::Text(_) => "a string",
            Self::UnusableText => "a string that is not Unicode, or too long",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::TooDeep => "nested too deep",
            Self::Foreign(what) => what,
        }
    }
}
