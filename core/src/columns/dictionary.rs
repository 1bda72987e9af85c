//! Dictionary: what the numbers in a column of answers stand for.

use crate::collections::hasher::Hasher;
use crate::collections::names::Names;
use crate::collections::table::indices;
use crate::directory::Directory;

indices! {
    /// A word, by the order of its first use.
    WordIndex;
}

/// The number that stands for no word.
pub const NONE: u32 = u32::MAX;

/// The words that answers have used so far, each once: a table of answers tells nothing of what it does not need.
#[derive(Debug)]
pub struct Dictionary {
    words: Names<WordIndex>,
    hasher: Hasher,
    count: u32,
    version: u32,
}

impl Dictionary {
    /// No words yet. They are found by the hash of the directory whose words they are: its key is a secret from those who chose them.
    #[must_use]
    pub fn new(directory: &Directory) -> Self {
        Self { words: Names::new(), hasher: directory.tables().hasher().clone(), count: 0, version: 0 }
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.words = Names::new();
        self.count = 0;
        self.version = self.version.wrapping_add(1);
    }

    /// What differs whenever the words do.
    #[must_use]
    pub fn version(&self) -> (u32, u32) {
        (self.version, self.count)
    }

    /// The words in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(_, word)| word)
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether no word was used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number of a word, which it gets when it is first used.
    pub fn intern(&mut self, word: &str) -> u32 {
        match self.words.intern(&self.hasher, word) {
            Ok((number, is_new)) => {
                self.count = self.count.saturating_add(is_new.into());
                number.into()
            }
            // INVARIANT: the directory, which has all of these words, has room for them.
            Err(_) => NONE,
        }
    }
}
