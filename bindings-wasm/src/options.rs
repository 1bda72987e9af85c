//! Options: the second argument of a call, in JavaScript's spelling.

use std::borrow::Cow;

use bailiwick::{Error, ErrorCode, Member, Value, boundary};
use wasm_bindgen::prelude::*;

use crate::error::{thrown, thrown_at};
use crate::request::instant;
use crate::value::UNDEFINED;

#[wasm_bindgen(raw_module = "./options.js")]
extern "C" {
    #[wasm_bindgen(js_name = isNamed)]
    fn is_named(options: &JsValue, name: &str) -> bool;
}

/// The options of one call whose names have several words, in JavaScript's spelling. The core says `expected_revision` for
/// `expectedRevision`.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    /// Options that the core reads.
    pub(crate) read: &'static [&'static str],
    /// Options that are bytes and are read separately, and arguments that errors name like options.
    pub(crate) apart: &'static [&'static str],
}

impl Options {
    /// All names are one word.
    pub(crate) const PLAIN: Self = Self { read: &[], apart: &[] };

    /// The options as the core spells them, without those that are read separately. An unknown option stays as it is, and the core refuses it.
    ///
    /// Fails with `unknown_field` for an option in the core's spelling, which must not take the place of one in JavaScript's.
    pub(crate) fn of(self, value: Value<'_>) -> Result<Value<'_>, JsValue> {
        let members = match value {
            Value::Null | Value::Foreign(UNDEFINED) => Vec::new(),
            Value::Object(members) => members,
            other => return Ok(other),
        };
        let members = members.into_iter().filter(|(name, _)| !self.apart.contains(&name.as_ref()));
        members.map(|member| self.respelt(member)).collect::<Result<_, _>>().map(Value::Object)
    }

    /// The options of a change. An actor that is undefined or inherited becomes null, which the core refuses.
    pub(crate) fn of_a_change<'v>(self, host: &JsValue, value: Value<'v>) -> Result<Value<'v>, JsValue> {
        const ACTOR: &str = "actor";
        let mut terms = self.of(value)?;
        if let Value::Object(members) = &mut terms
            && members.iter().all(|(name, _)| name != ACTOR)
            && is_named(host, ACTOR)
        {
            members.push((Cow::Borrowed(ACTOR), Value::Null));
        }
        Ok(terms)
    }

    /// An answer, or the value to throw, with a path in the option's original spelling.
    pub(crate) fn answer<T>(self, result: Result<T, Error>) -> Result<T, JsValue> {
        result.map_err(|error| thrown_at(&error, &self.path(&error)))
    }

    fn path(self, error: &Error) -> String {
        let path = error.path();
        let respelt = |name: &&str| {
            let rest = path.strip_prefix('/')?.strip_prefix(respelt(name).as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| ["/", name, rest].concat())
        };
        let found = match error.code() {
            // An unknown member is not an option of this call, but a field of its first argument.
            ErrorCode::UnknownField => None,
            _ => self.read.iter().chain(self.apart).find_map(respelt),
        };
        found.unwrap_or_else(|| path.to_owned())
    }

    /// Under `at` and `issuedAt`, a number is an instant in milliseconds.
    fn respelt<'v>(self, (name, value): Member<'v>) -> Result<Member<'v>, JsValue> {
        if name.contains('_') {
            let message = "there is no such option; options are spelt as in `expectedRevision`";
            return Err(thrown(&boundary::unknown_option(&name, message)));
        }
        let value = if matches!(name.as_ref(), "at" | "issuedAt") { instant(value) } else { value };
        let name = if self.read.contains(&name.as_ref()) { Cow::Owned(respelt(&name)) } else { name };
        Ok((name, value))
    }
}

/// `expectedRevision` is `expected_revision`.
fn respelt(name: &str) -> String {
    let mut spelt = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            spelt.push('_');
        }
        spelt.push(character.to_ascii_lowercase());
    }
    spelt
}
