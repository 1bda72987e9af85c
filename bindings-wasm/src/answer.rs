//! Answers → plain JavaScript objects, their keys in the core's order.

use js_sys::{Error, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// Any answer, by way of JSON text: one crossing instead of several for each member, and a surface called `__proto__` stays a member.
pub(crate) fn plain(answer: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(answer).map_err(|fault| Error::new(&fault.to_string()))?;
    JSON::parse(&text)
}

/// The rows of a batch, with the count of those that could not be attributed beside them: a property that neither JSON nor a loop sees.
pub(crate) fn plain_rows(rows: &impl Serialize, unattributed: usize) -> Result<JsValue, JsValue> {
    let rows = plain(rows)?;
    let count = Object::new();
    Reflect::set(&count, &"value".into(), &unattributed.into())?;
    Reflect::define_property(rows.unchecked_ref::<Object>(), &"unattributed".into(), &count)?;
    Ok(rows)
}
