//! The entries as the state hash covers them.

use std::ops::ControlFlow;

use crate::directory::tables::Tables;
use crate::wire::merkle::{Collector, Mark};

use super::bytes::write_entry;
use super::entry_index::EntryIndex;
use super::key::Key;

impl Tables {
    /// Gives the entries from a key on to a collector of chunks, until the first entry of the chunk that begins at `until`.
    pub(crate) fn collect(&self, from: &str, until: Option<&str>, collector: &mut Collector) -> ControlFlow<()> {
        let until = until.and_then(Key::parse);
        self.walk(from, &mut |entry| {
            let key = self.path_of(entry);
            // Also if there is no such entry: a forged snapshot may say so.
            if until.is_some_and(|until| key.order(until).is_ge()) {
                return ControlFlow::Break(());
            }
            let (table, kind, id) = self.own_id(entry);
            let mark = Mark::of(id);
            if collector.is_empty() || mark.begins_chunk() {
                collector.begin(&key.to_text(), mark);
            }
            let bytes = collector.bytes();
            bytes.push(table);
            for part in [kind, id] {
                // INVARIANT: no id is longer than 256 bytes.
                bytes.extend_from_slice(&u16::try_from(part.len()).unwrap_or(u16::MAX).to_le_bytes());
                bytes.extend_from_slice(part.as_bytes());
            }
            if let Some(fields) = self.fields_of(entry) {
                write_entry(fields, bytes);
            }
            ControlFlow::Continue(())
        })
    }

    /// The number of an entry's table, a resource's kind, and the entry's own id. Where it belongs follows from the entries before it.
    fn own_id(&self, entry: EntryIndex) -> (u8, &str, &str) {
        match entry {
            EntryIndex::User(user) => (0, "", self.users.name(user)),
            EntryIndex::Organization(organization) => (1, "", self.organizations.name(organization)),
            EntryIndex::Member(_, user) => (2, "", self.users.name(user)),
            EntryIndex::Group(group) => (3, "", self.groups.name(group)),
            EntryIndex::GroupMember(_, user) => (4, "", self.users.name(user)),
            EntryIndex::Project(project) => (5, "", self.projects.name(project)),
            EntryIndex::Grant(_, group) => (6, "", self.groups.name(group)),
            EntryIndex::Collaborator(_, user) => (7, "", self.users.name(user)),
            EntryIndex::ApiKey(key) => (8, "", self.api_keys.name(key)),
            EntryIndex::Resource(resource) => (9, self.policy.kind_name(self.resource_rows[resource].kind), self.resources.name(resource)),
        }
    }
}
