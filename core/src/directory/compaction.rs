//! Compaction: removes entries that nothing refers to from the tables, in place.
//!
//! For each table, the used entries move together in their order, and then all references to them get the new indices. At most one table of
//! pairs or names is copied at a time: an allocator may never return memory that was needed only briefly, and in WebAssembly it never does.

use crate::collections::renumbering::{Renumbering, shrink};
use crate::collections::texts::Full;

use super::tables::Tables;

/// More rows than any one change can add.
const ROWS_OF_A_CHANGE: u32 = 1 << 16;
/// With less garbage, compaction is not worth its cost.
const LITTLE_GARBAGE: usize = 4_096;

/// Visits every reference in the tables to one table.
type Each = fn(&mut Tables, &mut dyn FnMut(&mut u32));

impl Tables {
    /// Ensures that the tables have capacity for any change, so that no change fails halfway.
    pub(crate) fn reserve_for_change(&mut self) -> Result<(), Full> {
        if self.has_capacity() {
            return Ok(());
        }
        self.compact();
        if self.has_capacity() { Ok(()) } else { Err(Full) }
    }

    fn has_capacity(&self) -> bool {
        self.periods.len() < (u32::MAX - ROWS_OF_A_CHANGE) as usize
            && self.texts.has_capacity(ROWS_OF_A_CHANGE)
            && self.users.has_capacity(ROWS_OF_A_CHANGE)
            && self.projects.has_capacity(ROWS_OF_A_CHANGE)
            && self.api_keys.has_capacity(ROWS_OF_A_CHANGE)
            && self.resources.has_capacity(ROWS_OF_A_CHANGE)
    }

    /// Compacts the tables if a quarter of the entries is unused.
    pub(crate) fn compact_if_worth_it(&mut self) {
        let entries = self.user_rows.len().saturating_add(self.resource_rows.len());
        if self.garbage > LITTLE_GARBAGE && self.garbage > entries / 4 {
            self.compact();
        }
    }

    /// Removes resources that were deleted, then users who are no longer referred to, then periods and texts that are no longer referred
    /// to.
    fn compact(&mut self) {
        self.garbage = 0;
        if let Some(renumbering) = self.renumber(self.resource_rows.len(), Self::each_resource) {
            self.resources.compact(&self.hasher, &renumbering);
            self.resource_rows.compact(&renumbering);
            self.resource_names.compact(&renumbering);
            self.resource_creators.compact(&renumbering);
            self.resource_times.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.user_rows.len(), Self::each_user) {
            self.users.compact(&self.hasher, &renumbering);
            self.user_rows.compact(&renumbering);
            self.collaborators.rebuild(&self.hasher);
            self.externals.rebuild(&self.hasher);
        }
        if let Some(renumbering) = self.renumber(self.texts.len(), Self::each_text) {
            self.texts.compact(&renumbering);
        }
        if let Some(renumbering) = self.renumber(self.periods.len(), Self::each_period) {
            self.periods.compact(&renumbering);
        }
        self.has_ends = self.periods.iter().any(|(_, period)| period.expires_at.get().is_some());
    }

    /// Renumbers the entries of one table and updates all references to them. `None` if no entry is removed.
    fn renumber(&mut self, count: usize, each: Each) -> Option<Renumbering> {
        let mut renumbering = Renumbering::of(count);
        each(self, &mut |number| renumbering.keep(*number));
        renumbering.number();
        if renumbering.kept() as usize == count {
            return None;
        }
        each(self, &mut |number| *number = renumbering.new_number(*number));
        Some(renumbering)
    }

    fn each_resource(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for contents in self.project_contents.rows_mut() {
            each_of(&mut contents.resources, visit);
        }
    }

    fn each_user(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        // Users whom nothing but their own entry mentions.
        for mut user in self.listed_users() {
            visit(user.as_mut());
        }
        for row in self.organization_rows.rows_mut() {
            visit(row.owner.as_mut());
            each_of(&mut row.members, visit);
        }
        for contents in self.project_contents.rows_mut() {
            each_of(&mut contents.collaborators, visit);
        }
        for row in self.group_rows.rows_mut() {
            each_of(&mut row.members, visit);
        }
        self.api_key_limits.rows_mut().filter_map(|limits| limits.acts_as.as_mut()).for_each(|user| visit(user.as_mut()));
        self.api_key_rows.rows_mut().filter_map(|row| row.created_by.as_mut()).for_each(|user| visit(user.as_mut()));
        self.resource_creators.values_mut().for_each(|user| visit(user.as_mut()));
        self.collaborators.slots_mut().for_each(|row| visit(row.user.as_mut()));
        self.externals.slots_mut().for_each(|row| visit(row.user.as_mut()));
    }

    fn each_text(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for row in self.user_rows.rows_mut() {
            visit(row.email.as_mut());
            visit(row.outside.as_mut());
        }
        self.organization_rows.rows_mut().for_each(|row| visit(row.name.as_mut()));
        self.group_rows.rows_mut().for_each(|row| visit(row.name.as_mut()));
        self.project_contents.rows_mut().for_each(|contents| visit(contents.name.as_mut()));
        self.api_key_facts.rows_mut().for_each(|facts| visit(facts.name.as_mut()));
        self.resource_names.values_mut().for_each(|name| visit(name.as_mut()));
    }

    fn each_period(&mut self, visit: &mut dyn FnMut(&mut u32)) {
        for row in self.user_rows.rows_mut() {
            visit(row.period.as_mut());
            if let Some(extra) = &mut row.extra {
                extra.others.iter_mut().for_each(|other| visit(other.period.as_mut()));
                extra.groups.iter_mut().for_each(|group| visit(group.period.as_mut()));
            }
        }
        self.collaborators.slots_mut().for_each(|row| visit(row.period.as_mut()));
        self.grants.slots_mut().for_each(|row| visit(row.period.as_mut()));
    }
}

/// Visits every entry of a list, and frees surplus memory.
#[inline(never)]
fn each_of<I: AsMut<u32>>(list: &mut Vec<I>, visit: &mut dyn FnMut(&mut u32)) {
    list.iter_mut().map(I::as_mut).for_each(visit);
    shrink(list);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::collections::names::Names;
    use crate::directory::indices::Resource;
    use crate::input::instant::Instant;
    use crate::input::json;
    use crate::{Directory, boundary};

    const DIRECTORY: &str = r#"{"format": "bailiwick/1", "users": [
      {"id": "u6", "email": "six@b.test", "organization": "elsewhere"}, {"id": "u2", "email": "two@b.test"}, {"id": "u7"},
      {"id": "u8", "suspended_at": "2026-01-01T00:00:00Z"}],
      "organizations": [{"id": "o0", "name": "Zero", "owner": "ada", "members": [
          {"user": "u1", "role": "member", "added_at": "2026-01-01T00:00:00Z", "expires_at": "9999-12-31T23:59:59.999Z"}, {"user": "ada", "role": "admin"},
          {"user": "u9", "role": "member", "expires_at": "2026-01-01T00:00:00Z"}],
        "groups": [{"id": "g0", "members": [{"user": "u1", "expires_at": "9999-12-31T00:00:00Z"}, {"user": "ada"}, {"user": "u9"}]}],
        "projects": [
          {"id": "p0", "default": true, "name": "Home", "resources": [{"id": "r0", "kind": "file", "created_by": "u5", "name": "first"}]},
          {"id": "p1", "allow_external_collaborators": true, "collaborators": [
             {"user": "u3", "role": "member", "expires_at": "2026-06-01T00:00:00Z"}, {"user": "u1", "role": "admin"},
             {"group": "g0", "role": "member", "added_at": "2026-02-01T00:00:00Z"}],
           "api_keys": [{"id": "k0", "created_by": "u4", "name": "a key", "acts_as": "u0", "projects": ["p0"]}],
           "resources": [{"id": "r9", "kind": "storage"}, {"id": "r1", "kind": "file", "created_at": "2026-01-01T00:00:00Z", "name": "é"}]}]},
        {"id": "o1", "owner": "eve", "members": [{"user": "eve", "role": "admin"}], "projects": [{"id": "p2", "default": true},
          {"id": "p3", "name": "Open", "allow_external_collaborators": true, "collaborators": [{"user": "ada", "role": "admin"}]}]}]}"#;

    /// Makes the change that these numbers encode, if it is valid.
    fn change(directory: &mut Directory, [what, one, other, more]: [u8; 4]) {
        let change = match what {
            0 => format!(r#""add_member", "organization": "o{}", "user": "u{other}", "email": "{more}@b.test""#, one % 2),
            1 => format!(r#""add_member", "organization": "o{}", "user": "u{other}""#, one % 2),
            2 => format!(r#""remove_member", "organization": "o{}", "user": "u{other}""#, one % 2),
            3 | 4 => format!(r#""add_collaborator", "project": "p{}", "user": "u{other}""#, one % 4),
            5 => format!(r#""remove_collaborator", "project": "p{}", "user": "u{other}""#, one % 4),
            6 => format!(r#""add_resource", "project": "p{}", "resource": "r{other}", "kind": "file""#, one % 4),
            7 => format!(r#""add_resource", "project": "p{}", "resource": "r{other}", "kind": "storage", "name": "n{more}""#, one % 4),
            8 => format!(r#""remove_resource", "resource": "{}:r{other}""#, if more % 2 == 0 { "file" } else { "storage" }),
            9 => format!(r#""set_external_collaborators", "project": "p{}", "allowed": {}"#, one % 4, more % 4 > 0),
            _ => format!(r#""create_api_key", "project": "p{}", "key": "k{other}", "digest": "sha256:{more:064x}", "name": "k""#, one % 4),
        };
        let actors = ["ada", "eve", "u3", "u1"];
        let terms = actors.get(usize::from(more % 5)).map_or("{}".to_owned(), |actor| format!(r#"{{"actor": "user:{actor}"}}"#));
        let change = format!(r#"{{"type": {change}}}"#);
        let _ =
            boundary::apply(directory, &json::parse(change.as_bytes()).unwrap(), &json::parse(terms.as_bytes()).unwrap(), Instant::LATEST);
    }

    fn document(directory: &Directory) -> String {
        serde_json::to_string(&directory.to_document()).unwrap()
    }

    /// The lengths of the tables.
    fn sizes(tables: &Tables) -> [usize; 15] {
        [
            tables.user_rows.len(),
            tables.users.iter().count(),
            tables.users.iter().filter(|(_, name)| tables.find_user_name(name).is_some()).count(),
            tables.listed_users().len(),
            tables.project_rows.len(),
            tables.api_key_rows.len(),
            tables.resource_rows.len(),
            tables.resources.iter().count(),
            tables.resources.iter().filter(|(resource, _)| is_found(tables, *resource)).count(),
            tables.texts.len(),
            tables.texts.iter().map(str::len).sum(),
            tables.collaborators.len(),
            tables.externals.len(),
            tables.digests.len(),
            tables.periods.len(),
        ]
    }

    fn is_found(tables: &Tables, resource: Resource) -> bool {
        tables.resource(tables.resource_rows[resource].kind, tables.resource_id(resource)) == Some(resource)
    }

    /// Whether every name is found at its own index.
    fn finds_all<I: Copy + PartialEq + From<u32> + Into<u32>>(tables: &Tables, names: &Names<I>) -> bool {
        names.iter().all(|(index, name)| names.find(&tables.hasher, name) == Some(index))
    }

    /// Everything that is allowed.
    fn allowed(directory: &Directory) -> Vec<String> {
        let principals = (0..10).map(|number| format!("user:u{number}")).chain(["user:ada".to_owned(), "api_key:k0".to_owned()]);
        let resources = (0..10).map(|number| format!("file:r{number}")).chain((0..4).map(|number| format!("project:p{number}")));
        let resources: Vec<_> = resources.collect();
        let mut allowed = Vec::new();
        for principal in principals {
            for action in ["file.read", "file.delete", "project_settings.read"] {
                for resource in &resources {
                    if boundary::is_allowed(directory, [&principal, action, resource], Instant::LATEST).unwrap() {
                        allowed.push(format!("{principal} {action} {resource}"));
                    }
                }
            }
            let request = format!(r#"{{"principal": "{principal}", "action": "file.read"}}"#);
            let page = boundary::list_resources(directory, &json::parse(request.as_bytes()).unwrap(), Instant::LATEST).unwrap();
            allowed.push(format!("{page:?}"));
        }
        allowed
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Compaction never changes an answer, and leaves tables as long as after loading.
        #[test]
        fn compaction_changes_no_answer(changes in vec(([0..11_u8, 0..8_u8, 0..10_u8, 0..20_u8], 0..4_u8), 1..60)) {
            let mut directory = Directory::from_json(DIRECTORY.as_bytes()).unwrap();
            let mut uncompacted = directory.clone();
            for (numbers, compactions) in changes {
                change(&mut directory, numbers);
                change(&mut uncompacted, numbers);
                if compactions > 0 {
                    continue;
                }
                directory.tables_mut().compact();
                prop_assert_eq!(document(&directory), document(&uncompacted));
                let payload = directory.tables().to_payload(true);
                prop_assert!(payload == uncompacted.tables().to_payload(true));
                prop_assert_eq!(allowed(&directory), allowed(&uncompacted));
                let fresh = Tables::from_payload(&payload, 2, directory.tables().hasher.clone()).unwrap();
                prop_assert_eq!(sizes(directory.tables()), sizes(&fresh));
                let tables = directory.tables();
                prop_assert!(finds_all(tables, &tables.users) && tables.resource_rows.iter().all(|(resource, _)| is_found(tables, resource)));
                prop_assert_eq!((directory.tables().garbage, directory.revision()), (0, uncompacted.revision()));
            }
            // A second compaction changes nothing.
            directory.tables_mut().compact();
            let compacted = format!("{directory:?}");
            directory.tables_mut().compact();
            prop_assert_eq!(format!("{directory:?}"), compacted);
        }
    }
}
