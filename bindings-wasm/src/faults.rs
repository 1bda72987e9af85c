//! All faults of a document at once.

use bailiwick::boundary;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::answer::document;
use crate::engine::answer;
use crate::options::Options;
use crate::value::{Encoded, json_of};

/// A fault as JavaScript gets it.
#[derive(Serialize)]
struct Fault<'f> {
    code: &'static str,
    path: &'f str,
    message: &'f str,
    line: usize,
    column: usize,
}

/// Finds the faults of a directory document, or of a policy document (its `format` tells which), given as JSON text or UTF-8 bytes. If the list is
/// empty, the document loads.
///
/// The list is in document order: loading throws the first. It has at most 1,000 faults. If the shape of the document has faults, its meaning is not
/// checked, and if its policy has faults, the directory is not.
///
/// @example findFaults(text).map(({ line, column, message }) => `${line}:${column} ${message}`)
/// @throws BailiwickError `wrong_type` without a text, and the first fault of the `policy` that replaces the directory's own
#[wasm_bindgen(js_name = findFaults, unchecked_return_type = "Fault[]")]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn find_faults(
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array", js_name = text)] source: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "FindFaultsOptions", js_name = options)] choices: &JsValue,
) -> Result<JsValue, JsValue> {
    let (text, encoded) = (json_of(source)?, Encoded::new(choices)?);
    let faults = answer(boundary::find_faults_with(text.as_deref(), &Options::PLAIN.of(encoded.value())?))?;
    let faults = faults.iter().map(|boundary::Fault { error, line, column }| Fault {
        code: error.code().as_str(),
        path: error.path(),
        message: error.message(),
        line: *line,
        column: *column,
    });
    document(&faults.collect::<Vec<_>>())
}
