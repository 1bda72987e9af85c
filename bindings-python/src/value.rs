//! Converts Python values into the core's: the JSON types, their subclasses by what they store, and aware datetimes.
//!
//! It calls no method of a caller's class, so a subclass cannot give two answers. The exception is an instant, whose time zone is code.

use std::borrow::Cow;

use bailiwick::{Instant, Member, Value};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDateTime, PyDelta, PyDeltaAccess, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyTzInfo};

/// How much one call may bring. A shared part counts each time, or a small object that refers to itself many times would fill any memory.
const MOST_VALUES: usize = 1 << 23;
const MOST_BYTES: usize = 1 << 28;

/// Converts one value with everything below it.
pub(crate) fn value_of(host: &Bound<'_, PyAny>) -> Value<'static> {
    let mut walk = Walk { values_left: MOST_VALUES, bytes_left: MOST_BYTES };
    walk.value(host, 0).unwrap_or(Value::TooDeep)
}

/// An instant, if the value is certainly one.
pub(crate) fn instant_of(host: &Bound<'_, PyAny>) -> Option<Instant> {
    match host.cast::<PyDateTime>() {
        Ok(instant) => Instant::from_unix_milliseconds(unix_milliseconds(instant)?),
        Err(_) => Instant::parse(host.cast::<PyString>().ok()?.to_str().ok()?),
    }
}

/// Text without a copy; `None` for anything else, and for a string that is not Unicode.
pub(crate) fn text_of<'a>(host: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    host.cast::<PyString>().ok()?.to_str().ok()
}

/// JSON text without a copy; `None` for anything else, and for a string that is not Unicode.
pub(crate) fn json_of<'a>(document: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    match document.cast::<PyBytes>() {
        Ok(bytes) => Some(bytes.as_bytes()),
        Err(_) => text_of(document).map(str::as_bytes),
    }
}

struct Walk {
    values_left: usize,
    bytes_left: usize,
}

/// `None` ends the walk: the value is larger than one call may bring.
impl Walk {
    fn value(&mut self, host: &Bound<'_, PyAny>, depth: usize) -> Option<Value<'static>> {
        self.values_left = self.values_left.checked_sub(1)?;
        if let Ok(text) = host.cast::<PyString>() {
            return Some(self.text(text)?.map_or(Value::UnusableText, Value::Text));
        }
        if host.is_none() {
            return Some(Value::Null);
        }
        // Before integers: in Python a boolean is one.
        if let Ok(boolean) = host.cast::<PyBool>() {
            return Some(Value::Boolean(boolean.is_true()));
        }
        if let Ok(number) = host.cast::<PyFloat>() {
            let number = number.value();
            return Some(if number.is_finite() { Value::Number(number) } else { Value::Foreign("a number that is not finite") });
        }
        if let Ok(number) = host.cast::<PyInt>() {
            return Some(Value::Number(whole(number)));
        }
        if let Ok(instant) = host.cast::<PyDateTime>() {
            return Some(Value::Instant(unix_milliseconds(instant).unwrap_or(f64::NAN)));
        }
        let below = depth.saturating_add(1);
        if let Ok(dict) = host.cast::<PyDict>() {
            return if depth < Value::MAX_DEPTH { self.object(dict, below) } else { Some(Value::TooDeep) };
        }
        if let Ok(list) = host.cast::<PyList>() {
            return if depth < Value::MAX_DEPTH { self.list(list.iter(), below) } else { Some(Value::TooDeep) };
        }
        if let Ok(tuple) = host.cast::<PyTuple>() {
            return if depth < Value::MAX_DEPTH { self.list(tuple.iter(), below) } else { Some(Value::TooDeep) };
        }
        Some(Value::Foreign("a Python object that JSON does not have"))
    }

    fn list<'py>(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>, depth: usize) -> Option<Value<'static>> {
        items.map(|item| self.value(&item, depth)).collect::<Option<_>>().map(Value::List)
    }

    fn object(&mut self, dict: &Bound<'_, PyDict>, depth: usize) -> Option<Value<'static>> {
        let mut members: Vec<Member<'static>> = Vec::with_capacity(dict.len());
        // A copy of the items: the time zone of an instant is code, which could change the dict during the walk.
        for item in dict.items() {
            let (name, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().ok()?;
            let Ok(name) = name.cast::<PyString>() else { return Some(Value::Foreign("an object with a key that is not a string")) };
            let Some(name) = self.text(name)? else { return Some(Value::Foreign("an object with a key that is not Unicode")) };
            members.push((name, self.value(&value, depth)?));
        }
        Some(Value::Object(members))
    }

    /// The inner `None` is a string that is not Unicode.
    fn text(&mut self, text: &Bound<'_, PyString>) -> Option<Option<Cow<'static, str>>> {
        let Ok(text) = text.to_str() else { return Some(None) };
        self.bytes_left = self.bytes_left.checked_sub(text.len())?;
        Some(Some(Cow::Owned(text.to_owned())))
    }
}

/// An integer as a number of the core. One that does not fit becomes the largest number, which exceeds every limit.
fn whole(number: &Bound<'_, PyInt>) -> f64 {
    number.extract::<i64>().map_or_else(|_| f64::MAX, |number| number as f64)
}

/// The exact value, where `timestamp()` would round. `None` for a naive datetime, and for one whose time zone raises.
fn unix_milliseconds(instant: &Bound<'_, PyDateTime>) -> Option<f64> {
    let since = instant.sub(epoch(instant.py())?).ok()?;
    let since = since.cast::<PyDelta>().ok()?;
    let seconds = i64::from(since.get_days()).checked_mul(86_400)?.checked_add(since.get_seconds().into())?;
    let milliseconds = seconds.checked_mul(1_000)?.checked_add((since.get_microseconds() / 1_000).into())?;
    Some(milliseconds as f64)
}

/// Made when the module is imported, before there can be a fork: one during the first call would leave its lock behind.
pub(crate) fn epoch(py: Python<'_>) -> Option<&Bound<'_, PyDateTime>> {
    static EPOCH: PyOnceLock<Py<PyDateTime>> = PyOnceLock::new();
    let made = || PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?)).map(Bound::unbind);
    EPOCH.get_or_try_init(py, made).ok().map(|epoch| epoch.bind(py))
}
