//! JavaScript values → the core's values.
//!
//! `value.js` writes the value as bytes, and this reads them. A whole document crosses in one call, instead of several calls for each of
//! its values. Exceptions during the conversion (getters, proxies) are caught in JavaScript.

use std::borrow::Cow;

use bailiwick::{Member, Value};
use wasm_bindgen::prelude::*;

use crate::constants;

#[wasm_bindgen(raw_module = "./value.js")]
extern "C" {
    /// Fails only if the host has no memory left.
    #[wasm_bindgen(catch)]
    fn encode(value: &JsValue) -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(catch, js_name = jsonBytes)]
    fn json_bytes(document: &JsValue) -> Result<Option<Vec<u8>>, JsValue>;
}

/// The bytes of a document that is JSON text; none for any other type.
pub(crate) fn json_of(document: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    json_bytes(document)
}

/// An encoded value. The values that are read from it borrow its texts.
pub(crate) struct Encoded(Vec<u8>);

impl Encoded {
    pub(crate) fn new(host: &JsValue) -> Result<Self, JsValue> {
        encode(host).map(Self)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn value(&self) -> Value<'_> {
        // INVARIANT: `value.js` writes what is read here, so there is always a value.
        ValueReader { rest: &self.0 }.value().unwrap_or(Value::TooDeep)
    }
}

/// A number that JSON cannot represent: NaN or an infinity.
pub(crate) const NOT_FINITE: &str = "a number that is not finite";

/// An absent argument.
pub(crate) const UNDEFINED: &str = "undefined";

/// Descriptions for messages of values that JSON cannot represent.
#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it, and refuses an index that is out of bounds")]
const FOREIGN: [&str; 8] = {
    let mut words = [""; 8];
    words[constants::NOT_FINITE as usize] = NOT_FINITE;
    words[constants::UNDEFINED as usize] = UNDEFINED;
    words[constants::FUNCTION as usize] = "a function";
    words[constants::SYMBOL as usize] = "a symbol";
    words[constants::BIGINT as usize] = "a BigInt";
    words[constants::NOT_PLAIN as usize] = "an object that is not plain";
    words[constants::ILL_FORMED_KEY as usize] = "an object with a key that is not Unicode";
    words[constants::THROWS as usize] = "a value that throws when it is read";
    words
};

/// Reads the encoding from its start to its end: a tag, then what belongs to it.
struct ValueReader<'a> {
    rest: &'a [u8],
}

impl<'a> ValueReader<'a> {
    fn value(&mut self) -> Option<Value<'a>> {
        Some(match self.byte()? {
            constants::NULL => Value::Null,
            constants::FALSE => Value::Boolean(false),
            constants::TRUE => Value::Boolean(true),
            constants::NUMBER => Value::Number(self.number()?),
            constants::INSTANT => Value::Instant(self.number()?),
            constants::TEXT => Value::Text(self.text()?),
            constants::UNUSABLE_TEXT => Value::UnusableText,
            constants::LIST => Value::List(self.many(Self::value)?),
            constants::OBJECT => Value::Object(self.many(Self::member)?),
            constants::TOO_DEEP => Value::TooDeep,
            constants::FOREIGN => Value::Foreign(FOREIGN.get(usize::from(self.byte()?))?),
            _ => return None,
        })
    }

    fn member(&mut self) -> Option<Member<'a>> {
        Some((self.text()?, self.value()?))
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(one(self)?);
        }
        Some(items)
    }

    fn text(&mut self) -> Option<Cow<'a, str>> {
        let length = self.count()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok().map(Cow::Borrowed)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes().map(|[byte]| byte)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.bytes()?)).ok()
    }

    fn number(&mut self) -> Option<f64> {
        self.bytes().map(f64::from_le_bytes)
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }
}
