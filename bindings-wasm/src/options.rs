//! Options: the second argument of a call, in JavaScript's own spelling.

use std::borrow::Cow;

use bailiwick::{Member, Value, boundary};
use wasm_bindgen::JsValue;

use crate::error::thrown;
use crate::request::instant;
use crate::value::UNDEFINED;

/// Options as the core spells them. Those that are bytes go another way, and are left out here.
///
/// Fails with `unknown_field` for one in the core's own spelling: it is not JavaScript's, and must not take the place of one that is.
pub(crate) fn options<'v>(value: Value<'v>, bytes: &str) -> Result<Value<'v>, JsValue> {
    let members = match value {
        Value::Null | Value::Foreign(UNDEFINED) => Vec::new(),
        Value::Object(members) => members,
        other => return Ok(other),
    };
    let members = members.into_iter().filter(|(name, _)| name != bytes);
    members.map(respelled).collect::<Result<_, _>>().map(Value::Object)
}

/// `expectedRevision` is `expected_revision`. Under `at` and `issuedAt`, a number is an instant in milliseconds.
fn respelled<'v>((name, value): Member<'v>) -> Result<Member<'v>, JsValue> {
    if name.contains('_') {
        let message = "there is no such option; options are spelt as in `expectedRevision`";
        return Err(thrown(&boundary::unknown_option(&name, message)));
    }
    let mut spelled = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            spelled.push('_');
        }
        spelled.push(character.to_ascii_lowercase());
    }
    let value = if spelled == "at" || spelled == "issued_at" { instant(value) } else { value };
    Ok((Cow::Owned(spelled), value))
}
