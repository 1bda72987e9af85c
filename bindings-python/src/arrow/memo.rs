//! What texts a column has had lately: most columns repeat themselves, and one look at one cache line is sooner done than looking a name up.

/// Longer texts are looked up each time.
use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};
const LONGEST: usize = 48;
const WORDS: usize = 6;
const FEWEST: usize = 1 << 8;
const MOST: usize = 1 << 16;

/// A text, and the cell that was found for it. An empty place has a length that no text has.
#[derive(Clone, Copy, Debug)]
struct Entry<C> {
    words: [u64; WORDS],
    length: u8,
    cell: C,
}

/// Each text has two places, of which it takes the first and moves who was there to the second. The places double twice while many texts are new.
#[derive(Debug)]
pub(super) struct Memo<C> {
    entries: Vec<Entry<C>>,
    misses: usize,
    secrets: RapidSecrets,
}

impl<C: Copy> Memo<C> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), misses: 0, secrets: RapidSecrets::seed(std::hint::black_box(7)) }
    }

    /// The cell of a text, which `find` finds where it is not remembered.
    #[inline]
    pub(super) fn of(&mut self, text: &str, mut find: impl FnMut(&str) -> C) -> C {
        let Some(key) = Key::of(text.as_bytes(), &self.secrets) else { return find(text) };
        let place = self.place(&key);
        match self.entries.get(place) {
            Some(entry) if key.is_of(entry) => entry.cell,
            _ => match self.entries.get(place ^ 1) {
                Some(entry) if key.is_of(entry) => entry.cell,
                _ => {
                    let cell = find(text);
                    self.remember(&key, cell);
                    cell
                }
            },
        }
    }

    #[inline]
    fn place(&self, key: &Key) -> usize {
        key.hash as usize & self.entries.len().wrapping_sub(1)
    }

    #[cold]
    fn remember(&mut self, key: &Key, cell: C) {
        let count = self.entries.len();
        self.misses = self.misses.saturating_add(1);
        if count == 0 || (self.misses > count / 2 && count < MOST) {
            let empty = Entry { words: [0; WORDS], length: u8::MAX, cell };
            self.entries = vec![empty; count.saturating_mul(4).clamp(FEWEST, MOST)];
            self.misses = 0;
        }
        let place = self.place(key);
        let new = Entry { words: key.words, length: key.length, cell };
        let before = self.entries.get_mut(place).map(|entry| std::mem::replace(entry, new));
        if let (Some(before), Some(other)) = (before, self.entries.get_mut(place ^ 1)) {
            *other = before;
        }
    }
}

/// A text as words, which may overlap, and its hash. (Who aims at one place makes his own texts slow, as slow as without a memo.)
struct Key {
    words: [u64; WORDS],
    length: u8,
    hash: u64,
}

impl Key {
    #[inline]
    fn of(bytes: &[u8], secrets: &RapidSecrets) -> Option<Self> {
        let length = bytes.len();
        let words = match length {
            0..8 => [bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0, 0, 0, 0, 0],
            8..=16 => [first(bytes, 0)?, last(bytes, 8)?, 0, 0, 0, 0],
            17..=32 => [first(bytes, 0)?, first(bytes, 8)?, last(bytes, 16)?, last(bytes, 8)?, 0, 0],
            33..=LONGEST => [first(bytes, 0)?, first(bytes, 8)?, first(bytes, 16)?, first(bytes, 24)?, last(bytes, 16)?, last(bytes, 8)?],
            _ => return None,
        };
        let hash = rapidhash_v3_nano_inline::<true, true>(bytes, secrets) >> 32;
        // INVARIANT: no text that gets here is longer than a byte can say.
        Some(Self { words, length: length as u8, hash })
    }

    /// Without a call, and without a branch for each word.
    #[inline]
    fn is_of<C>(&self, entry: &Entry<C>) -> bool {
        let words = self.words.iter().zip(&entry.words);
        let differences = words.fold(0, |difference, (one, other)| difference | (one ^ other));
        (differences == 0) & (self.length == entry.length)
    }
}

/// The word that begins so far from the beginning.
#[inline]
fn first(bytes: &[u8], start: usize) -> Option<u64> {
    bytes.get(start..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// The word that begins so far from the end.
#[inline]
fn last(bytes: &[u8], back: usize) -> Option<u64> {
    first(bytes, bytes.len().checked_sub(back)?)
}
