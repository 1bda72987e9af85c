//! Where the entries of a document are in tables: which row belongs to which, and the row that a path leads to.

use std::fmt::Display;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::faults::Layout;
use crate::input::id::is_id;
use crate::input::path::{Path, Step};

use super::columns::{ColumnRule, TableName};

/// The row of an orphan's parent.
pub(super) const NOBODY: u32 = u32::MAX;

/// Rows by their parents: those of one parent are consecutive, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct Grouped {
    /// The row of the parent of every row.
    pub(super) parents: Vec<u32>,
    /// Rows, parent by parent.
    order: Vec<u32>,
    /// Where the rows of every parent end in `order`.
    ends: Vec<u32>,
}

impl Grouped {
    /// Groups rows by counting. Orphans belong to no group.
    pub(super) fn new(parents: Vec<u32>, count: usize) -> Self {
        let mut ends = vec![0_u32; count];
        for parent in &parents {
            if let Some(end) = ends.get_mut(*parent as usize) {
                *end = end.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for end in &mut ends {
            let start = sum;
            sum = sum.saturating_add(*end);
            // For now it is where the next row of this parent is put; afterwards it is the end.
            *end = start;
        }
        let mut order = vec![0_u32; sum as usize];
        for (row, parent) in (0_u32..).zip(&parents) {
            if let Some(end) = ends.get_mut(*parent as usize)
                && let Some(place) = order.get_mut(*end as usize)
            {
                *place = row;
                *end = end.saturating_add(1);
            }
        }
        Self { parents, order, ends }
    }

    /// The rows of a parent.
    pub(super) fn of(&self, parent: usize) -> &[u32] {
        let end = |parent: Option<usize>| parent.and_then(|parent| self.ends.get(parent)).map_or(0, |end| *end as usize);
        self.order.get(end(parent.checked_sub(1))..end(Some(parent))).unwrap_or_default()
    }

    fn row(&self, parent: usize, number: usize) -> Option<usize> {
        self.of(parent).get(number).map(|row| *row as usize)
    }
}

/// Which rows belong to which, and their ids.
#[derive(Debug)]
pub(crate) struct RowLayout<'v> {
    pub(super) members: Grouped,
    pub(super) projects: Grouped,
    pub(super) collaborators: Grouped,
    pub(super) api_keys: Grouped,
    pub(super) resources: Grouped,
    pub(super) groups: Grouped,
    pub(super) group_members: Grouped,
    /// The columns of each table, in the order of [`TableName::ALL`].
    pub(super) columns: [Vec<ColumnRule>; 9],
    pub(super) organization_ids: Vec<&'v str>,
    pub(super) project_ids: Vec<&'v str>,
    pub(super) group_ids: Vec<&'v str>,
    pub(super) resource_ids: Vec<&'v str>,
}

/// A row, and the steps from it on.
struct Place<'p> {
    table: TableName,
    row: usize,
    rest: Vec<Step<'p>>,
}

impl<'v> RowLayout<'v> {
    /// The row that a path of the document leads to.
    fn place<'p>(&self, path: &Path<'p>) -> Option<Place<'p>> {
        let steps = path.steps();
        let mut steps = steps.into_iter();
        let (Some(Step::Field(list)), Some(Step::Item(row))) = (steps.next(), steps.next()) else { return None };
        let (mut table, mut row) = (if list == "users" { TableName::Users } else { TableName::Organizations }, row);
        let mut rest: Vec<_> = steps.collect();
        while let [Step::Field(list), Step::Item(number), ..] = *rest {
            let (below, grouped) = match (table, list) {
                (TableName::Organizations, "members") => (TableName::Members, &self.members),
                (TableName::Organizations, "projects") => (TableName::Projects, &self.projects),
                (TableName::Organizations, "groups") => (TableName::Groups, &self.groups),
                (TableName::Groups, "members") => (TableName::GroupMembers, &self.group_members),
                (TableName::Projects, "collaborators") => (TableName::Collaborators, &self.collaborators),
                (TableName::Projects, "api_keys") => (TableName::ApiKeys, &self.api_keys),
                (TableName::Projects, "resources") => (TableName::Resources, &self.resources),
                // A list in a cell.
                _ => break,
            };
            row = grouped.row(row, number)?;
            table = below;
            rest.drain(..2);
        }
        Some(Place { table, row, rest })
    }

    /// The organization that a row belongs to.
    pub(super) fn organization_of(&self, table: TableName, row: usize) -> Option<usize> {
        let above = |grouped: &Grouped, row: usize| grouped.parents.get(row).filter(|row| **row != NOBODY).map(|row| *row as usize);
        let of_project = |grouped: &Grouped| above(&self.projects, above(grouped, row)?);
        match table {
            TableName::Organizations => Some(row),
            TableName::Members => above(&self.members, row),
            TableName::Projects => above(&self.projects, row),
            TableName::Groups => above(&self.groups, row),
            TableName::GroupMembers => above(&self.groups, above(&self.group_members, row)?),
            TableName::Collaborators => of_project(&self.collaborators),
            TableName::ApiKeys => of_project(&self.api_keys),
            TableName::Resources => of_project(&self.resources),
            TableName::Users => None,
        }
    }

    /// The type and id of the entry to name in the message of a fault: that of its row, or that of what the row belongs to.
    pub(crate) fn entry(&self, pointer: &str) -> Option<(&'static str, &'v str)> {
        let mut steps = pointer.split('/').skip(1);
        let table = TableName::named(steps.next()?).ok()?;
        let row = steps.next()?.parse::<usize>().ok()?;
        let above = |grouped: &Grouped| grouped.parents.get(row).map(|row| *row as usize);
        let (what, ids, row) = match table {
            TableName::Organizations => ("organization", &self.organization_ids, row),
            TableName::Members => ("organization", &self.organization_ids, above(&self.members)?),
            TableName::Projects => ("project", &self.project_ids, row),
            TableName::Collaborators => ("project", &self.project_ids, above(&self.collaborators)?),
            TableName::ApiKeys => ("project", &self.project_ids, above(&self.api_keys)?),
            TableName::Resources => ("resource", &self.resource_ids, row),
            TableName::Groups => ("group", &self.group_ids, row),
            TableName::GroupMembers => ("group", &self.group_ids, above(&self.group_members)?),
            TableName::Users => return None,
        };
        ids.get(row).filter(|id| is_id(id)).map(|id| (what, *id))
    }
}

impl Layout for RowLayout<'_> {
    /// The table, the row and the column. A fault that is in no column comes after those of the row.
    fn position(&self, path: &Path<'_>, _prefix: usize, _latest: &[usize]) -> Vec<usize> {
        let Some(Place { table, row, rest }) = self.place(path) else { return Vec::new() };
        let columns = self.columns.get(table as usize).map_or(&[][..], |columns| columns);
        let mut position = vec![table as usize, row];
        position.extend(rest.into_iter().map(|step| match step {
            Step::Field(name) => columns.iter().position(|column| column.name == name).unwrap_or(usize::MAX),
            Step::Item(number) => number,
        }));
        position
    }

    fn fault(&self, code: ErrorCode, path: &Path<'_>, message: &dyn Display) -> Error {
        let Some(Place { table, row, rest }) = self.place(path) else { return Error::new(code, path, message) };
        let table = Path::Root.field(table.as_str());
        let row = table.item(row);
        match *rest {
            [Step::Field(column), Step::Item(number), ..] => Error::new(code, &row.field(column).item(number), message),
            [Step::Field(column), ..] => Error::new(code, &row.field(column), message),
            _ => Error::new(code, &row, message),
        }
    }
}
