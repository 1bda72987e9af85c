//! Options: the second argument of a call, in JavaScript's own spelling.

use std::borrow::Cow;

use bailiwick::{Member, Value, boundary};
use wasm_bindgen::prelude::*;

use crate::error::thrown;
use crate::request::instant;
use crate::value::UNDEFINED;

#[wasm_bindgen(raw_module = "./options.js")]
extern "C" {
    #[wasm_bindgen(js_name = isNamed)]
    fn is_named(options: &JsValue, name: &str) -> bool;
}

/// Options as the core spells them. Those that are bytes go another way, and are left out here.
///
/// Fails with `unknown_field` for one in the core's own spelling: it is not JavaScript's, and must not take the place of one that is.
pub(crate) fn options<'v>(value: Value<'v>, bytes: &[&str]) -> Result<Value<'v>, JsValue> {
    let members = match value {
        Value::Null | Value::Foreign(UNDEFINED) => Vec::new(),
        Value::Object(members) => members,
        other => return Ok(other),
    };
    let members = members.into_iter().filter(|(name, _)| !bytes.contains(&name.as_ref()));
    members.map(respelled).collect::<Result<_, _>>().map(Value::Object)
}

/// The options of a change. An actor that is named and is nothing, or is inherited, is null: the core refuses it.
pub(crate) fn terms<'v>(host: &JsValue, value: Value<'v>) -> Result<Value<'v>, JsValue> {
    const ACTOR: &str = "actor";
    let mut terms = options(value, &[])?;
    if let Value::Object(members) = &mut terms
        && members.iter().all(|(name, _)| name != ACTOR)
        && is_named(host, ACTOR)
    {
        members.push((Cow::Borrowed(ACTOR), Value::Null));
    }
    Ok(terms)
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
