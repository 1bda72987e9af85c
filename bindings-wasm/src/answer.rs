//! Answers → plain JavaScript objects, their keys in the core's order.

use js_sys::{Error, JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// A decision, an attribution, or a list of them.
pub(crate) fn plain(answer: &impl Serialize) -> Result<JsValue, JsValue> {
    answer.serialize(&Serializer::json_compatible()).map_err(|fault| Error::new(&fault.to_string()).into())
}

/// The rows of a batch, with the count of those that could not be attributed beside them: a property that neither JSON nor a loop sees.
pub(crate) fn plain_rows(rows: &impl Serialize, unattributed: usize) -> Result<JsValue, JsValue> {
    let rows = plain(rows)?;
    let count = Object::new();
    Reflect::set(&count, &"value".into(), &unattributed.into())?;
    Reflect::define_property(rows.unchecked_ref::<Object>(), &"unattributed".into(), &count)?;
    Ok(rows)
}

/// A whole document, by way of JSON text: names in it are the caller's, and one that is called `__proto__` would get lost by assignment.
pub(crate) fn document(document: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(document).map_err(|fault| Error::new(&fault.to_string()))?;
    JSON::parse(&text)
}
