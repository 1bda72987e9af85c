//! Entries as JSON: as a document has them, with what they belong to.

use serde_json::{Map, Value};

use crate::directory::tables::Tables;
use crate::input::json_text::JsonText;

use super::entry_index::EntryIndex;
use super::fields::Entry;
use super::key::Key;

impl Entry<'_> {
    /// The entry as a document has it. The lists below it are left out.
    pub(crate) fn to_json(&self) -> JsonText {
        match self {
            Self::User(entry) => JsonText::of(entry),
            Self::Organization(entry) => JsonText::of(entry).without_last(r#""members":[],"projects":[]"#),
            Self::Member(entry) => JsonText::of(entry),
            Self::Group(entry) => JsonText::of(entry).without_last(r#""members":[]"#),
            Self::GroupMember(entry) => JsonText::of(entry),
            Self::Project(entry) => JsonText::of(entry).without_last(r#""collaborators":[],"api_keys":[],"resources":[]"#),
            Self::Collaborator(entry) => JsonText::of(entry),
            Self::ApiKey(entry) => JsonText::of(entry),
            Self::Resource(entry) => JsonText::of(entry),
        }
    }

    /// The same as members, to be compared.
    pub(crate) fn to_members(&self) -> Map<String, Value> {
        serde_json::from_str(self.to_json().as_str()).unwrap_or_default()
    }
}

impl Tables {
    /// An entry with the id of what it belongs to: `organization`, `project` or `group`; `in_project` of an API key, whose `projects` are others.
    pub(crate) fn entry_to_json(&self, entry: EntryIndex) -> JsonText {
        let json = match (entry, self.entry_at(entry)) {
            (EntryIndex::User(user), Some(_)) => JsonText::of(&self.user_document(user)),
            (_, Some(entry)) => entry.to_json(),
            (_, None) => return JsonText::null(),
        };
        let (field, id) = match self.path_of(entry) {
            Key::User(_) | Key::Organization(_) => return json,
            Key::Member(organization, _) | Key::Group(organization, _) | Key::Project(organization, _) => ("organization", organization),
            Key::GroupMember(_, group, _) => ("group", group),
            Key::Grant(_, project, _) | Key::Collaborator(_, project, _) | Key::Resource(_, project, ..) => ("project", project),
            Key::ApiKey(_, project, _) => ("in_project", project),
        };
        json.with_first(field, id)
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

    /// The table and the ids as an object.
    pub(crate) fn identity_to_json(&self) -> JsonText {
        let names = self.identity().into_iter().filter(|(name, _)| !name.is_empty());
        JsonText::object(names.map(|(name, id)| (name, JsonText::of(&id))))
    }
}
