//! Entries: names the entry of a document that contains a fault, since an index in a path says little to a person.

use crate::input::error::Error;
use crate::input::faults::Layout;
use crate::input::id::is_id;
use crate::input::shape::member;
use crate::input::value::Value;

use super::from_tables::RowLayout;

/// The lists whose entries are named. No message contains the id of a person or an API key.
pub(super) const NAMED: [(&str, &str); 4] =
    [("organizations", "organization"), ("groups", "group"), ("projects", "project"), ("resources", "resource")];

/// The form in which a document was passed.
#[derive(Clone, Copy)]
pub(super) enum Source<'v> {
    Value(&'v Value<'v>),
    Tables(&'v RowLayout<'v>),
}

impl<'v> Source<'v> {
    pub(super) fn layout(self) -> &'v dyn Layout {
        match self {
            Self::Value(value) => value,
            Self::Tables(tables) => tables,
        }
    }

    /// The error with the innermost entry that contains it before its message: `organization org_a: …`.
    pub(super) fn naming_entry_of(self, error: Error) -> Error {
        match self {
            Self::Value(value) => error.naming_its_entry(value),
            Self::Tables(tables) => {
                let entry = tables.entry(error.path());
                error.naming(entry)
            }
        }
    }
}

impl Error {
    /// The error with the innermost entry that contains it before its message: `organization org_a: …`.
    pub(crate) fn naming_its_entry(self, document: &Value<'_>) -> Self {
        let entry = entry(document, self.path());
        self.naming(entry)
    }

    pub(super) fn naming(self, entry: Option<(&str, &str)>) -> Self {
        match entry {
            Some((what, id)) => self.with_message_prefix(&format_args!("{what} {id}: ")),
            None => self,
        }
    }
}

/// The type and id of the entry that a pointer leads into.
fn entry<'v>(document: &'v Value<'v>, pointer: &str) -> Option<(&'static str, &'v str)> {
    let (mut value, mut list, mut innermost) = (document, "", None);
    for step in pointer.split('/').skip(1) {
        let below = match value {
            Value::Object(members) => {
                list = step;
                member(members, step)
            }
            Value::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        };
        let Some(below) = below else { break };
        if let (Value::List(_), Value::Object(members)) = (value, below)
            && let Some((_, what)) = NAMED.iter().find(|(name, _)| *name == list)
        {
            innermost = match member(members, "id") {
                Some(Value::Text(id)) if is_id(id) => Some((*what, id.as_ref())),
                _ => innermost,
            };
        }
        value = below;
    }
    innermost
}
