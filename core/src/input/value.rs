//! Values: untyped input from a host or a JSON text, before its shape is checked.

use std::borrow::Cow;

/// A value in a document or request.
///
/// A binding converts the host's values into these and never fails at it: values that JSON cannot represent become
/// [`Foreign`](Self::Foreign), [`UnusableText`](Self::UnusableText) or [`TooDeep`](Self::TooDeep). The core reports the first fault in
/// document order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`, `None`.
    Null,
    /// `true` or `false`; no other value is converted to one.
    Boolean(bool),
    /// A finite number.
    Number(f64),
    /// A host's native instant (`Date`, `datetime`) in Unix milliseconds; NaN if it is invalid.
    Instant(f64),
    /// Unicode text.
    Text(Cow<'a, str>),
    /// A string that is not valid anywhere: not Unicode (with a lone surrogate, so that two of them could become the same id), or far too
    /// long.
    UnusableText,
    /// A list.
    List(Vec<Value<'a>>),
    /// The own members of an object, in order.
    Object(Vec<Member<'a>>),
    /// A value nested deeper than [`MAX_DEPTH`](Self::MAX_DEPTH). Cycles end here.
    TooDeep,
    /// A value that JSON cannot represent, with a description: `"NaN"`, `"a function"`.
    Foreign(&'static str),
}

/// A member of an object: its name and its value.
pub type Member<'a> = (Cow<'a, str>, Value<'a>);

impl Value<'_> {
    /// How deeply lists and objects may be nested. The deepest value of a valid document is at depth 9.
    pub const MAX_DEPTH: usize = 32;

    /// A description for error messages.
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
