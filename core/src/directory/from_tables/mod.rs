//! Tables → directory document: rows are read by the rules for entries of documents, and put under what they belong to.
//!
//! A document of tables is indexed like any other. Its faults are reported by table and row.

use std::collections::BTreeMap;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::input::error::{Error, quoted};
use crate::input::id::is_id;
use crate::input::path::Path;
use crate::input::shape::missing_field;

use super::document::{DirectoryDocument, FORMAT};
use super::indices::Organization;
use super::tables::Tables;

mod cell;
mod columns;
mod layout;
mod rows;

pub use cell::Cell;
pub use columns::{ColumnRule, ColumnType, TableName};
pub(crate) use layout::RowLayout;
use layout::{Grouped, NOBODY};
pub use rows::DirectoryTables;

/// The entries of a table by their ids. Of two with the same id, it is the first, or the one that belongs where the id was before: nobody takes
/// over the rows of another one by claiming its id.
struct Parents {
    names: Names<u32>,
    rows: Vec<u32>,
}

impl Parents {
    fn new<'i>(hasher: &Hasher, ids: impl Iterator<Item = &'i str>, had_before: impl Fn(&str, usize) -> bool) -> Result<Self, Error> {
        let mut parents = Self { names: Names::new(), rows: Vec::new() };
        for (row, id) in (0_u32..NOBODY).zip(ids) {
            let (number, is_new) = parents.names.intern(hasher, id).map_err(Error::from)?;
            if is_new {
                parents.rows.push(row);
            } else if had_before(id, row as usize)
                && let Some(first) = parents.rows.get_mut(number as usize)
            {
                *first = row;
            }
        }
        Ok(parents)
    }

    /// Groups rows by the ids of their parents.
    fn group(&self, hasher: &Hasher, ids: &[&str], count: usize) -> Grouped {
        // Rows of one parent often follow each other.
        let mut last = ("", NOBODY);
        let mut parents = Vec::with_capacity(ids.len());
        for id in ids {
            if *id != last.0 || last.1 == NOBODY {
                let number = self.names.find(hasher, id);
                last = (*id, number.and_then(|number| self.rows.get(number as usize)).copied().unwrap_or(NOBODY));
            }
            parents.push(last.1);
        }
        Grouped::new(parents, count)
    }
}

/// A document of tables, and where its entries are.
pub(super) struct TableDocument<'v> {
    pub(super) document: DirectoryDocument<'v>,
    /// The rows of the organizations in the document.
    pub(super) places: Vec<usize>,
    /// The first faults of shape of those that are left out, by their rows.
    pub(super) faults: BTreeMap<usize, Error>,
    /// The ids of all organizations that have one.
    pub(super) ids: Vec<Option<&'v str>>,
    pub(super) layout: RowLayout<'v>,
}

impl<'v> DirectoryTables<'v> {
    /// Puts rows under what they belong to. Organizations with faults of shape are left out if `leaves_out`.
    ///
    /// # Errors
    /// `missing_field` without organizations; the first fault of a row that is not left out; then `unknown_reference` for the first row whose organization, project or group is in no
    /// table.
    pub(super) fn into_document(
        mut self,
        seed: Option<u64>,
        leaves_out: bool,
        last_good: Option<&Tables>,
    ) -> Result<TableDocument<'v>, Error> {
        if !self.has_organizations {
            return Err(missing_field(TableName::Organizations.as_str(), &Path::Root));
        }
        let layout = self.layout(seed, last_good)?;
        let named = |error: Error| {
            let entry = layout.entry(error.path());
            error.naming(entry)
        };
        let faults = std::mem::take(&mut self.faults);
        let mut left_out: BTreeMap<usize, Error> = BTreeMap::new();
        for ((table, row), (_, fault)) in faults {
            match layout.organization_of(table, row).filter(|_| leaves_out) {
                Some(organization) => drop(left_out.entry(organization).or_insert(fault)),
                None => return Err(named(fault)),
            }
        }
        self.orphan(&layout).map_err(named)?;
        let ids = layout.organization_ids.iter().map(|id| Some(*id).filter(|id| is_id(id))).collect();
        let places: Vec<_> = (0..layout.organization_ids.len()).filter(|place| !left_out.contains_key(place)).collect();
        let document = self.nest(&layout, &places);
        Ok(TableDocument { document, places, faults: left_out, ids, layout })
    }

    fn layout(&mut self, seed: Option<u64>, last_good: Option<&Tables>) -> Result<RowLayout<'v>, Error> {
        let organization_ids: Vec<_> = self.organizations.entries.iter().map(|entry| entry.id).collect();
        let project_ids: Vec<_> = self.projects.entries.iter().map(|entry| entry.id).collect();
        let group_ids: Vec<_> = self.groups.entries.iter().map(|entry| entry.id).collect();
        let hasher = &seed.map_or_else(
            || Hasher::keyed_by_texts(organization_ids.iter().chain(&project_ids).chain(&group_ids).copied()),
            Hasher::keyed_by,
        );
        let had = |parents: &[&str], row: usize, before: Option<&str>| before.is_some() && parents.get(row).copied() == before;
        let before = |of: &dyn Fn(&Tables) -> Option<Organization>| last_good.and_then(|tables| Some(tables.organization_id(of(tables)?)));
        let organizations = Parents::new(hasher, organization_ids.iter().copied(), |_, _| false)?;
        let projects = Parents::new(hasher, project_ids.iter().copied(), |id, row| {
            had(&self.projects.parents, row, before(&|tables| tables.project(id).map(|project| tables.project_row(project).organization)))
        })?;
        let groups = Parents::new(hasher, group_ids.iter().copied(), |id, row| {
            had(&self.groups.parents, row, before(&|tables| tables.group(id).map(|group| tables.organization_of_group(group))))
        })?;
        let in_organizations = |ids: &[&str]| organizations.group(hasher, ids, organization_ids.len());
        let in_projects = |ids: &[&str]| projects.group(hasher, ids, project_ids.len());
        let mut columns = TableName::ALL.map(|_| Vec::new());
        for (table, columns) in TableName::ALL.into_iter().zip(&mut columns) {
            columns.clone_from(self.columns_of(table));
        }
        Ok(RowLayout {
            members: in_organizations(&self.members.parents),
            projects: in_organizations(&self.projects.parents),
            collaborators: in_projects(&self.collaborators.parents),
            api_keys: in_projects(&self.api_keys.parents),
            resources: in_projects(&self.resources.parents),
            groups: in_organizations(&self.groups.parents),
            group_members: groups.group(hasher, &self.group_members.parents, group_ids.len()),
            columns,
            resource_ids: self.resources.entries.iter().map(|entry| entry.id).collect(),
            organization_ids,
            project_ids,
            group_ids,
        })
    }

    /// Fails with the first row that belongs to nothing.
    fn orphan(&self, layout: &RowLayout<'v>) -> Result<(), Error> {
        let belonging = [
            (TableName::Members, "organization", &layout.members, &self.members.parents),
            (TableName::Projects, "organization", &layout.projects, &self.projects.parents),
            (TableName::Collaborators, "project", &layout.collaborators, &self.collaborators.parents),
            (TableName::ApiKeys, "project", &layout.api_keys, &self.api_keys.parents),
            (TableName::Resources, "project", &layout.resources, &self.resources.parents),
            (TableName::Groups, "organization", &layout.groups, &self.groups.parents),
            (TableName::GroupMembers, "group", &layout.group_members, &self.group_members.parents),
        ];
        for (table, column, grouped, ids) in belonging {
            if let Some(row) = grouped.parents.iter().position(|parent| *parent == NOBODY) {
                let id = ids.get(row).copied().unwrap_or_default();
                let at = Path::Root.field(table.as_str());
                let message = format_args!("the tables have no {column} {}", quoted(id));
                return Err(Error::new(ErrorCode::UnknownReference, &at.item(row).field(column), message));
            }
        }
        Ok(())
    }

    /// The document, without the organizations that are left out.
    fn nest(mut self, layout: &RowLayout<'v>, places: &[usize]) -> DirectoryDocument<'v> {
        let mut organizations = Vec::with_capacity(places.len());
        for place in places {
            let Some(entry) = self.organizations.entries.get_mut(*place) else { continue };
            let mut organization = std::mem::take(entry);
            organization.members = taken(&mut self.members.entries, layout.members.of(*place));
            organization.groups = taken(&mut self.groups.entries, layout.groups.of(*place));
            for (group, row) in organization.groups.iter_mut().zip(layout.groups.of(*place)) {
                group.members = taken(&mut self.group_members.entries, layout.group_members.of(*row as usize));
            }
            organization.projects = taken(&mut self.projects.entries, layout.projects.of(*place));
            for (project, row) in organization.projects.iter_mut().zip(layout.projects.of(*place)) {
                let row = *row as usize;
                project.collaborators = taken(&mut self.collaborators.entries, layout.collaborators.of(row));
                project.api_keys = taken(&mut self.api_keys.entries, layout.api_keys.of(row));
                project.resources = taken(&mut self.resources.entries, layout.resources.of(row));
            }
            organizations.push(organization);
        }
        DirectoryDocument {
            format: FORMAT,
            revision: 0,
            issued_at: None,
            max_age_seconds: None,
            policy: None,
            users: self.users.entries,
            organizations,
        }
    }
}

/// Some entries, moved out.
fn taken<D: Default>(entries: &mut [D], rows: &[u32]) -> Vec<D> {
    rows.iter().filter_map(|row| entries.get_mut(*row as usize).map(std::mem::take)).collect()
}
