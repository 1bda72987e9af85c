//! Entries: names the entry of a document that contains a fault, since an index in a path says little to a person.

use crate::input::error::Error;
use crate::input::id::is_id;
use crate::input::shape::member;
use crate::input::value::Value;

/// The lists whose entries are named. No message contains the id of a person or an API key.
const NAMED: [(&str, &str); 4] =
    [("organizations", "organization"), ("groups", "group"), ("projects", "project"), ("resources", "resource")];

impl Error {
    /// The error with the innermost entry that contains it before its message: `organization org_a: …`.
    pub(crate) fn naming_its_entry(self, document: &Value<'_>) -> Self {
        match entry(document, self.path()) {
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
