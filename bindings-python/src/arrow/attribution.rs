//! Attribution of whole tables.

use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::{DataType, Field, Schema};
use bailiwick::columns::{AttributionColumns, KindCell, ProjectCell, ResourceCell, SurfaceCell, UsageColumns};
use bailiwick::{Certainty, Directory, Remedy, UsageCaveat};

use super::fault::Fault;
use super::focus::{Focus, FocusVersion};
use super::input::{Named, PrincipalNamed, Reading, ReadingInstants, ReadingPrincipals, kinds, projects, resources, surfaces};
use super::instant::Times;
use super::output::{Encoding, FixedWords, Vocabulary, booleans};
use super::reader::Sheet;

/// The columns of usage as a call names them.
#[derive(Debug)]
pub(crate) struct UsageNamed {
    pub(crate) principal: PrincipalNamed,
    pub(crate) kind: Named,
    pub(crate) surface: Named,
    pub(crate) project: Named,
    pub(crate) resource: Named,
    pub(crate) at: Named,
}

/// How the columns of answers are called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    Bailiwick,
    Focus(FocusVersion),
}

pub(crate) struct AttributionSheet {
    directory: Arc<Directory>,
    principal: ReadingPrincipals,
    kind: Reading<KindCell>,
    surface: Reading<SurfaceCell>,
    project: Reading<ProjectCell>,
    resource: Reading<ResourceCell>,
    at: ReadingInstants,
    focus: Option<Focus>,
    answers: AttributionColumns,
    encoding: Encoding,
    organizations: Vocabulary,
    projects: Vocabulary,
    api_keys: Vocabulary,
    reasons: FixedWords,
    certainties: FixedWords,
    remedies: FixedWords,
    caveats: FixedWords,
    /// The place of the certainty of each reason.
    certainty_of: Vec<Option<i8>>,
}

/// A sheet for a table with this schema.
pub(crate) fn attribute(
    directory: Arc<Directory>,
    schema: &Schema,
    named: &UsageNamed,
    naming: Naming,
    encoding: Encoding,
    times: Times,
) -> Result<AttributionSheet, Fault> {
    let place = |of: Certainty| Certainty::ALL.iter().position(|other| *other == of).and_then(|place| i8::try_from(place).ok());
    let certainty_of = (0..=u8::MAX).map(|reason| AttributionColumns::certainty(reason).and_then(place)).collect();
    Ok(AttributionSheet {
        principal: ReadingPrincipals::new(&named.principal, schema)?,
        kind: Reading::new(named.kind.text(schema)?),
        surface: Reading::new(named.surface.text(schema)?),
        project: Reading::new(named.project.text(schema)?),
        resource: Reading::new(named.resource.text(schema)?),
        at: ReadingInstants::new(&named.at, schema, times)?,
        focus: match naming {
            Naming::Bailiwick => None,
            Naming::Focus(version) => Some(Focus::new(version, named, schema, &directory)?),
        },
        answers: AttributionColumns::new(&directory),
        directory,
        encoding,
        organizations: Vocabulary::default(),
        projects: Vocabulary::default(),
        api_keys: Vocabulary::default(),
        reasons: FixedWords::new(AttributionColumns::reasons()),
        certainties: FixedWords::new(Certainty::ALL.iter().map(|certainty| certainty.as_str())),
        remedies: FixedWords::new(Remedy::ALL.iter().map(|remedy| remedy.as_str())),
        caveats: FixedWords::new(UsageCaveat::ALL.iter().map(|caveat| caveat.as_str())),
        certainty_of,
    })
}

impl Sheet for AttributionSheet {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.encoding;
        match &self.focus {
            Some(focus) => focus.fields(encoding),
            None => vec![
                encoding.ids("organization", true),
                encoding.ids("project", true),
                encoding.ids("intended_organization", true),
                encoding.ids("intended_project", true),
                Field::new("matches_intended", DataType::Boolean, false),
                encoding.words("certainty", true),
                encoding.words("reason", false),
                encoding.ids("api_key", true),
                encoding.sets("remedies"),
                encoding.sets("caveats"),
            ],
        }
    }

    fn reasons(&self) -> (Vec<&'static str>, usize) {
        (AttributionColumns::reasons().collect(), AttributionColumns::RULES)
    }

    fn open(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let directory = &*self.directory;
        self.principal.open(batch, directory)?;
        self.kind.open(batch, &mut kinds(directory))?;
        self.surface.open(batch, &mut surfaces(directory))?;
        self.project.open(batch, &mut projects(directory))?;
        self.resource.open(batch, &mut resources(directory))?;
        self.at.open(batch)?;
        if let Some(focus) = &mut self.focus {
            focus.open(batch, directory, self.encoding)?;
        }
        Ok(())
    }

    fn begin(&mut self, rows: usize) {
        // One dictionary for all rows needs all words.
        if self.encoding != Encoding::Dictionary {
            self.answers.bound_words();
        }
        self.answers.clear();
        self.answers.reserve(rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), Fault> {
        let directory = &*self.directory;
        self.principal.read(rows.clone(), directory)?;
        self.kind.read(rows.clone(), &mut kinds(directory))?;
        self.surface.read(rows.clone(), &mut surfaces(directory))?;
        self.project.read(rows.clone(), &mut projects(directory))?;
        self.resource.read(rows.clone(), &mut resources(directory))?;
        self.at.read(rows)?;
        let usage = UsageColumns {
            principal: self.principal.cells(),
            kind: &self.kind.cells,
            surface: &self.surface.cells,
            project: &self.project.cells,
            resource: &self.resource.cells,
            at: &self.at.cells,
        };
        self.answers.attribute(directory, &usage);
        Ok(())
    }

    fn reasons_told(&self) -> &[u8] {
        &self.answers.reason
    }

    fn columns(&mut self, rows: Range<usize>) -> Result<Vec<ArrayRef>, Fault> {
        match self.focus.take() {
            None => Ok(self.own_columns()),
            Some(mut focus) => {
                let columns = focus.columns(rows, self);
                self.focus = Some(focus);
                columns
            }
        }
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        match self.focus.take() {
            None => self.own_words(),
            Some(mut focus) => {
                let words = focus.words(self.places_words());
                self.focus = Some(focus);
                words
            }
        }
    }
}

impl AttributionSheet {
    fn own_words(&mut self) -> Vec<Arc<StringArray>> {
        let [organizations, projects] = self.places_words();
        let api_keys = self.api_keys.of(&self.answers.api_keys);
        vec![organizations.clone(), projects.clone(), organizations, projects, api_keys]
    }

    /// The words of the columns of organizations, and of those of projects.
    pub(super) fn places_words(&mut self) -> [Arc<StringArray>; 2] {
        [self.organizations.of(&self.answers.organizations), self.projects.of(&self.answers.projects)]
    }

    fn own_columns(&mut self) -> Vec<ArrayRef> {
        let encoding = self.encoding;
        let matches_intended = booleans(&take(&mut self.answers.matches_intended));
        vec![
            self.organizations(),
            self.projects(),
            self.intended_organizations(),
            self.intended_projects(),
            matches_intended,
            self.certainties(),
            self.reasons(),
            self.api_keys.column(take(&mut self.answers.api_key), &self.answers.api_keys, encoding),
            self.remedies.sets(&self.answers.remedies, encoding),
            self.caveats.sets(&self.answers.caveats, encoding),
        ]
    }

    pub(super) fn organizations(&mut self) -> ArrayRef {
        self.organizations.column(take(&mut self.answers.organization), &self.answers.organizations, self.encoding)
    }

    pub(super) fn projects(&mut self) -> ArrayRef {
        self.projects.column(take(&mut self.answers.project), &self.answers.projects, self.encoding)
    }

    pub(super) fn intended_organizations(&mut self) -> ArrayRef {
        self.organizations.column(take(&mut self.answers.intended_organization), &self.answers.organizations, self.encoding)
    }

    pub(super) fn intended_projects(&mut self) -> ArrayRef {
        self.projects.column(take(&mut self.answers.intended_project), &self.answers.projects, self.encoding)
    }

    pub(super) fn reasons(&self) -> ArrayRef {
        self.reasons.of(&self.answers.reason, self.encoding)
    }

    pub(super) fn certainties(&self) -> ArrayRef {
        let reasons = &self.answers.reason;
        let of = |reason: u8| self.certainty_of.get(usize::from(reason)).copied().flatten();
        let is_there = |row: usize| reasons.get(row).is_some_and(|reason| usize::from(*reason) < AttributionColumns::RULES);
        let places = reasons.iter().map(|reason| of(*reason).unwrap_or(0)).collect();
        self.certainties.column(places, Some(BooleanBuffer::collect_bool(reasons.len(), is_there)), self.encoding)
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn answers(&mut self) -> &mut AttributionColumns {
        &mut self.answers
    }
}
