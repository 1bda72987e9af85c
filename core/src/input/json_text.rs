//! JSON that was written by the core: the members of its objects stay in their order, whatever a host's serializer would do.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A value as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// The JSON of a value.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        // INVARIANT: what the core writes are texts, numbers, lists and objects, which JSON can represent.
        Self(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
    }

    pub(crate) fn null() -> Self {
        Self("null".to_owned())
    }

    /// An object of members whose values are JSON.
    pub(crate) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        let members = members.into_iter().map(|(name, value)| format!("{}:{}", Self::of(&name).0, value.0));
        Self(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
    }

    /// A list of values that are JSON.
    #[cfg(feature = "insight")]
    pub(crate) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let items = items.into_iter().map(|item| item.0);
        Self(format!("[{}]", items.collect::<Vec<_>>().join(",")))
    }

    /// The object with a member before its own.
    pub(crate) fn with_first(self, name: &str, value: &str) -> Self {
        let rest = self.0.strip_prefix('{').unwrap_or_default();
        let separator = if rest == "}" { "" } else { "," };
        Self(format!("{{{}:{}{separator}{rest}", Self::of(&name).0, Self::of(&value).0))
    }

    /// The object without members at its end, which are written like this.
    pub(crate) fn without_last(self, members: &str) -> Self {
        match self.0.strip_suffix('}').and_then(|text| text.strip_suffix(members)) {
            Some(text) => Self(format!("{}}}", text.strip_suffix(',').unwrap_or(text))),
            None => self,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}
