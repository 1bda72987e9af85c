//! Entries as JSON: as a document has them, with what they belong to.

use serde_json::{Map, Value};

use crate::directory::tables::Tables;

use super::fields::Entry;
use super::index::EntryIndex;
use super::key::Key;

impl Entry<'_> {
    /// The entry as a document has it. The lists below it are left out.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let value = match self {
            Self::User(entry) => serde_json::to_value(entry),
            Self::Organization(entry) => serde_json::to_value(entry),
            Self::Member(entry) => serde_json::to_value(entry),
            Self::Group(entry) => serde_json::to_value(entry),
            Self::GroupMember(entry) => serde_json::to_value(entry),
            Self::Project(entry) => serde_json::to_value(entry),
            Self::Collaborator(entry) => serde_json::to_value(entry),
            Self::ApiKey(entry) => serde_json::to_value(entry),
            Self::Resource(entry) => serde_json::to_value(entry),
        };
        // INVARIANT: an entry is an object of texts, numbers and lists, which JSON can represent.
        let Ok(Value::Object(mut members)) = value else { return Map::new() };
        let lists: &[&str] = match self {
            Self::Organization(_) => &["members", "groups", "projects"],
            Self::Group(_) => &["members"],
            Self::Project(_) => &["collaborators", "api_keys", "resources"],
            _ => &[],
        };
        lists.iter().for_each(|list| drop(members.remove(*list)));
        members
    }
}

impl Tables {
    /// An entry with the id of what it belongs to: `organization`, `project` or `group`; `in_project` of an API key, whose `projects` are others.
    pub(crate) fn entry_to_json(&self, entry: EntryIndex) -> Value {
        let mut members = self.entry_at(entry).map(|entry| entry.to_json()).unwrap_or_default();
        if let EntryIndex::User(user) = entry
            && let Ok(Value::Object(user)) = serde_json::to_value(self.user_document(user))
        {
            members = user;
        }
        let parent = match self.path_of(entry) {
            Key::User(_) | Key::Organization(_) => None,
            Key::Member(organization, _) | Key::Group(organization, _) | Key::Project(organization, _) => {
                Some(("organization", organization))
            }
            Key::GroupMember(_, group, _) => Some(("group", group)),
            Key::Grant(_, project, _) | Key::Collaborator(_, project, _) | Key::Resource(_, project, ..) => Some(("project", project)),
            Key::ApiKey(_, project, _) => Some(("in_project", project)),
        };
        members.extend(parent.map(|(field, id)| (field.to_owned(), id.into())));
        Value::Object(members)
    }
}

impl Key<'_> {
    /// The table of the entry and its ids there. An entry that moves keeps them.
    pub(crate) fn identity(&self) -> [(&'static str, &str); 3] {
        let nothing = ("", "");
        match *self {
            Key::User(id) => [("table", "users"), ("id", id), nothing],
            Key::Organization(id) => [("table", "organizations"), ("id", id), nothing],
            Key::Member(organization, user) => [("table", "members"), ("organization", organization), ("user", user)],
            Key::Group(_, id) => [("table", "groups"), ("id", id), nothing],
            Key::GroupMember(_, group, user) => [("table", "group_members"), ("group", group), ("user", user)],
            Key::Project(_, id) => [("table", "projects"), ("id", id), nothing],
            Key::Grant(_, project, group) => [("table", "collaborators"), ("project", project), ("group", group)],
            Key::Collaborator(_, project, user) => [("table", "collaborators"), ("project", project), ("user", user)],
            Key::ApiKey(.., id) => [("table", "api_keys"), ("id", id), nothing],
            Key::Resource(.., kind, id) => [("table", "resources"), ("kind", kind), ("id", id)],
        }
    }
}
