//! Decisions on whole tables.

use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bailiwick::Freshness;
use bailiwick::columns::{AccessColumns, ActionCell, DecisionColumns, ObjectCell, SurfaceCell};
use bailiwick::{Caveat, Directory};

use super::column_names::RequestedQuestions;
use super::error::TableError;
use super::input::{InstantInput, PrincipalInput, TextInput, actions, objects, surfaces};
use super::instant::Times;
use super::output::{Encoding, FixedWords, Vocabulary, booleans};
use super::reader::Evaluator;

pub(crate) struct DecisionEvaluator {
    directory: Arc<Directory>,
    principal: PrincipalInput,
    action: TextInput<ActionCell>,
    resource: TextInput<ObjectCell>,
    surface: TextInput<SurfaceCell>,
    at: InstantInput,
    freshness: Freshness,
    answers: DecisionColumns,
    encoding: Encoding,
    roles: Vocabulary,
    organizations: Vocabulary,
    projects: Vocabulary,
    reasons: FixedWords,
    caveats: FixedWords,
}

/// An evaluator for a table with this schema.
pub(crate) fn check(
    directory: Arc<Directory>,
    schema: &Schema,
    named: &RequestedQuestions,
    freshness: Freshness,
    encoding: Encoding,
    times: Times,
) -> Result<DecisionEvaluator, TableError> {
    Ok(DecisionEvaluator {
        principal: PrincipalInput::new(&named.principal, schema)?,
        action: TextInput::new(named.action.text(schema)?),
        resource: TextInput::new(named.resource.text(schema)?),
        surface: TextInput::new(named.surface.text(schema)?),
        at: InstantInput::new(&named.at, schema, times)?,
        freshness,
        answers: DecisionColumns::new(&directory),
        directory,
        encoding,
        roles: Vocabulary::default(),
        organizations: Vocabulary::default(),
        projects: Vocabulary::default(),
        reasons: FixedWords::new(DecisionColumns::reasons()),
        caveats: FixedWords::new(Caveat::ALL.iter().map(|caveat| caveat.as_str())),
    })
}

impl Evaluator for DecisionEvaluator {
    fn fields(&self) -> Vec<Field> {
        let encoding = self.encoding;
        vec![
            Field::new("allowed", DataType::Boolean, false),
            encoding.words("reason", false),
            encoding.ids("role", true),
            encoding.ids("organization", true),
            encoding.ids("project", true),
            encoding.sets("caveats"),
        ]
    }

    fn reasons(&self) -> (Vec<&'static str>, usize) {
        (DecisionColumns::reasons().collect(), DecisionColumns::RULES)
    }

    fn open(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        let directory = &*self.directory;
        self.principal.open(batch, directory)?;
        self.action.open(batch, &mut actions(directory))?;
        self.resource.open(batch, &mut objects(directory))?;
        self.surface.open(batch, &mut surfaces(directory))?;
        self.at.open(batch)
    }

    fn begin(&mut self, rows: usize) {
        // One dictionary for all rows needs all words.
        if self.encoding != Encoding::Dictionary {
            self.answers.bound_dictionaries();
        }
        self.answers.clear();
        self.answers.reserve(rows);
    }

    fn answer(&mut self, rows: Range<usize>) -> Result<(), TableError> {
        let directory = &*self.directory;
        self.principal.read(rows.clone(), directory)?;
        self.action.read(rows.clone(), &mut actions(directory))?;
        self.resource.read(rows.clone(), &mut objects(directory))?;
        self.surface.read(rows.clone(), &mut surfaces(directory))?;
        self.at.read(rows)?;
        let questions = AccessColumns {
            principal: self.principal.cells(),
            action: &self.action.cells,
            resource: &self.resource.cells,
            surface: &self.surface.cells,
            at: &self.at.cells,
        };
        self.answers.decide(directory, &questions, self.freshness);
        Ok(())
    }

    fn row_reasons(&self) -> &[u8] {
        &self.answers.reason
    }

    fn columns(&mut self, _: Range<usize>) -> Result<Vec<ArrayRef>, TableError> {
        let Self { answers, encoding, .. } = self;
        let encoding = *encoding;
        Ok(vec![
            booleans(&answers.allowed),
            self.reasons.of(&answers.reason, encoding),
            self.roles.column(take(&mut answers.role), &answers.roles, encoding),
            self.organizations.column(take(&mut answers.organization), &answers.organizations, encoding),
            self.projects.column(take(&mut answers.project), &answers.projects, encoding),
            self.caveats.sets(&answers.caveats, encoding),
        ])
    }

    fn words(&mut self) -> Vec<Arc<StringArray>> {
        let Self { answers, roles, organizations, projects, .. } = self;
        vec![roles.of(&answers.roles), organizations.of(&answers.organizations), projects.of(&answers.projects)]
    }
}
