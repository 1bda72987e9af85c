//! Columns of display names beside columns of ids: each id has one name.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use bailiwick::Directory;
use bailiwick::columns::{Dictionary, Known, NONE};

use super::output::{Encoding, Vocabulary};

/// The display names of the ids in a dictionary.
pub(super) struct NameColumn {
    /// The number of the name of each id, as far as they have been looked up.
    numbers: Vec<u32>,
    /// How often the ids have been cleared.
    cleared: u32,
    words: Dictionary,
    vocabulary: Vocabulary,
}

impl NameColumn {
    pub(super) fn new(directory: &Directory) -> Self {
        Self { numbers: Vec::new(), cleared: 0, words: Dictionary::new(directory), vocabulary: Vocabulary::default() }
    }

    /// The names of ids by their numbers.
    pub(super) fn column<'n>(
        &mut self,
        ids: &[u32],
        dictionary: &Dictionary,
        known: impl Fn(&str) -> Option<Known<'n>>,
        encoding: Encoding,
    ) -> ArrayRef {
        let Self { numbers, cleared, words, vocabulary } = self;
        let (version, _) = dictionary.version();
        if std::mem::replace(cleared, version) != version {
            numbers.clear();
            words.clear();
        }
        if numbers.len() < dictionary.len() {
            let names = dictionary.iter().skip(numbers.len()).map(|id| known(id).and_then(|known| known.name));
            let new: Vec<u32> = names.map(|name| name.map_or(NONE, |name| words.intern(name))).collect();
            numbers.extend(new);
        }
        vocabulary.column(ids.iter().map(|id| numbers.get(*id as usize).copied().unwrap_or(NONE)).collect(), words, encoding)
    }

    pub(super) fn words(&mut self) -> Arc<StringArray> {
        self.vocabulary.of(&self.words)
    }
}
