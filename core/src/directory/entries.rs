//! Entries: the one of a document that a fault lies in, since the number in a path says little to people.

use crate::input::error::Error;
use crate::input::id::is_id;
use crate::input::shape::member;
use crate::input::value::Value;

/// The lists whose entries are named. Ids of people and of API keys are in no message.
const NAMED: [(&str, &str); 3] = [("organizations", "organization"), ("projects", "project"), ("resources", "resource")];

impl Error {
    /// The same, with the innermost entry of the document that it lies in before its message: `organization org_a: …`.
    pub(crate) fn naming_its_entry(self, document: &Value<'_>) -> Self {
        match entry(document, self.path()) {
            Some((what, id)) => self.with_message_prefix(&format_args!("{what} {id}: ")),
            None => self,
        }
    }
}

/// What entry a pointer leads into, and its id.
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
