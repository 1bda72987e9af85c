//! The columns of answers by FOCUS, the FinOps Open Cost and Usage Specification.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use bailiwick::columns::{Dictionary, NONE, UsageNames};
use bailiwick::{Directory, Reference};

use super::attribution_answers::AttributionAnswers;
use super::column_names::{RequestedColumn, RequestedPrincipal, RequestedUsage};
use super::error::TableError;
use super::input::{LookupBy, TextInput};
use super::output::{Encoding, Vocabulary, repeated};
use super::text::Lookup;

/// Which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FocusVersion {
    V1_4,
    /// A draft, which adds the principal and its credential.
    V1_5Draft,
}

/// The value of columns that are never null, where no account is known.
const UNATTRIBUTED: &str = "unattributed";

/// The columns that repeat part of an input column. Only names that the directory knows are repeated: anything else could be a secret.
pub(super) struct Focus {
    resources: [FocusColumn; 2],
    /// The principal and its credential, in versions that have them.
    principals: Option<[FocusColumn; 2]>,
}

impl Focus {
    pub(super) fn new(version: FocusVersion, named: &RequestedUsage, schema: &Schema, directory: &Directory) -> Result<Self, TableError> {
        let resource = |of: Extract| Ok(FocusColumn::new(directory, vec![(TextInput::new(named.resource.text(schema)?), of)]));
        let principals = match version {
            FocusVersion::V1_4 => None,
            FocusVersion::V1_5Draft => Some(Self::principals(&named.principal, schema, directory)?),
        };
        Ok(Self { resources: [resource(resource_id)?, resource(resource_type)?], principals })
    }

    fn principals(named: &RequestedPrincipal, schema: &Schema, directory: &Directory) -> Result<[FocusColumn; 2], TableError> {
        let reading = |named: &RequestedColumn| Ok(TextInput::new(named.text(schema)?));
        let RequestedPrincipal { principal, user, api_key } = named;
        if user.is_none() && api_key.is_none() {
            return Ok([
                FocusColumn::new(directory, vec![(reading(principal)?, principal_id as Extract)]),
                FocusColumn::new(directory, vec![(reading(principal)?, credential_id as Extract)]),
            ]);
        }
        // A key takes precedence over a user.
        let mut either = Vec::new();
        let mut keys = Vec::new();
        if let Some(named) = api_key {
            either.push((reading(named)?, api_key_id as Extract));
            keys.push((reading(named)?, api_key_id as Extract));
        }
        if let Some(named) = user {
            either.push((reading(named)?, user_id as Extract));
        }
        Ok([FocusColumn::new(directory, either), FocusColumn::new(directory, keys)])
    }

    pub(super) fn fields(&self, encoding: Encoding) -> Vec<Field> {
        let mut fields = vec![
            encoding.ids("BillingAccountId", false),
            encoding.ids("SubAccountId", false),
            encoding.ids("ResourceId", true),
            encoding.ids("ResourceType", true),
        ];
        if self.principals.is_some() {
            fields.extend([encoding.ids("PrincipalId", true), encoding.ids("CredentialId", true)]);
        }
        fields.extend([
            encoding.ids("x_IntendedOrganization", true),
            encoding.ids("x_IntendedProject", true),
            Field::new("x_MatchesIntended", DataType::Boolean, false),
            encoding.words("x_Certainty", true),
            encoding.words("x_Reason", false),
            Field::new("x_Revision", DataType::UInt64, false),
        ]);
        fields
    }

    fn input_columns(&mut self) -> impl Iterator<Item = &mut FocusColumn> {
        self.resources.iter_mut().chain(self.principals.iter_mut().flatten())
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, directory: &Directory, encoding: Encoding) -> Result<(), TableError> {
        self.input_columns().try_for_each(|column| column.open(batch, directory, encoding))
    }

    /// The words of the columns of ids, in their order.
    pub(super) fn words(&mut self, [organizations, projects]: [Arc<StringArray>; 2]) -> Vec<Arc<StringArray>> {
        let mut words = vec![organizations.clone(), projects.clone()];
        words.extend(self.input_columns().map(|column| column.vocabulary.of(&column.words)));
        words.extend([organizations, projects]);
        words
    }

    /// The columns for rows that have been answered.
    pub(super) fn columns(&mut self, rows: Range<usize>, answers: &mut AttributionAnswers) -> Result<Vec<ArrayRef>, TableError> {
        let count = rows.len();
        fill(&mut answers.rows.organization, &mut answers.rows.organizations);
        fill(&mut answers.rows.project, &mut answers.rows.projects);
        let mut columns = vec![answers.organizations(), answers.projects()];
        for column in self.input_columns() {
            columns.push(column.column(rows.clone(), answers.directory(), answers.encoding())?);
        }
        columns.extend([
            answers.intended_organizations(),
            answers.intended_projects(),
            answers.matches_intended(),
            answers.certainties(),
            answers.reasons(),
            repeated(answers.directory().revision(), count),
        ]);
        Ok(columns)
    }
}

/// Fills in `unattributed` where no account is known.
fn fill(numbers: &mut [u32], words: &mut Dictionary) {
    if numbers.contains(&NONE) {
        let unattributed = words.intern(UNATTRIBUTED);
        for number in numbers.iter_mut().filter(|number| **number == NONE) {
            *number = unattributed;
        }
    }
}

/// Extracts a part of a text, if the directory knows what the text names.
type Extract = for<'t> fn(&Directory, &'t str) -> Option<&'t str>;

/// The type and the id in a reference, if it names something.
fn named(text: &str, is_found: bool) -> Option<(&str, &str)> {
    Reference::split(text).filter(|_| is_found).map(Reference::parts)
}

fn resource_id<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    named(text, directory.resource_cell(Some(text)).is_found()).map(|(_, id)| id)
}

fn resource_type<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    named(text, directory.resource_cell(Some(text)).is_found()).map(|(type_name, _)| type_name)
}

fn principal_id<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    named(text, directory.principal_cell(Some(text)).is_found()).map(|(_, id)| id)
}

fn credential_id<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    text.strip_prefix("api_key:").filter(|id| directory.api_key_cell(Some(id)).is_found())
}

fn user_id<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    Some(text).filter(|id| directory.user_cell(Some(id)).is_found())
}

fn api_key_id<'t>(directory: &Directory, text: &'t str) -> Option<&'t str> {
    Some(text).filter(|id| directory.api_key_cell(Some(id)).is_found())
}

/// One column of answers: the first value that is found among some input columns.
struct FocusColumn {
    columns: Vec<(TextInput<Option<u32>>, Extract)>,
    words: Dictionary,
    vocabulary: Vocabulary,
    /// How many rows the current batch has.
    rows: usize,
}

impl FocusColumn {
    fn new(directory: &Directory, columns: Vec<(TextInput<Option<u32>>, Extract)>) -> Self {
        Self { columns, words: Dictionary::new(directory), vocabulary: Vocabulary::default(), rows: 0 }
    }

    fn open(&mut self, batch: &RecordBatch, directory: &Directory, encoding: Encoding) -> Result<(), TableError> {
        let Self { columns, words, rows, .. } = self;
        // As for the answers, words never take more memory than rows do. Cells are numbers of words, so they are dropped with them.
        if encoding != Encoding::Dictionary && words.len() > *rows {
            words.clear();
            columns.iter_mut().for_each(|(reading, _)| reading.forget());
        }
        *rows = batch.num_rows();
        for (reading, of) in columns {
            reading.open(batch, &mut numbers(directory, words, *of))?;
        }
        Ok(())
    }

    fn column(&mut self, rows: Range<usize>, directory: &Directory, encoding: Encoding) -> Result<ArrayRef, TableError> {
        let Self { columns, words, vocabulary, .. } = self;
        let mut found = vec![None; rows.len()];
        for (reading, of) in columns {
            reading.read(rows.clone(), &mut numbers(directory, words, *of))?;
            for (found, number) in found.iter_mut().zip(&reading.cells) {
                *found = found.or(*number);
            }
        }
        Ok(vocabulary.column(found.into_iter().map(|number| number.unwrap_or(NONE)).collect(), words, encoding))
    }
}

/// The number of the extracted word; [`NONE`] for what is unknown.
fn numbers(directory: &Directory, words: &mut Dictionary, of: Extract) -> impl Lookup<Option<u32>> {
    let find = move |text: Option<&str>| text.map(|text| of(directory, text).map_or(NONE, |part| words.intern(part)));
    LookupBy::new(find, Some(NONE))
}
