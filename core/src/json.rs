//! JSON text → untyped values, with what serde's own value would hide: repeated keys and bottomless nesting.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::{Error, ErrorCode};
use crate::path::Path;
use crate::value::Value;

/// Reads one JSON text. Fails with `invalid_json`: path `""`, or the second of two equal keys.
pub(crate) fn parse(text: &[u8]) -> Result<Value<'_>, Error> {
    let invalid = |message: String| Error::new(ErrorCode::InvalidJson, &Path::Root, message);
    let text = std::str::from_utf8(text).map_err(|fault| invalid(format!("the document is not UTF-8: {fault}")))?;
    let repeated = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = Node { path: &Path::Root, depth: 0, repeated: &repeated };
    let value = node.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|fault| repeated.take().unwrap_or_else(|| invalid(format!("the document is not JSON: {fault}"))))
}

/// One value of the text: where it stands, how deep, and where a repeated key is reported.
#[derive(Clone, Copy)]
struct Node<'p> {
    path: &'p Path<'p>,
    depth: usize,
    repeated: &'p RefCell<Option<Error>>,
}

impl<'p> Node<'p> {
    fn below(&self, path: &'p Path<'p>) -> Self {
        Self { path, depth: self.depth.saturating_add(1), ..*self }
    }

    fn is_too_deep(&self) -> bool {
        self.depth >= Value::MAX_DEPTH
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a whole number that loses precision is beyond every limit, and refused for that")]
impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value<'de>, A::Error> {
        if self.is_too_deep() {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::TooDeep);
        }
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(self.below(&self.path.item(items.len())))? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        if self.is_too_deep() {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::TooDeep);
        }
        let mut members = Vec::new();
        let mut names = Names::default();
        while let Some(Key(name)) = map.next_key()? {
            let path = self.path.field(&name);
            if !names.insert(&name, &members) {
                self.repeated.replace(Some(Error::new(ErrorCode::InvalidJson, &path, "an object has the same key twice")));
                return Err(A::Error::custom("repeated key"));
            }
            let value = map.next_value_seed(self.below(&path))?;
            members.push((name, value));
        }
        Ok(Value::Object(members))
    }
}

/// A key, borrowed from the text where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of one object so far. A few are compared one by one; many go into an ordered set, whose cost no choice of keys can raise.
#[derive(Default)]
struct Names {
    many: BTreeSet<String>,
}

/// More keys than any object of ours has.
const FEW: usize = 16;

impl Names {
    fn insert(&mut self, name: &str, members: &[(Cow<'_, str>, Value<'_>)]) -> bool {
        if members.len() < FEW {
            return members.iter().all(|(other, _)| other != name);
        }
        if members.len() == FEW {
            self.many.extend(members.iter().map(|(other, _)| other.to_string()));
        }
        self.many.insert(name.to_owned())
    }
}
