//! Columns of answers that repeat part of an input column, or the display name of what it names. Only what is known is repeated: anything else could be
//! a secret.

use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::Schema;
use bailiwick::columns::{Dictionary, Known, KnownNames, NONE};
use bailiwick::{Directory, Reference};

use super::column_names::RequestedColumn;
use super::error::TableError;
use super::input::{LookupBy, TextInput};
use super::output::{Encoding, Vocabulary};
use super::text::Lookup;

/// Extracts something from a text, if it is known what the text names.
pub(super) type Extract = for<'t> fn(&'t dyn KnownNames, &'t str) -> Option<&'t str>;

/// The type and the id in a reference that was found.
fn parts<'t>(text: &'t str, known: impl FnOnce(Reference<'t>) -> Option<Known<'t>>) -> Option<(&'t str, &'t str)> {
    let reference = Reference::split(text)?;
    known(reference).map(|_| reference.parts())
}

pub(super) fn resource_id<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<&'t str> {
    parts(text, |resource| names.known_resource(resource)).map(|(_, id)| id)
}

pub(super) fn resource_name<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<&'t str> {
    names.known_resource(Reference::split(text)?)?.name
}

pub(super) fn resource_type<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<&'t str> {
    parts(text, |resource| names.known_resource(resource)).map(|(type_name, _)| type_name)
}

pub(super) fn principal_id<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<&'t str> {
    parts(text, |principal| names.known_principal(principal)).map(|(_, id)| id)
}

pub(super) fn credential_id<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<&'t str> {
    text.strip_prefix("api_key:").and_then(|id| api_key_id(names, id))
}

pub(super) fn user_id<'t>(names: &'t dyn KnownNames, id: &'t str) -> Option<&'t str> {
    names.known_user(id).map(|_| id)
}

pub(super) fn api_key_id<'t>(names: &'t dyn KnownNames, id: &'t str) -> Option<&'t str> {
    names.known_api_key(id).map(|_| id)
}

/// One column of answers: the first value that is found among some input columns.
pub(super) struct FocusInput {
    columns: Vec<(TextInput<Option<u32>>, Extract)>,
    words: Dictionary,
    vocabulary: Vocabulary,
    /// The words of the rows that have been read since the last column.
    numbers: Vec<u32>,
    /// How many rows the last column had.
    rows: usize,
}

impl FocusInput {
    pub(super) fn new(schema: &Schema, directory: &Directory, columns: &[(&RequestedColumn, Extract)]) -> Result<Self, TableError> {
        let columns =
            columns.iter().map(|(named, of)| Ok((TextInput::new(named.text(schema)?), *of))).collect::<Result<_, TableError>>()?;
        Ok(Self { columns, words: Dictionary::new(directory), vocabulary: Vocabulary::default(), numbers: Vec::new(), rows: 0 })
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, names: &dyn KnownNames, encoding: Encoding) -> Result<(), TableError> {
        let Self { columns, words, numbers, rows, .. } = self;
        // As for the answers, words never take more memory than rows do. Cells are numbers of words, so they are dropped with them.
        if encoding != Encoding::Dictionary && numbers.is_empty() && words.len() > *rows {
            words.clear();
            columns.iter_mut().for_each(|(reading, _)| reading.forget());
        }
        columns.iter_mut().try_for_each(|(reading, of)| reading.open(batch, &mut numbered(names, words, *of)))
    }

    pub(super) fn read(&mut self, rows: Range<usize>, names: &dyn KnownNames) -> Result<(), TableError> {
        let Self { columns, words, numbers, .. } = self;
        let start = numbers.len();
        numbers.resize(start.saturating_add(rows.len()), NONE);
        // The first column takes precedence, so it is written last.
        for (reading, of) in columns.iter_mut().rev() {
            reading.read(rows.clone(), &mut numbered(names, words, *of))?;
            for (found, number) in numbers.iter_mut().skip(start).zip(&reading.cells) {
                *found = number.unwrap_or(*found);
            }
        }
        Ok(())
    }

    /// The words of the rows that have been read.
    pub(super) fn column(&mut self, encoding: Encoding) -> ArrayRef {
        let numbers = take(&mut self.numbers);
        self.rows = numbers.len();
        self.vocabulary.column(numbers, &self.words, encoding)
    }

    pub(super) fn words(&mut self) -> Arc<StringArray> {
        self.vocabulary.of(&self.words)
    }
}

/// The number of the extracted word; [`NONE`] for what is unknown, and nothing for null.
fn numbered(names: &dyn KnownNames, words: &mut Dictionary, of: Extract) -> impl Lookup<Option<u32>> {
    let find = move |text: Option<&str>| text.map(|text| of(names, text).map_or(NONE, |part| words.intern(part)));
    LookupBy::new(find, Some(NONE))
}
