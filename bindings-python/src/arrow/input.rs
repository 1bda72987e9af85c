//! The input columns of a table.

use std::ops::Range;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use bailiwick::Directory;
use bailiwick::columns::{
    ActionCell, InstantCell, KindCell, ObjectCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell, UsageColumns, UsageNames,
};

use super::column_names::{RequestedColumn, RequestedPrincipal, RequestedUsage};
use super::error::TableError;
use super::instant::{InstantColumn, Times, is_instant, is_local};
use super::text::{Lookup, TextColumn, is_text};

/// A requested column, and its index in the table if the table has it.
#[derive(Clone, Debug)]
pub(super) struct FoundColumn {
    name: String,
    index: Option<usize>,
}

impl RequestedColumn {
    fn found(&self, schema: &Schema, check: impl Fn(&str, &DataType) -> Result<(), TableError>) -> Result<FoundColumn, TableError> {
        let Some(name) = &self.column else { return Ok(FoundColumn { name: String::new(), index: None }) };
        let mut found = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(TableError::duplicate_column(name, "the table has more than one column"));
        }
        match first {
            Some((index, field)) => check(name, field.data_type()).map(|()| FoundColumn { name: name.clone(), index: Some(index) }),
            None if self.is_optional => Ok(FoundColumn { name: name.clone(), index: None }),
            None => Err(TableError::missing_column(name)),
        }
    }

    pub(super) fn text(&self, schema: &Schema) -> Result<FoundColumn, TableError> {
        self.found(schema, |name, found| {
            if is_text(found) { Ok(()) } else { Err(TableError::column_type(name, "text, plain or with a dictionary", found)) }
        })
    }

    pub(super) fn instant(&self, schema: &Schema, times: &Times) -> Result<FoundColumn, TableError> {
        self.found(schema, |name, found| {
            if !is_instant(found) {
                return Err(TableError::column_type(name, "timestamps, dates, numbers (integers, float64, decimals) or text", found));
            }
            if is_local(found) && times.zone.is_none() { Err(TableError::missing_zone(name, found)) } else { Ok(()) }
        })
    }
}

impl FoundColumn {
    fn array<'b>(&self, batch: &'b RecordBatch) -> Option<&'b ArrayRef> {
        self.index.and_then(|index| batch.columns().get(index))
    }
}

/// A lookup by a function.
pub(super) struct LookupBy<F, C> {
    find: F,
    not_text: C,
}

impl<C: Copy, F: FnMut(Option<&str>) -> C> Lookup<C> for LookupBy<F, C> {
    #[inline]
    fn find(&mut self, text: Option<&str>) -> C {
        (self.find)(text)
    }

    fn not_text(&self) -> C {
        self.not_text
    }
}

impl<C: Copy, F: FnMut(Option<&str>) -> C> LookupBy<F, C> {
    pub(super) fn new(find: F, not_text: C) -> Self {
        Self { find, not_text }
    }
}

/// A column of text of the current batch, and the cells of the current rows.
pub(super) struct TextInput<C> {
    found: FoundColumn,
    column: Option<TextColumn<C>>,
    pub(super) cells: Vec<C>,
}

impl<C: Copy> TextInput<C> {
    pub(super) fn new(found: FoundColumn) -> Self {
        Self { found, column: None, cells: Vec::new() }
    }

    /// Drops the cells of earlier batches.
    pub(super) fn forget(&mut self) {
        self.column = None;
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, find: &mut impl Lookup<C>) -> Result<(), TableError> {
        self.column = Some(TextColumn::new(&self.found.name, self.found.array(batch), self.column.take(), find)?);
        Ok(())
    }

    pub(super) fn read(&mut self, rows: Range<usize>, find: &mut impl Lookup<C>) -> Result<(), TableError> {
        self.column.as_mut().map_or(Ok(()), |column| column.read(rows, find, &mut self.cells))
    }
}

/// The same for instants.
pub(super) struct InstantInput {
    found: FoundColumn,
    column: Option<InstantColumn>,
    times: Times,
    pub(super) cells: Vec<InstantCell>,
}

impl InstantInput {
    pub(super) fn new(named: &RequestedColumn, schema: &Schema, times: Times) -> Result<Self, TableError> {
        Ok(Self { found: named.instant(schema, &times)?, column: None, times, cells: Vec::new() })
    }

    pub(super) fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        self.column = Some(InstantColumn::new(&self.found.name, self.found.array(batch), self.column.take(), &self.times)?);
        Ok(())
    }

    pub(super) fn read(&mut self, rows: Range<usize>) -> Result<(), TableError> {
        self.column.as_mut().map_or(Ok(()), |column| column.read(rows, &self.times, &mut self.cells))
    }
}

/// Principals of the current batch.
pub(super) enum PrincipalInput {
    References(Box<TextInput<PrincipalCell>>),
    Ids(Box<IdInput>),
}

pub(super) struct IdInput {
    users: TextInput<PrincipalCell>,
    keys: TextInput<PrincipalCell>,
    cells: Vec<PrincipalCell>,
}

impl PrincipalInput {
    pub(super) fn new(named: &RequestedPrincipal, schema: &Schema) -> Result<Self, TableError> {
        if named.user.is_none() && named.api_key.is_none() {
            return Ok(Self::References(Box::new(TextInput::new(named.principal.text(schema)?))));
        }
        let found =
            |named: &Option<RequestedColumn>| named.clone().unwrap_or(RequestedColumn { column: None, is_optional: true }).text(schema);
        let [users, keys] = [TextInput::new(found(&named.user)?), TextInput::new(found(&named.api_key)?)];
        Ok(Self::Ids(Box::new(IdInput { users, keys, cells: Vec::new() })))
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, names: &impl UsageNames) -> Result<(), TableError> {
        match self {
            Self::References(references) => references.open(batch, &mut principals(names)),
            Self::Ids(ids) => {
                ids.users.open(batch, &mut users(names))?;
                ids.keys.open(batch, &mut api_keys(names))
            }
        }
    }

    /// Drops the cells of earlier batches.
    pub(super) fn forget(&mut self) {
        match self {
            Self::References(references) => references.forget(),
            Self::Ids(ids) => {
                ids.users.forget();
                ids.keys.forget();
            }
        }
    }

    /// A key takes precedence over a user.
    pub(super) fn read(&mut self, rows: Range<usize>, names: &impl UsageNames) -> Result<(), TableError> {
        match self {
            Self::References(references) => references.read(rows, &mut principals(names)),
            Self::Ids(ids) => {
                let IdInput { users: user_ids, keys, cells } = &mut **ids;
                user_ids.read(rows.clone(), &mut users(names))?;
                keys.read(rows, &mut api_keys(names))?;
                cells.clear();
                cells.extend(keys.cells.iter().zip(&user_ids.cells).map(|(key, user)| match (key.is_absent(), user.is_absent()) {
                    (false, _) => *key,
                    (true, false) => *user,
                    (true, true) => PrincipalCell::MISSING,
                }));
                Ok(())
            }
        }
    }

    pub(super) fn cells(&self) -> &[PrincipalCell] {
        match self {
            Self::References(references) => &references.cells,
            Self::Ids(ids) => &ids.cells,
        }
    }
}

/// The columns of usage, but for the instants.
pub(super) struct UsageInput {
    principal: PrincipalInput,
    kind: TextInput<KindCell>,
    surface: TextInput<SurfaceCell>,
    project: TextInput<ProjectCell>,
    resource: TextInput<ResourceCell>,
}

impl UsageInput {
    pub(super) fn new(requested: &RequestedUsage, schema: &Schema) -> Result<Self, TableError> {
        Ok(Self {
            principal: PrincipalInput::new(&requested.principal, schema)?,
            kind: TextInput::new(requested.kind.text(schema)?),
            surface: TextInput::new(requested.surface.text(schema)?),
            project: TextInput::new(requested.project.text(schema)?),
            resource: TextInput::new(requested.resource.text(schema)?),
        })
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, names: &impl UsageNames) -> Result<(), TableError> {
        self.principal.open(batch, names)?;
        self.kind.open(batch, &mut kinds(names))?;
        self.surface.open(batch, &mut surfaces(names))?;
        self.project.open(batch, &mut projects(names))?;
        self.resource.open(batch, &mut resources(names))
    }

    /// Drops the cells of earlier batches.
    pub(super) fn forget(&mut self) {
        self.principal.forget();
        self.kind.forget();
        self.surface.forget();
        self.project.forget();
        self.resource.forget();
    }

    pub(super) fn read(&mut self, rows: Range<usize>, names: &impl UsageNames) -> Result<(), TableError> {
        self.principal.read(rows.clone(), names)?;
        self.kind.read(rows.clone(), &mut kinds(names))?;
        self.surface.read(rows.clone(), &mut surfaces(names))?;
        self.project.read(rows.clone(), &mut projects(names))?;
        self.resource.read(rows, &mut resources(names))
    }

    /// The cells of the rows that were read, with their instants.
    pub(super) fn columns<'c>(&'c self, at: &'c InstantInput) -> UsageColumns<'c> {
        UsageColumns {
            principal: self.principal.cells(),
            kind: &self.kind.cells,
            surface: &self.surface.cells,
            project: &self.project.cells,
            resource: &self.resource.cells,
            at: &at.cells,
        }
    }
}

pub(super) fn principals(names: &impl UsageNames) -> impl Lookup<PrincipalCell> {
    LookupBy::new(|text: Option<&str>| names.principal_cell(text), PrincipalCell::NOT_TEXT)
}

fn users(names: &impl UsageNames) -> impl Lookup<PrincipalCell> {
    LookupBy::new(|text: Option<&str>| names.user_cell(text), PrincipalCell::NOT_TEXT)
}

fn api_keys(names: &impl UsageNames) -> impl Lookup<PrincipalCell> {
    LookupBy::new(|text: Option<&str>| names.api_key_cell(text), PrincipalCell::NOT_TEXT)
}

fn kinds(names: &impl UsageNames) -> impl Lookup<KindCell> {
    LookupBy::new(|text: Option<&str>| names.kind_cell(text), KindCell::NOT_TEXT)
}

pub(super) fn surfaces(names: &impl UsageNames) -> impl Lookup<SurfaceCell> {
    LookupBy::new(|text: Option<&str>| names.surface_cell(text), SurfaceCell::NOT_TEXT)
}

fn projects(names: &impl UsageNames) -> impl Lookup<ProjectCell> {
    LookupBy::new(|text: Option<&str>| names.project_cell(text), ProjectCell::NOT_TEXT)
}

fn resources(names: &impl UsageNames) -> impl Lookup<ResourceCell> {
    LookupBy::new(|text: Option<&str>| names.resource_cell(text), ResourceCell::NOT_TEXT)
}

pub(super) fn actions(directory: &Directory) -> impl Lookup<ActionCell> {
    LookupBy::new(|text: Option<&str>| directory.action_cell(text), ActionCell::NOT_TEXT)
}

pub(super) fn objects(directory: &Directory) -> impl Lookup<ObjectCell> {
    LookupBy::new(|text: Option<&str>| directory.object_cell(text), ObjectCell::NOT_TEXT)
}
