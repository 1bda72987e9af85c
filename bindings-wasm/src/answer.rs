//! Answers → plain JavaScript objects, with their keys in the core's order.

use js_sys::{Error, JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// A decision, an attribution, or a list of them.
pub(crate) fn plain(answer: &impl Serialize) -> Result<JsValue, JsValue> {
    answer.serialize(&Serializer::json_compatible()).map_err(|fault| Error::new(&fault.to_string()).into())
}

/// The rows of a batch, with the number of rows that could not be attributed as a property that is not enumerable, so that JSON and loops
/// do not see it.
pub(crate) fn plain_rows(rows: &impl Serialize, unattributed: usize) -> Result<JsValue, JsValue> {
    let rows = plain(rows)?;
    let count = Object::new();
    Reflect::set(&count, &"value".into(), &unattributed.into())?;
    Reflect::define_property(rows.unchecked_ref::<Object>(), &"unattributed".into(), &count)?;
    Ok(rows)
}

/// A whole document, converted through JSON text: a name in it may be `__proto__`, which an assignment would lose.
pub(crate) fn document(document: &impl Serialize) -> Result<JsValue, JsValue> {
    parsed(&text(document))
}

/// An answer as JSON text. (Answers of the core consist of texts and numbers, which JSON can always hold.)
pub(crate) fn text(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

/// JSON text as a value. An answer that borrows the directory becomes text first, since nothing is borrowed while JavaScript is called.
pub(crate) fn parsed(text: &str) -> Result<JsValue, JsValue> {
    JSON::parse(text)
}
