//! Requests: the JavaScript forms of instants in them.

use bailiwick::{Instant, Member, Value};

use crate::value::{NOT_FINITE, UNDEFINED};

/// A request or usage. A number under `at` is an instant in milliseconds, as `Date.now()` gives it.
pub(crate) fn one(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().map(with_instant).collect()),
        other => other,
    }
}

/// A list of requests or usages.
pub(crate) fn list(value: Value<'_>) -> Value<'_> {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(one).collect()),
        other => other,
    }
}

fn with_instant<'v>((name, value): Member<'v>) -> Member<'v> {
    let value = if name == "at" { instant(value) } else { value };
    (name, value)
}

/// An optional argument that is an instant.
pub(crate) fn optional_instant(value: Value<'_>) -> Value<'_> {
    if matches!(value, Value::Foreign(UNDEFINED)) { Value::Null } else { instant(value) }
}

/// A number as an instant in milliseconds. One that is not an instant becomes NaN.
pub(crate) fn instant(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Number(milliseconds) => match Instant::from_number(milliseconds) {
            Some(_) => Value::Instant(milliseconds),
            None => Value::Instant(f64::NAN),
        },
        Value::Foreign(NOT_FINITE) => Value::Instant(f64::NAN),
        other => other,
    }
}
