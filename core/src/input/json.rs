//! JSON text → untyped values. Unlike the value of serde_json, it detects repeated keys and too much nesting.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::value::{Member, Value};

/// The parts of a value that are read. The rest only has to be JSON: in it, a number out of range, a lone surrogate or a repeated key is
/// ignored.
#[derive(Debug)]
pub(crate) enum Selection {
    /// The whole value.
    Whole,
    /// These members of an object, and these parts of them.
    Members(&'static [(&'static str, &'static Selection)]),
    /// This part of each item of a list.
    Items(&'static Selection),
}

impl Selection {
    /// The part of a member that is read, if any.
    fn of_member(&self, name: &str) -> Option<&'static Self> {
        match self {
            Self::Members(members) => members.iter().find(|(member, _)| *member == name).map(|(_, part)| *part),
            Self::Whole | Self::Items(_) => Some(&Self::Whole),
        }
    }

    fn of_item(&self) -> &'static Self {
        if let Self::Items(part) = self { part } else { &Self::Whole }
    }
}

/// How much one JSON text may hold. Reading takes a multiple of it: 24 bytes for a value and 48 for a member, and the allocations of lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) bytes: usize,
    /// Every list, object, text, number and word counts.
    pub(crate) values: usize,
}

impl Limits {
    pub(crate) const NONE: Self = Self { bytes: usize::MAX, values: usize::MAX };
}

/// Reads one JSON text. Fails with `limit_exceeded` for the whole if it is larger than allowed; otherwise as [`parse`].
pub(crate) fn parse_within(text: &[u8], limits: Limits) -> Result<Value<'_>, Error> {
    if text.len() > limits.bytes {
        return Err(too_large(&format_args!("the document has more than {} bytes, which is the limit (`max_bytes`)", limits.bytes)));
    }
    read_part(text, &Selection::Whole, limits)
}

fn too_large(message: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::LimitExceeded, &Path::Root, message)
}

/// Reads one JSON text. Fails with `invalid_json`: the path is `""`, or that of the second of two equal keys.
pub(crate) fn parse(text: &[u8]) -> Result<Value<'_>, Error> {
    parse_part(text, &Selection::Whole)
}

/// The same, but reads only a part of the value.
pub(crate) fn parse_part<'t>(text: &'t [u8], part: &Selection) -> Result<Value<'t>, Error> {
    read_part(text, part, Limits::NONE)
}

fn read_part<'t>(text: &'t [u8], part: &Selection, limits: Limits) -> Result<Value<'t>, Error> {
    let document = Document::of(self::text(without_bom(text))?, limits.values);
    match document.read(&Path::Root, part) {
        _ if document.is_too_large() => {
            Err(too_large(&format_args!("the document has more than {} values, which is the limit (`max_values`)", limits.values)))
        }
        // A repeated key comes before any other fault.
        (_, Some(repeated)) => Err(repeated),
        (value, None) => value.map_err(|fault| invalid(&format_args!("the document is not JSON: {fault}"))),
    }
}

fn invalid(message: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorCode::InvalidJson, &Path::Root, message)
}

/// Decodes UTF-8.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|fault| invalid(&format_args!("the document is not UTF-8: {fault}")))
}

/// The bytes after the byte order mark. Some editors write one before UTF-8; it is not part of the text.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

/// The value of a text, and the first repeated key.
#[cfg(feature = "all-faults")]
pub(crate) fn read<'t>(text: &'t str, root: &Path<'_>) -> (serde_json::Result<Value<'t>>, Option<Error>) {
    Document::of(text, usize::MAX).read(root, &Selection::Whole)
}

/// The state that all values of one text share.
struct Document<'t> {
    text: &'t str,
    /// Finds the keys of large objects. Its key is derived from the whole text, so nobody can choose keys that collide.
    hasher: OnceCell<Hasher>,
    /// The first repeated key. The text is still read to its end.
    repeated: RefCell<Option<Error>>,
    /// How many more values are read; `None` if there was one too many.
    values_left: Cell<Option<usize>>,
}

impl<'t> Document<'t> {
    const fn of(text: &'t str, most_values: usize) -> Self {
        Self { text, hasher: OnceCell::new(), repeated: RefCell::new(None), values_left: Cell::new(Some(most_values)) }
    }

    fn read(&self, root: &Path<'_>, part: &Selection) -> (serde_json::Result<Value<'t>>, Option<Error>) {
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        let node = Node { document: self, path: root, depth: 0, part };
        let value = node.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
        (value, self.repeated.take())
    }

    fn is_too_large(&self) -> bool {
        self.values_left.get().is_none()
    }
}

/// A value in the text: its path and its depth.
#[derive(Clone, Copy)]
struct Node<'p> {
    document: &'p Document<'p>,
    path: &'p Path<'p>,
    depth: usize,
    part: &'p Selection,
}

impl<'p> Node<'p> {
    fn below(&self, path: &'p Path<'p>, part: &'p Selection) -> Self {
        Self { path, depth: self.depth.saturating_add(1), part, ..*self }
    }

    fn is_too_deep(&self) -> bool {
        self.depth >= Value::MAX_DEPTH
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        let left = self.document.values_left.get().and_then(|left| left.checked_sub(1));
        self.document.values_left.set(left);
        match left {
            Some(_) => deserializer.deserialize_any(self),
            None => Err(D::Error::custom("too many values")),
        }
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
        let mut count = 0_usize;
        let mut next = || {
            let item = sequence.next_element_seed(self.below(&self.path.item(count), self.part.of_item()));
            count = count.saturating_add(1);
            item
        };
        // A list that grows reserves four items at once: nested lists of one item would take the most memory of all.
        let Some(first) = next()? else { return Ok(Value::List(Vec::new())) };
        let Some(second) = next()? else { return Ok(Value::List(vec![first])) };
        let Some(third) = next()? else { return Ok(Value::List(vec![first, second])) };
        let mut items = vec![first, second, third];
        while let Some(item) = next()? {
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
        let mut keys = Keys(None);
        while let Some(Key(name)) = map.next_key()? {
            let Some(part) = self.part.of_member(&name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let path = self.path.field(&name);
            if !keys.insert(self.document, &name, &members) {
                let repeated = || Error::new(ErrorCode::InvalidJson, &path, "an object has the same key twice");
                self.document.repeated.borrow_mut().get_or_insert_with(repeated);
            }
            let value = map.next_value_seed(self.below(&path, part))?;
            members.push((name, value));
        }
        if members.len() == 1 {
            members.shrink_to_fit();
        }
        Ok(Value::Object(members))
    }
}

/// A key, borrowed from the text unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of one object so far. Few keys are compared one by one; an index pays off only for many.
struct Keys(Option<Names<u32>>);

/// More keys than any object of a valid document has, except maps.
const FEW: usize = 16;

impl Keys {
    /// Adds a key. Returns whether it is new. (More keys than an index can number do not fit into memory.)
    fn insert(&mut self, document: &Document<'_>, name: &str, members: &[Member<'_>]) -> bool {
        if members.len() < FEW {
            return members.iter().all(|(other, _)| other != name);
        }
        let hasher = document.hasher.get_or_init(|| Hasher::keyed_by_texts([document.text]));
        let index = self.0.get_or_insert_with(|| {
            let mut index = Names::new();
            members.iter().for_each(|(other, _)| drop(index.intern(hasher, other)));
            index
        });
        index.intern(hasher, name).is_ok_and(|(_, is_new)| is_new)
    }
}
