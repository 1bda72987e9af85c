//! Shape: reads typed values from untyped ones. The first fault in document order is reported.
//!
//! Every reader takes a value and its path. A missing field is reported at its object, before any fault inside that object.
//!
//! A fault ends reading, unless the path begins at a fault log: then the fault is logged, and the faulty part is left out of the result.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::{Error, quoted};
use crate::input::id::{self, Reference, invalid_id};
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::value::{Member, Value};

/// The greatest length of a name, label or e-mail address in bytes.
pub(crate) const LONGEST_TEXT: usize = 4_096;
/// 2^53 - 1: the largest whole number that JavaScript and Python both represent exactly.
pub(crate) const LARGEST_NUMBER: u64 = (1 << 53) - 1;
/// The most items of one list, so that 32-bit indices always suffice.
const LONGEST_LIST: usize = 1 << 28;

/// Reads an object field by field in document order. A field without an arm is unknown.
macro_rules! fields {
    ($value:expr, $path:expr, required $required:expr, |$field:ident, $at:ident| { $($name:literal => $read:expr,)+ }) => {
        for (name, $field) in $crate::input::shape::object($value, $path, &$required)? {
            let $at = &$path.field(name);
            $crate::input::shape::read_tolerantly($at, || {
                match name.as_ref() {
                    $($name => $read,)+
                    other => return Err($crate::input::shape::unknown_field(other, $at)),
                }
                Ok(())
            })?;
        }
    };
}
pub(crate) use fields;

/// Reads a part of the value at `path`. With a fault log, a fault of the part is logged and the rest is still read.
#[inline]
pub(crate) fn read_tolerantly(path: &Path<'_>, read: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    read().or_else(|error| path.tolerate(error))
}

fn wrong_type(value: &Value<'_>, wanted: &str, path: &Path<'_>) -> Error {
    match value {
        Value::TooDeep => Error::new(ErrorCode::LimitExceeded, path, format_args!("nested deeper than {} levels", Value::MAX_DEPTH)),
        other => Error::new(ErrorCode::WrongType, path, format_args!("expected {wanted}, found {}", other.description())),
    }
}

/// The members of an object, which must have the `required` ones.
pub(crate) fn object<'v>(value: &'v Value<'v>, path: &Path<'_>, required: &[&str]) -> Result<&'v [Member<'v>], Error> {
    let Value::Object(members) = value else {
        return Err(wrong_type(value, "an object", path));
    };
    required.iter().filter(|name| member(members, name).is_none()).try_for_each(|name| path.tolerate(missing_field(name, path)))?;
    Ok(members)
}

/// The value of the member of that name.
pub(crate) fn member<'v>(members: &'v [Member<'v>], name: &str) -> Option<&'v Value<'v>> {
    members.iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

pub(crate) fn missing_field(name: &str, path: &Path<'_>) -> Error {
    Error::new(ErrorCode::MissingField, path, format_args!("the field `{name}` is missing"))
}

pub(crate) fn unknown_field(name: &str, path: &Path<'_>) -> Error {
    Error::new(ErrorCode::UnknownField, path, format_args!("there is no field {} here", quoted(name)))
}

/// Refuses any format but `supported`, before anything else is read: another format has other fields.
pub(crate) fn ensure_format(value: &Value<'_>, path: &Path<'_>, supported: &str) -> Result<(), Error> {
    let Value::Object(members) = value else { return Ok(()) };
    match member(members, "format") {
        Some(Value::Text(format)) if format != supported => {
            let message = format!("this release reads `{supported}`, not {}", quoted(format));
            Err(Error::new(ErrorCode::UnsupportedFormat, &path.field("format"), message))
        }
        _ => Ok(()),
    }
}

/// The items of a list.
pub(crate) fn list_items<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v [Value<'v>], Error> {
    match value {
        Value::List(items) if items.len() > LONGEST_LIST => {
            Err(Error::new(ErrorCode::LimitExceeded, path, format!("a list has at most {LONGEST_LIST} entries")))
        }
        Value::List(items) => Ok(items),
        other => Err(wrong_type(other, "a list", path)),
    }
}

/// Every item of a list, read in order.
pub(crate) fn list<'v, T>(
    value: &'v Value<'v>,
    path: &Path<'_>,
    mut read: impl FnMut(&'v Value<'v>, &Path<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    // Grown as items are read: a long list of invalid items must not reserve memory for as many results.
    let mut list = Vec::new();
    for (index, item) in list_items(value, path)?.iter().enumerate() {
        let at = &path.item(index);
        read_tolerantly(at, || {
            list.push(read(item, at)?);
            Ok(())
        })?;
    }
    Ok(list)
}

/// Every member of an object that is a map, read in order.
pub(crate) fn map<'v, T>(
    value: &'v Value<'v>,
    path: &Path<'_>,
    mut read: impl FnMut(&'v Value<'v>, &Path<'_>) -> Result<T, Error>,
) -> Result<Vec<(String, T)>, Error> {
    let mut entries = Vec::new();
    for (name, member) in object(value, path, &[])? {
        let at = &path.field(name);
        read_tolerantly(at, || {
            entries.push((name.to_string(), read(member, at)?));
            Ok(())
        })?;
    }
    Ok(entries)
}

/// `None` for null, otherwise the value.
pub(crate) fn nullable<'v, T>(
    value: &'v Value<'v>,
    path: &Path<'_>,
    read: impl FnOnce(&'v Value<'v>, &Path<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if *value == Value::Null { Ok(None) } else { read(value, path).map(Some) }
}

/// The value of the member of that name; `None` if it is absent or null.
pub(crate) fn optional<'v, T>(
    members: &'v [Member<'v>],
    name: &str,
    path: &Path<'_>,
    read: impl FnOnce(&'v Value<'v>, &Path<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    member(members, name).map_or(Ok(None), |value| nullable(value, &path.field(name), read))
}

/// Any Unicode text, of any length.
pub(crate) fn string<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(wrong_type(other, "a string", path)),
    }
}

/// A name, label or e-mail address.
pub(crate) fn text<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    let text = string(value, path)?;
    if text.len() > LONGEST_TEXT {
        return Err(Error::new(ErrorCode::LimitExceeded, path, format_args!("a text has at most {LONGEST_TEXT} bytes")));
    }
    Ok(text)
}

/// An id, or a name that a policy defines.
pub(crate) fn id<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    match value {
        Value::Text(text) if id::is_id(text) => Ok(text),
        Value::Text(_) | Value::UnusableText => Err(invalid_id(path)),
        other => Err(wrong_type(other, "a string", path)),
    }
}

/// A reference: `type:id`, or an object with `type` and `id`.
pub(crate) fn reference<'v>(value: &'v Value<'v>, path: &Path<'_>) -> Result<Reference<'v>, Error> {
    match value {
        Value::Text(text) => Reference::read(text, path),
        Value::UnusableText => Err(invalid_id(path)),
        Value::Object(_) => {
            let mut type_name = "";
            let mut id_text = "";
            fields!(value, path, required ["type", "id"], |field, at| {
                "type" => {
                    type_name = string(field, at)?;
                    if type_name.is_empty() || type_name.contains(':') {
                        return Err(id::invalid_reference(at));
                    }
                },
                "id" => id_text = id(field, at)?,
            });
            Ok(Reference::of_parts(type_name, id_text))
        }
        other => Err(wrong_type(other, "a reference", path)),
    }
}

pub(crate) fn boolean(value: &Value<'_>, path: &Path<'_>) -> Result<bool, Error> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        other => Err(wrong_type(other, "true or false", path)),
    }
}

/// A whole number from 0 to 2^53 - 1. `300.0` is one too, since not every language distinguishes it from `300`.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "the bounds are checked first")]
pub(crate) fn whole_number(value: &Value<'_>, path: &Path<'_>) -> Result<u64, Error> {
    match value {
        Value::Number(number) if *number > LARGEST_NUMBER as f64 => {
            Err(Error::new(ErrorCode::LimitExceeded, path, format_args!("a number is at most {LARGEST_NUMBER}")))
        }
        Value::Number(number) if *number >= 0.0 && number.fract() == 0.0 => Ok(*number as u64),
        Value::Number(_) => Err(Error::new(ErrorCode::WrongType, path, "expected a whole number that is not negative")),
        other => Err(wrong_type(other, "a whole number", path)),
    }
}

/// An RFC 3339 instant, or the host's native instant.
pub(crate) fn instant(value: &Value<'_>, path: &Path<'_>) -> Result<Instant, Error> {
    let instant = match value {
        Value::Text(text) => Instant::parse(text),
        Value::Instant(milliseconds) => Instant::from_unix_milliseconds(*milliseconds),
        Value::UnusableText => None,
        other => return Err(wrong_type(other, "an instant", path)),
    };
    instant.ok_or_else(|| {
        let message = "an instant is RFC 3339 text with an offset, for example `2026-02-01T00:00:00Z`, in the years 0 to 9999; a number is \
                       milliseconds, and below 10^11 seconds by mistake";
        Error::new(ErrorCode::InvalidTimestamp, path, message)
    })
}

/// One of the words of a closed list.
pub(crate) fn word<T: Copy>(value: &Value<'_>, path: &Path<'_>, all: &[T], as_str: fn(T) -> &'static str) -> Result<T, Error> {
    let found = string(value, path)?;
    all.iter().copied().find(|word| as_str(*word) == found).ok_or_else(|| {
        let words: Vec<_> = all.iter().map(|word| format!("`{}`", as_str(*word))).collect();
        // The message does not repeat the value: it could be a misplaced secret.
        Error::new(ErrorCode::WrongType, path, format_args!("expected {}", words.join(" or ")))
    })
}
