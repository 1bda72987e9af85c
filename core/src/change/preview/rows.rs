//! The entries that changes alter, as documents have them: so a host with a database writes no rule twice.

use std::collections::BTreeMap;

use crate::directory::{Key, Tables};
use crate::input::json_text::JsonText;

use super::answer::{Altered, AlteredEntry, Within};

/// Tables one after the other; within each, by what an entry belongs to and then by its id.
type Order = (usize, String, String);

const TABLES: [&str; 9] =
    ["users", "organizations", "members", "groups", "group_members", "projects", "collaborators", "api_keys", "resources"];

/// The entries that may be altered.
pub(super) struct Rows {
    rows: BTreeMap<Order, Row>,
    policy: Option<[JsonText; 2]>,
}

struct Row {
    entry: JsonText,
    /// The keys at which the entry may stand: one that moves has two.
    keys: Vec<String>,
    before: JsonText,
    after: JsonText,
    /// The organizations on either side.
    organizations: Vec<String>,
}

impl Rows {
    /// With what the entries are before.
    pub(super) fn of(altered: &Altered, before: &Tables) -> Self {
        let mut rows = Self { rows: BTreeMap::new(), policy: altered.has_another_policy.then(|| [policy(before), JsonText::null()]) };
        for text in altered.before.keys() {
            let Some(key) = Key::parse(text) else { continue };
            rows.add(key);
            // What an entry of `users` says of a home follows the membership.
            if let Key::Member(_, user) = key {
                rows.add(Key::User(user));
            }
        }
        for row in rows.rows.values_mut() {
            row.before = row.found(before);
        }
        rows
    }

    fn add(&mut self, key: Key<'_>) {
        let [table, first, second] = key.identity();
        let place = TABLES.iter().position(|other| *other == table.1).unwrap_or(TABLES.len());
        let order = match (table.1, first, second) {
            ("resources", (_, kind), (_, id)) => (place, format!("{kind}:{id}"), String::new()),
            ("collaborators", (_, project), (who, id)) => (place, project.to_owned(), format!("{who}:{id}")),
            (_, (_, first), (_, second)) => (place, first.to_owned(), second.to_owned()),
        };
        let row = Row {
            entry: key.identity_to_json(),
            keys: Vec::new(),
            before: JsonText::null(),
            after: JsonText::null(),
            organizations: Vec::new(),
        };
        let row = self.rows.entry(order).or_insert(row);
        let text = key.to_text();
        if !row.keys.contains(&text) {
            row.keys.push(text);
        }
    }

    /// Adds what the entries are afterwards.
    pub(super) fn compare(&mut self, after: &Tables) {
        for row in self.rows.values_mut() {
            row.after = row.found(after);
        }
        if let Some([_, afterwards]) = &mut self.policy {
            *afterwards = policy(after);
        }
    }

    /// The entries that differ. What is said of users and of the policy is in no organization, so it is the platform's alone.
    pub(super) fn into_altered(self, within: &Within) -> Vec<AlteredEntry> {
        let policy = self.policy.into_iter().filter(|[before, after]| before != after && within.0.is_none());
        let policy =
            policy.map(|[before, after]| AlteredEntry { entry: JsonText::object([("table", JsonText::of(&"policy"))]), before, after });
        let rows = self.rows.into_values().filter(|row| row.before != row.after);
        let told = rows.filter(|row| match within.0 {
            None => true,
            Some(_) => !row.organizations.is_empty() && row.organizations.iter().all(|organization| within.has(organization)),
        });
        policy.chain(told.map(|Row { entry, before, after, .. }| AlteredEntry { entry, before, after })).collect()
    }
}

impl Row {
    fn found(&mut self, tables: &Tables) -> JsonText {
        for text in &self.keys {
            let Some(key) = Key::parse(text) else { continue };
            if let Some(entry) = tables.find_entry(key) {
                self.organizations.extend(key.organization().map(str::to_owned));
                return tables.entry_to_json(entry);
            }
        }
        JsonText::null()
    }
}

fn policy(tables: &Tables) -> JsonText {
    JsonText::object([("policy", tables.policy_to_json())])
}
