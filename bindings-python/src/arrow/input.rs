//! The columns of a table that a call names.

use std::ops::Range;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use bailiwick::Directory;
use bailiwick::columns::{ActionCell, InstantCell, KindCell, ObjectCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};

use super::fault::Fault;
use super::instant::{InstantColumn, Times, is_instant, is_local};
use super::text::{Find, TextColumn, is_text};

/// A column as a call names it.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) column: Option<String>,
    /// Whether the table may lack it: a column that nobody has named, and that has a meaning when it is absent.
    pub(crate) may_lack: bool,
}

/// Where a column stands in the table.
#[derive(Clone, Debug)]
pub(super) struct Place {
    name: String,
    index: Option<usize>,
}

impl Named {
    fn place(&self, schema: &Schema, check: impl Fn(&str, &DataType) -> Result<(), Fault>) -> Result<Place, Fault> {
        let Some(name) = &self.column else { return Ok(Place { name: String::new(), index: None }) };
        let mut found = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(Fault::doubled_column(name, "the table has more than one column"));
        }
        match first {
            Some((index, field)) => check(name, field.data_type()).map(|()| Place { name: name.clone(), index: Some(index) }),
            None if self.may_lack => Ok(Place { name: name.clone(), index: None }),
            None => Err(Fault::missing_column(name)),
        }
    }

    pub(super) fn text(&self, schema: &Schema) -> Result<Place, Fault> {
        self.place(
            schema,
            |name, found| {
                if is_text(found) { Ok(()) } else { Err(Fault::column_type(name, "text, plain or with a dictionary", found)) }
            },
        )
    }

    pub(super) fn instant(&self, schema: &Schema, times: &Times) -> Result<Place, Fault> {
        self.place(schema, |name, found| {
            if !is_instant(found) {
                return Err(Fault::column_type(name, "timestamps, dates, numbers (integers, float64, decimals) or text", found));
            }
            if is_local(found) && times.zone.is_none() { Err(Fault::no_zone(name, found)) } else { Ok(()) }
        })
    }
}

impl Place {
    fn array<'b>(&self, batch: &'b RecordBatch) -> Option<&'b ArrayRef> {
        self.index.and_then(|index| batch.columns().get(index))
    }
}

/// Finds the cells of texts by a function.
pub(super) struct By<F, C> {
    find: F,
    not_text: C,
}

impl<C: Copy, F: FnMut(Option<&str>) -> C> Find<C> for By<F, C> {
    #[inline]
    fn find(&mut self, text: Option<&str>) -> C {
        (self.find)(text)
    }

    fn not_text(&self) -> C {
        self.not_text
    }
}

impl<C: Copy, F: FnMut(Option<&str>) -> C> By<F, C> {
    pub(super) fn new(find: F, not_text: C) -> Self {
        Self { find, not_text }
    }
}

/// A column of text of the present batch, and the cells of the present rows.
pub(super) struct Reading<C> {
    place: Place,
    column: Option<TextColumn<C>>,
    pub(super) cells: Vec<C>,
}

impl<C: Copy> Reading<C> {
    pub(super) fn new(place: Place) -> Self {
        Self { place, column: None, cells: Vec::new() }
    }

    /// Forgets what was found before.
    pub(super) fn forget(&mut self) {
        self.column = None;
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, find: &mut impl Find<C>) -> Result<(), Fault> {
        self.column = Some(TextColumn::new(&self.place.name, self.place.array(batch), self.column.take(), find)?);
        Ok(())
    }

    pub(super) fn read(&mut self, rows: Range<usize>, find: &mut impl Find<C>) -> Result<(), Fault> {
        self.column.as_mut().map_or(Ok(()), |column| column.read(rows, find, &mut self.cells))
    }
}

/// The same for instants.
pub(super) struct ReadingInstants {
    place: Place,
    column: Option<InstantColumn>,
    times: Times,
    pub(super) cells: Vec<InstantCell>,
}

impl ReadingInstants {
    pub(super) fn new(named: &Named, schema: &Schema, times: Times) -> Result<Self, Fault> {
        Ok(Self { place: named.instant(schema, &times)?, column: None, times, cells: Vec::new() })
    }

    pub(super) fn open(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        self.column = Some(InstantColumn::new(&self.place.name, self.place.array(batch), self.column.take(), &self.times)?);
        Ok(())
    }

    pub(super) fn read(&mut self, rows: Range<usize>) -> Result<(), Fault> {
        self.column.as_mut().map_or(Ok(()), |column| column.read(rows, &self.times, &mut self.cells))
    }
}

/// The columns that name principals: one of references, or one of users' ids and one of API keys' ids.
#[derive(Clone, Debug)]
pub(crate) struct PrincipalNamed {
    pub(crate) principal: Named,
    pub(crate) user: Option<Named>,
    pub(crate) api_key: Option<Named>,
}

/// The same of the present batch.
pub(super) enum ReadingPrincipals {
    References(Box<Reading<PrincipalCell>>),
    Ids(Box<ReadingIds>),
}

pub(super) struct ReadingIds {
    users: Reading<PrincipalCell>,
    keys: Reading<PrincipalCell>,
    cells: Vec<PrincipalCell>,
}

impl ReadingPrincipals {
    pub(super) fn new(named: &PrincipalNamed, schema: &Schema) -> Result<Self, Fault> {
        if named.user.is_none() && named.api_key.is_none() {
            return Ok(Self::References(Box::new(Reading::new(named.principal.text(schema)?))));
        }
        let place = |named: &Option<Named>| named.clone().unwrap_or(Named { column: None, may_lack: true }).text(schema);
        let [users, keys] = [Reading::new(place(&named.user)?), Reading::new(place(&named.api_key)?)];
        Ok(Self::Ids(Box::new(ReadingIds { users, keys, cells: Vec::new() })))
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, directory: &Directory) -> Result<(), Fault> {
        match self {
            Self::References(references) => references.open(batch, &mut principals(directory)),
            Self::Ids(ids) => {
                ids.users.open(batch, &mut users(directory))?;
                ids.keys.open(batch, &mut api_keys(directory))
            }
        }
    }

    /// A key counts where there is one.
    pub(super) fn read(&mut self, rows: Range<usize>, directory: &Directory) -> Result<(), Fault> {
        match self {
            Self::References(references) => references.read(rows, &mut principals(directory)),
            Self::Ids(ids) => {
                let ReadingIds { users: user_ids, keys, cells } = &mut **ids;
                user_ids.read(rows.clone(), &mut users(directory))?;
                keys.read(rows, &mut api_keys(directory))?;
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

pub(super) fn principals(directory: &Directory) -> impl Find<PrincipalCell> {
    By::new(|text: Option<&str>| directory.principal_cell(text), PrincipalCell::NOT_TEXT)
}

fn users(directory: &Directory) -> impl Find<PrincipalCell> {
    By::new(|text: Option<&str>| directory.user_cell(text), PrincipalCell::NOT_TEXT)
}

fn api_keys(directory: &Directory) -> impl Find<PrincipalCell> {
    By::new(|text: Option<&str>| directory.api_key_cell(text), PrincipalCell::NOT_TEXT)
}

pub(super) fn kinds(directory: &Directory) -> impl Find<KindCell> {
    By::new(|text: Option<&str>| directory.kind_cell(text), KindCell::NOT_TEXT)
}

pub(super) fn surfaces(directory: &Directory) -> impl Find<SurfaceCell> {
    By::new(|text: Option<&str>| directory.surface_cell(text), SurfaceCell::NOT_TEXT)
}

pub(super) fn projects(directory: &Directory) -> impl Find<ProjectCell> {
    By::new(|text: Option<&str>| directory.project_cell(text), ProjectCell::NOT_TEXT)
}

pub(super) fn resources(directory: &Directory) -> impl Find<ResourceCell> {
    By::new(|text: Option<&str>| directory.resource_cell(text), ResourceCell::NOT_TEXT)
}

pub(super) fn actions(directory: &Directory) -> impl Find<ActionCell> {
    By::new(|text: Option<&str>| directory.action_cell(text), ActionCell::NOT_TEXT)
}

pub(super) fn objects(directory: &Directory) -> impl Find<ObjectCell> {
    By::new(|text: Option<&str>| directory.object_cell(text), ObjectCell::NOT_TEXT)
}
