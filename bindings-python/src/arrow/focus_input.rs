//! Columns of answers that repeat parts of an input column, or the display name of what it names. Only what is known is repeated: anything else could be
//! a secret.

use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::Schema;
use bailiwick::columns::{Dictionary, KnownNames, NONE};
use bailiwick::{Directory, Reference};

use super::column_names::RequestedColumn;
use super::error::TableError;
use super::input::{LookupBy, TextInput};
use super::output::{Encoding, Vocabulary};
use super::text::Lookup;

/// The most columns of answers that one input column leads to.
const MOST: usize = 3;

/// What is written for a text in each column of answers; `None` if it is not known what the text names.
pub(super) type Extract = for<'t> fn(&'t dyn KnownNames, &'t str) -> Option<[Option<&'t str>; MOST]>;

/// `ResourceId`, `ResourceName` and `ResourceType` of a reference.
pub(super) fn of_resource<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<[Option<&'t str>; MOST]> {
    let reference = Reference::split(text)?;
    let (type_name, id) = reference.parts();
    Some([Some(id), names.known_resource(reference)?.name, Some(type_name)])
}

/// `PrincipalId` and `CredentialId` of a reference.
pub(super) fn of_principal<'t>(names: &'t dyn KnownNames, text: &'t str) -> Option<[Option<&'t str>; MOST]> {
    let reference = Reference::split(text)?;
    names.known_principal(reference)?;
    let (type_name, id) = reference.parts();
    Some([Some(id), Some(id).filter(|_| type_name == "api_key"), None])
}

/// The same of a user.
pub(super) fn of_user<'t>(names: &'t dyn KnownNames, id: &'t str) -> Option<[Option<&'t str>; MOST]> {
    names.known_user(id).map(|_| [Some(id), None, None])
}

/// The same of an API key.
pub(super) fn of_api_key<'t>(names: &'t dyn KnownNames, id: &'t str) -> Option<[Option<&'t str>; MOST]> {
    names.known_api_key(id).map(|_| [Some(id), Some(id), None])
}

/// Some columns of answers: what follows from the first value among some input columns.
pub(super) struct FocusInput {
    sources: Vec<Source>,
    outputs: Vec<Output>,
    /// How many rows there were last.
    rows: usize,
}

/// An input column.
struct Source {
    input: TextInput<Option<u32>>,
    of: Extract,
    /// The texts that are known.
    texts: Dictionary,
    /// The numbers of the words of each text in the columns of answers.
    parts: Vec<[u32; MOST]>,
}

/// A column of answers.
struct Output {
    name: &'static str,
    words: Dictionary,
    vocabulary: Vocabulary,
    /// The words of the rows that have been read since the last column.
    numbers: Vec<u32>,
}

impl FocusInput {
    /// Columns of these names. Of the input columns, the first that is not null counts.
    pub(super) fn new(
        names: &[&'static str],
        schema: &Schema,
        directory: &Directory,
        columns: &[(&RequestedColumn, Extract)],
    ) -> Result<Self, TableError> {
        let source = |(named, of): &(&RequestedColumn, Extract)| {
            Ok(Source { input: TextInput::new(named.text(schema)?), of: *of, texts: Dictionary::new(directory), parts: Vec::new() })
        };
        let output = |name: &&'static str| Output {
            name,
            words: Dictionary::new(directory),
            vocabulary: Vocabulary::default(),
            numbers: Vec::new(),
        };
        Ok(Self { sources: columns.iter().map(source).collect::<Result<_, _>>()?, outputs: names.iter().map(output).collect(), rows: 0 })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.outputs.iter().map(|output| output.name)
    }

    pub(super) fn open(&mut self, batch: &RecordBatch, names: &dyn KnownNames, encoding: Encoding) -> Result<(), TableError> {
        // As for the answers, words never take more memory than rows do. Nothing is dropped that rows which are not written yet need.
        let is_written = self.outputs.iter().all(|output| output.numbers.is_empty());
        if encoding != Encoding::Dictionary && is_written && self.sources.iter().any(|source| source.texts.len() > self.rows) {
            self.outputs.iter_mut().for_each(|output| output.words.clear());
            self.sources.iter_mut().for_each(Source::forget);
        }
        let Self { sources, outputs, .. } = self;
        sources.iter_mut().try_for_each(|source| {
            let Source { input, of, texts, parts } = source;
            input.open(batch, &mut numbered(names, *of, texts, parts, outputs))
        })
    }

    pub(super) fn read(&mut self, rows: &Range<usize>, names: &dyn KnownNames) -> Result<(), TableError> {
        let Self { sources, outputs, .. } = self;
        let start = outputs.first().map_or(0, |output| output.numbers.len());
        outputs.iter_mut().for_each(|output| output.numbers.resize(start.saturating_add(rows.len()), NONE));
        // The first column takes precedence, so it is written last.
        for Source { input, of, texts, parts } in sources.iter_mut().rev() {
            input.read(rows.clone(), &mut numbered(names, *of, texts, parts, outputs))?;
            for (place, output) in outputs.iter_mut().enumerate() {
                let part = |number: u32| parts.get(number as usize).and_then(|parts| parts.get(place)).copied().unwrap_or(NONE);
                for (found, cell) in output.numbers.iter_mut().skip(start).zip(&input.cells) {
                    *found = cell.map_or(*found, part);
                }
            }
        }
        Ok(())
    }

    /// The columns of the rows that have been read.
    pub(super) fn columns(&mut self, encoding: Encoding) -> impl Iterator<Item = ArrayRef> {
        let Self { outputs, rows, .. } = self;
        *rows = outputs.first().map_or(0, |output| output.numbers.len());
        outputs.iter_mut().map(move |Output { words, vocabulary, numbers, .. }| vocabulary.column(take(numbers), words, encoding))
    }

    /// The words of each column.
    pub(super) fn words(&mut self) -> impl Iterator<Item = Arc<StringArray>> {
        self.outputs.iter_mut().map(|output| output.vocabulary.of(&output.words))
    }
}

impl Source {
    /// Forgets all texts. Cells are their numbers, so they go as well.
    fn forget(&mut self) {
        self.texts.clear();
        self.parts.clear();
        self.input.forget();
    }
}

/// The number of a text that is known; [`NONE`] for any other, and nothing for null.
fn numbered(
    names: &dyn KnownNames,
    of: Extract,
    texts: &mut Dictionary,
    parts: &mut Vec<[u32; MOST]>,
    outputs: &mut [Output],
) -> impl Lookup<Option<u32>> {
    let mut number = move |text: &str| {
        let Some(found) = of(names, text) else { return NONE };
        let number = texts.intern(text);
        if number as usize >= parts.len() {
            let mut numbers = [NONE; MOST];
            for ((number, output), word) in numbers.iter_mut().zip(&mut *outputs).zip(found) {
                *number = word.map_or(NONE, |word| output.words.intern(word));
            }
            parts.push(numbers);
        }
        number
    };
    LookupBy::new(move |text: Option<&str>| text.map(&mut number), Some(NONE))
}
