//! Ids and references: how a document or a request names things.

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;

/// The greatest length of an id in bytes.
const LONGEST: usize = 256;

/// Whether a text is a valid id: 1 to 256 bytes without control characters. Ids are opaque and compared byte for byte.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !has_control_character(text)
}

fn has_control_character(text: &str) -> bool {
    text.bytes().any(is_suspicious) && text.chars().any(char::is_control)
}

/// Control characters beyond ASCII (U+0080 to U+009F) begin with the byte C2, so most ids need no decoding.
#[inline]
fn is_suspicious(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f || byte == 0xc2
}

/// Returns a test whether parts of `texts` are valid ids. Scanning all of them at once is faster than one by one.
pub(crate) fn ids_among(texts: &str) -> impl Fn(&str) -> bool + use<> {
    // Blocks without an early exit: compilers vectorise them.
    let has_suspicious = |block: &[u8]| block.iter().fold(false, |found, byte| found | is_suspicious(*byte));
    let are_plain = !texts.as_bytes().chunks(256).any(has_suspicious);
    move |text| if are_plain { (1..=LONGEST).contains(&text.len()) } else { is_id(text) }
}

/// A reference to an entry of a directory: `user:usr_ada`, `api_key:key_ci`, `organization:org_acme`, `project:prj_a`, `<kind>:<id>`.
///
/// A reference is well-formed, but may refer to nothing: an unknown type or id gives an answer, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reference<'a> {
    #[serde(rename = "type")]
    pub(crate) type_name: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> Reference<'a> {
    /// Splits `type:id` at the first colon.
    ///
    /// # Errors
    /// `invalid_reference` without a colon or a type; `invalid_id` if the rest is not a valid id.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        Self::read(text, &Path::Root)
    }

    #[inline]
    pub(crate) fn read(text: &'a str, path: &Path<'_>) -> Result<Self, Error> {
        match Self::split(text) {
            Some(Self { type_name, id }) if !type_name.is_empty() && is_id(id) => Ok(Self { type_name, id }),
            Some(Self { type_name, .. }) if !type_name.is_empty() => Err(invalid_id(path)),
            _ => Err(invalid_reference(path)),
        }
    }

    /// Splits a reference without validating its id. For callers that look the id up: an id that is found is valid.
    #[must_use]
    #[inline]
    pub fn split(text: &'a str) -> Option<Self> {
        let (type_name, id) = text.split_at_checked(first_colon(text.as_bytes())?)?;
        Some(Self { type_name, id: id.get(1..)? })
    }

    /// The type and the id.
    #[must_use]
    pub const fn parts(self) -> (&'a str, &'a str) {
        (self.type_name, self.id)
    }

    pub(crate) const fn of_parts(type_name: &'a str, id: &'a str) -> Self {
        Self { type_name, id }
    }
}

/// The index of the first colon. Types have a few bytes, so comparing eight bytes at a time finds it in one or two steps, and always in the
/// same number of steps for one type.
#[inline]
fn first_colon(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGHEST: u64 = ONES << 7;
    let (words, rest) = text.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        // A byte is zero where there is a colon. The lowest bit that is set belongs to the first colon; a borrow may set others above it.
        let difference = u64::from_le_bytes(*word) ^ ONES.wrapping_mul(b':'.into());
        let found = difference.wrapping_sub(ONES) & !difference & HIGHEST;
        if found != 0 {
            return Some(number.wrapping_mul(8).wrapping_add(found.trailing_zeros() as usize / 8));
        }
    }
    rest.iter().position(|byte| *byte == b':').map(|place| text.len().wrapping_sub(rest.len()).wrapping_add(place))
}

/// `type:id`.
impl std::fmt::Display for Reference<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.type_name, self.id)
    }
}

/// The message does not repeat the id: a caller may have passed a secret.
pub(crate) fn invalid_id(path: &Path<'_>) -> Error {
    Error::new(ErrorCode::InvalidId, path, "an id is 1 to 256 bytes of Unicode text without control characters")
}

pub(crate) fn invalid_reference(path: &Path<'_>) -> Error {
    Error::new(ErrorCode::InvalidReference, path, "a reference is `type:id`, for example `user:usr_ada`, or an object with `type` and `id`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded_and_printable() {
        assert!(is_id("a") && is_id("é:ü/ ") && is_id(&"x".repeat(256)) && is_id("\u{a0}") && is_id("\u{fffd}"));
        for bad in ["", "a\nb", "\u{7f}", "\u{85}", "\0", &"x".repeat(257)] {
            assert!(!is_id(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_is_split_at_the_first_colon() {
        for length in 0..40 {
            let text = format!("{}:{}", "é".repeat(length), ":y".repeat(length));
            assert_eq!(Reference::split(&text).map(|reference| (reference.type_name, reference.id)), text.split_once(':'));
            assert_eq!(Reference::split(&"é".repeat(length)), None);
        }
        assert_eq!(Reference::parse("file:a:b"), Ok(Reference::of_parts("file", "a:b")));
        let code = |text| Reference::parse(text).map_err(|error| error.code());
        assert_eq!(code("usr_ada"), Err(ErrorCode::InvalidReference));
        assert_eq!(code(":usr_ada"), Err(ErrorCode::InvalidReference));
        assert_eq!(code("user:"), Err(ErrorCode::InvalidId));
    }
}
