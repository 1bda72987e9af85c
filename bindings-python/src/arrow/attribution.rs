//! Attribution of whole tables.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bailiwick::Directory;
use bailiwick::columns::{AttributionColumns, KindCell, ProjectCell, ResourceCell, SurfaceCell, UsageColumns};

use super::attribution_answers::AttributionAnswers;
use super::column_names::RequestedUsage;
use super::error::TableError;
use super::focus::{Focus, FocusVersion};
use super::input::{InstantInput, PrincipalInput, TextInput, kinds, projects, resources, surfaces};
use super::instant::Times;
use super::output::Encoding;
use super::reader::Evaluator;

/// Which names the columns of answers have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    Bailiwick,
    Focus(FocusVersion),
}

pub(crate) struct AttributionEvaluator {
    directory: Arc<Directory>,
    principal: PrincipalInput,
    kind: TextInput<KindCell>,
    surface: TextInput<SurfaceCell>,
    project: TextInput<ProjectCell>,
    resource: TextInput<ResourceCell>,
    at: InstantInput,
    focus: Option<Focus>,
    answers: AttributionAnswers,
}

/// An evaluator for a table with this schema.
pub(crate) fn attribute(
    directory: Arc<Directory>,
    schema: &Schema,
    requested: &RequestedUsage,
    naming: Naming,
    encoding: Encoding,
    times: Times,
) -> Result<AttributionEvaluator, TableError> {
    Ok(AttributionEvaluator {
        principal: PrincipalInput::new(&requested.principal, schema)?,
        kind: TextInput::new(requested.kind.text(schema)?),
        surface: TextInput::new(requested.surface.text(schema)?),
        project: TextInput::new(requested.project.text(schema)?),
        resource: TextInput::new(requested.resource.text(schema)?),
        at: InstantInput::new(&requested.at, schema, times)?,
        focus: match naming {
            Naming::Bailiwick => None,
            Naming::Focus(version) => Some(Focus::new(version, requested, schema, &directory)?),
        },
        answers: AttributionAnswers::new(Arc::clone(&directory), encoding),
        directory,
    })
}

impl Evaluator for AttributionEvaluator {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.answers.encoding();
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

    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        let directory = &*self.directory;
        self.principal.open(batch, directory)?;
        self.kind.open(batch, &mut kinds(directory))?;
        self.surface.open(batch, &mut surfaces(directory))?;
        self.project.open(batch, &mut projects(directory))?;
        self.resource.open(batch, &mut resources(directory))?;
        self.at.open(batch)?;
        if let Some(focus) = &mut self.focus {
            focus.open(batch, directory, self.answers.encoding())?;
        }
        Ok(())
    }

    fn begin(&mut self, rows: usize) {
        self.answers.begin(rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError> {
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
        self.answers.attribute(&usage);
        Ok(())
    }

    fn row_reasons(&self) -> &[u8] {
        &self.answers.rows.reason
    }

    fn columns(&mut self, rows: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
        let answers = &mut self.answers;
        if let Some(focus) = &mut self.focus {
            return focus.columns(rows, answers);
        }
        Ok(vec![
            answers.organizations(),
            answers.projects(),
            answers.intended_organizations(),
            answers.intended_projects(),
            answers.matches_intended(),
            answers.certainties(),
            answers.reasons(),
            answers.api_keys(),
            answers.remedies(),
            answers.caveats(),
        ])
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        let places = self.answers.places_words();
        if let Some(focus) = &mut self.focus {
            return focus.words(places);
        }
        let [organizations, projects] = places;
        vec![organizations.clone(), projects.clone(), organizations, projects, self.answers.api_key_words()]
    }
}
