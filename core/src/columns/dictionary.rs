//! Dictionaries: the words that the indices in a column of answers stand for.

use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::indices;
use crate::directory::Directory;

indices! {
    /// A word, numbered in the order of first use.
    WordIndex;
}

/// The index that stands for no word.
pub const NONE: u32 = u32::MAX;

/// The words that answers have used so far, each once. A table of answers contains only words that its rows use.
#[derive(Debug)]
pub struct Dictionary {
    words: Names<WordIndex>,
    hasher: Hasher,
    count: u32,
    version: u32,
}

impl Dictionary {
    /// An empty dictionary. It uses the hash of the directory, whose key is unknown to those who chose the words.
    #[must_use]
    pub fn new(directory: &Directory) -> Self {
        Self { words: Names::new(), hasher: directory.tables().hasher().clone(), count: 0, version: 0 }
    }

    /// Removes all words.
    pub fn clear(&mut self) {
        self.words = Names::new();
        self.count = 0;
        self.version = self.version.wrapping_add(1);
    }

    /// Differs whenever the words differ.
    #[must_use]
    pub fn version(&self) -> (u32, u32) {
        (self.version, self.count)
    }

    /// The words in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(_, word)| word)
    }

    /// The number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The index of a word, which is added if it is new.
    pub fn intern(&mut self, word: &str) -> u32 {
        match self.words.intern(&self.hasher, word) {
            Ok((number, is_new)) => {
                self.count = self.count.saturating_add(is_new.into());
                number.into()
            }
            // INVARIANT: the directory contains all of these words, so their number fits.
            Err(_) => NONE,
        }
    }
}
