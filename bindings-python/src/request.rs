//! Keyword arguments as the request object that the core reads.

use std::borrow::Cow;

use bailiwick::Value;
use pyo3::prelude::*;

use crate::value::value_of;

/// A request of arguments, in the order of the signature. `None` means absent for an optional argument.
pub(crate) fn request<'py>(
    required: &[(&'static str, &Bound<'py, PyAny>)],
    optional: &[(&'static str, Option<&Bound<'py, PyAny>>)],
) -> Value<'static> {
    let required = required.iter().copied();
    let optional = optional.iter().filter_map(|(name, host)| host.map(|host| (*name, host)));
    Value::Object(required.chain(optional).map(|(name, host)| (Cow::Borrowed(name), value_of(host))).collect())
}
