//! Rows of tables → entries of a document: the shape of every row.

use std::collections::BTreeMap;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::document::{
    ApiKeyDocument, CollaboratorDocument, GroupDocument, GroupMemberDocument, KeyKind, MemberDocument, Membership, OrganizationDocument,
    ProjectDocument, ResourceDocument, UserDocument,
};
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::missing_field;

use super::cell::Cell;
use super::columns::{ColumnRule, TableName};

/// The rows of one table.
#[derive(Debug)]
pub(super) struct Rows<'v, D> {
    pub(super) columns: Vec<ColumnRule>,
    pub(super) entries: Vec<D>,
    /// What each row says of where it belongs; empty if it says nothing valid.
    pub(super) parents: Vec<&'v str>,
}

impl<D> Rows<'_, D> {
    const EMPTY: Self = Self { columns: Vec::new(), entries: Vec::new(), parents: Vec::new() };
}

/// The first fault of each row that has one: the index of its column, and the error.
pub(super) type RowFaults = BTreeMap<(TableName, usize), (usize, Error)>;

/// The tables of a directory, row by row. Nothing is copied but numbers: the entries borrow their texts.
#[derive(Debug)]
pub struct DirectoryTables<'v> {
    pub(super) organizations: Rows<'v, OrganizationDocument<'v>>,
    pub(super) members: Rows<'v, MemberDocument<'v>>,
    pub(super) projects: Rows<'v, ProjectDocument<'v>>,
    pub(super) collaborators: Rows<'v, CollaboratorDocument<'v>>,
    pub(super) api_keys: Rows<'v, ApiKeyDocument<'v>>,
    pub(super) resources: Rows<'v, ResourceDocument<'v>>,
    pub(super) users: Rows<'v, UserDocument<'v>>,
    pub(super) groups: Rows<'v, GroupDocument<'v>>,
    pub(super) group_members: Rows<'v, GroupMemberDocument<'v>>,
    pub(super) faults: RowFaults,
    pub(super) has_organizations: bool,
}

/// Reads a chunk of rows, column by column. A null of an optional column is skipped.
macro_rules! read {
    ($rows:expr, $table:expr, $count:expr, $chunk:expr, $faults:expr, $empty:expr, |$entry:ident, $parent:ident, $cell:ident, $at:ident| { $($name:literal => $read:expr,)+ }) => {{
        let Rows { columns, entries, parents } = &mut $rows;
        let start = entries.len();
        let end = start.saturating_add($count);
        entries.resize_with(end, || $empty);
        parents.resize(end, "");
        let table = Path::Root.field($table.as_str());
        for (number, (column, cells)) in columns.iter().zip($chunk).enumerate() {
            let rows = entries.iter_mut().zip(parents.iter_mut()).zip(0..).skip(start).map(|((entry, parent), row)| (entry, parent, row));
            match column.name {
                $($name => for (($entry, $parent, row), $cell) in rows.zip(cells) {
                    let _ = (&$parent, &$entry);
                    let at = table.item(row);
                    let $at = &at.field($name);
                    if !column.is_required() && $cell.is_null() {
                        continue;
                    }
                    let mut read = || -> Result<(), Error> { $read; Ok(()) };
                    if let Err(fault) = read() {
                        note($faults, ($table, row), number, fault);
                    }
                },)+
                _ => {}
            }
        }
        start..end
    }};
}

/// Keeps the first fault of a row.
fn note(faults: &mut RowFaults, row: (TableName, usize), column: usize, fault: Error) {
    let first = faults.entry(row).or_insert_with(|| (column, fault.clone()));
    if column < first.0 {
        *first = (column, fault);
    }
}

impl<'v> DirectoryTables<'v> {
    /// No tables yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            organizations: Rows::EMPTY,
            members: Rows::EMPTY,
            projects: Rows::EMPTY,
            collaborators: Rows::EMPTY,
            api_keys: Rows::EMPTY,
            resources: Rows::EMPTY,
            users: Rows::EMPTY,
            groups: Rows::EMPTY,
            group_members: Rows::EMPTY,
            faults: BTreeMap::new(),
            has_organizations: false,
        }
    }

    /// Begins a table with these columns.
    pub fn begin(&mut self, table: TableName, columns: Vec<ColumnRule>) {
        *self.columns_of(table) = columns;
        self.has_organizations |= table == TableName::Organizations;
    }

    pub(super) fn columns_of(&mut self, table: TableName) -> &mut Vec<ColumnRule> {
        match table {
            TableName::Organizations => &mut self.organizations.columns,
            TableName::Members => &mut self.members.columns,
            TableName::Projects => &mut self.projects.columns,
            TableName::Collaborators => &mut self.collaborators.columns,
            TableName::ApiKeys => &mut self.api_keys.columns,
            TableName::Resources => &mut self.resources.columns,
            TableName::Users => &mut self.users.columns,
            TableName::Groups => &mut self.groups.columns,
            TableName::GroupMembers => &mut self.group_members.columns,
        }
    }

    /// Adds the next rows of a table that has begun: the cells of each of its columns.
    pub fn add(&mut self, table: TableName, count: usize, cells: &[Vec<Cell<'v>>]) {
        let faults = &mut self.faults;
        match table {
            TableName::Organizations => {
                read!(self.organizations, table, count, cells, faults, OrganizationDocument::default(), |entry, parent, cell, at| {
                    "id" => entry.id = cell.id(at)?,
                    "name" => entry.name = Some(cell.text(at)?),
                    "owner" => entry.owner = cell.id(at)?,
                    "membership" => entry.membership = cell.word(at, Membership::ALL, Membership::as_str)?,
                    "multi_project" => entry.multi_project = cell.boolean(at)?,
                    "projects_since" => entry.projects_since = Some(cell.instant(at)?),
                    "suspended_at" => entry.suspended_at = Some(cell.instant(at)?),
                });
            }
            TableName::Members => {
                read!(self.members, table, count, cells, faults, MemberDocument::default(), |entry, parent, cell, at| {
                    "organization" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "user" => entry.user = cell.id(at)?,
                    "role" => entry.role = cell.id(at)?,
                    "added_at" => entry.added_at = Some(cell.instant(at)?),
                    "expires_at" => entry.expires_at = Some(cell.instant(at)?),
                    "suspended_at" => entry.suspended_at = Some(cell.instant(at)?),
                });
            }
            TableName::Projects => {
                read!(self.projects, table, count, cells, faults, ProjectDocument::default(), |entry, parent, cell, at| {
                    "organization" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "id" => entry.id = cell.id(at)?,
                    "name" => entry.name = Some(cell.text(at)?),
                    "default" => entry.default = cell.boolean(at)?,
                    "allow_external_collaborators" => entry.allow_external_collaborators = cell.boolean(at)?,
                    "visibility" => entry.visibility = Some(cell.id(at)?),
                    "suspended_at" => entry.suspended_at = Some(cell.instant(at)?),
                });
            }
            TableName::Collaborators => self.add_collaborators(count, cells),
            TableName::ApiKeys => {
                read!(self.api_keys, table, count, cells, faults, ApiKeyDocument::default(), |entry, parent, cell, at| {
                    "project" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "id" => entry.id = cell.id(at)?,
                    "name" => entry.name = Some(cell.text(at)?),
                    "created_by" => entry.created_by = Some(cell.id(at)?),
                    "created_at" => entry.created_at = Some(cell.instant(at)?),
                    "expires_at" => entry.expires_at = Some(cell.instant(at)?),
                    "revoked_at" => entry.revoked_at = Some(cell.instant(at)?),
                    "digest" => entry.digest = Some(cell.digest(at)?),
                    "kind" => entry.kind = cell.word(at, KeyKind::ALL, KeyKind::as_str)?,
                    "scopes" => entry.scopes = Some(cell.ids(at)?),
                    "acts_as" => entry.acts_as = Some(cell.id(at)?),
                    "projects" => entry.projects = cell.key_projects(at)?,
                });
            }
            TableName::Resources => {
                read!(self.resources, table, count, cells, faults, ResourceDocument::default(), |entry, parent, cell, at| {
                    "project" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "id" => entry.id = cell.id(at)?,
                    "kind" => entry.kind = cell.id(at)?,
                    "name" => entry.name = Some(cell.text(at)?),
                    "created_by" => entry.created_by = Some(cell.id(at)?),
                    "created_at" => entry.created_at = Some(cell.instant(at)?),
                });
            }
            TableName::Users => {
                read!(self.users, table, count, cells, faults, UserDocument::default(), |entry, parent, cell, at| {
                    "id" => entry.id = cell.id(at)?,
                    "email" => entry.email = Some(cell.text(at)?),
                    "organization" => entry.organization = Some(cell.id(at)?),
                    "suspended_at" => entry.suspended_at = Some(cell.instant(at)?),
                });
            }
            TableName::Groups => {
                read!(self.groups, table, count, cells, faults, GroupDocument::default(), |entry, parent, cell, at| {
                    "organization" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "id" => entry.id = cell.id(at)?,
                    "name" => entry.name = Some(cell.text(at)?),
                });
            }
            TableName::GroupMembers => {
                read!(self.group_members, table, count, cells, faults, GroupMemberDocument::default(), |entry, parent, cell, at| {
                    "group" => { *parent = cell.borrowed(); cell.id(at)?; },
                    "user" => entry.user = cell.id(at)?,
                    "added_at" => entry.added_at = Some(cell.instant(at)?),
                    "expires_at" => entry.expires_at = Some(cell.instant(at)?),
                });
            }
        }
    }

    /// A row has a user or a group: exactly one of the two.
    fn add_collaborators(&mut self, count: usize, cells: &[Vec<Cell<'v>>]) {
        let (faults, name) = (&mut self.faults, TableName::Collaborators);
        let added = read!(self.collaborators, name, count, cells, faults, CollaboratorDocument::default(), |entry, parent, cell, at| {
            "project" => { *parent = cell.borrowed(); cell.id(at)?; },
            "user" => entry.user = Some(cell.id(at)?),
            "group" => entry.group = Some(cell.id(at)?),
            "role" => entry.role = cell.id(at)?,
            "added_at" => entry.added_at = Some(cell.instant(at)?),
            "expires_at" => entry.expires_at = Some(cell.instant(at)?),
        });
        let table = Path::Root.field(name.as_str());
        let column = |name: &str| self.collaborators.columns.iter().position(|column| column.name == name).unwrap_or_default();
        for (entry, row) in self.collaborators.entries.iter().zip(0..).skip(added.start) {
            let at = table.item(row);
            match (entry.user, entry.group) {
                (Some(_), Some(_)) => {
                    let last = if column("user") > column("group") { "user" } else { "group" };
                    let fault = Error::new(ErrorCode::UnknownField, &at.field(last), "a row has a `user` or a `group`, not both");
                    note(&mut self.faults, (name, row), column(last), fault);
                }
                // Another fault of the row may be the reason.
                (None, None) if !self.faults.contains_key(&(name, row)) => {
                    note(&mut self.faults, (name, row), 0, missing_field("user", &at));
                }
                _ => {}
            }
        }
    }
}

impl Default for DirectoryTables<'_> {
    fn default() -> Self {
        Self::new()
    }
}
