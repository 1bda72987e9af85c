//! Options: the second argument of a call, in JavaScript's own spelling.

use std::borrow::Cow;

use bailiwick::{Member, Value};

use crate::request::instant;
use crate::value::UNDEFINED;

/// Options as the core spells them. Those that are bytes go another way, and are left out here.
pub(crate) fn options<'v>(value: Value<'v>, bytes: &str) -> Value<'v> {
    match value {
        Value::Null | Value::Foreign(UNDEFINED) => Value::Object(Vec::new()),
        Value::Object(members) => Value::Object(members.into_iter().filter(|(name, _)| name != bytes).map(respelled).collect()),
        other => other,
    }
}

/// `expectedRevision` is `expected_revision`. Under names that end in `at`, a number is an instant in milliseconds.
fn respelled<'v>((name, value): Member<'v>) -> Member<'v> {
    let mut spelled = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            spelled.push('_');
        }
        spelled.push(character.to_ascii_lowercase());
    }
    let value = if spelled == "at" || spelled == "issued_at" { instant(value) } else { value };
    (Cow::Owned(spelled), value)
}
