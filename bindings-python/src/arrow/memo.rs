//! What texts a column has had lately: most columns repeat themselves, and one look at one cache line is sooner done than looking a name up.

/// Longer texts are looked up each time.
const LONGEST: usize = 47;
const WORDS: usize = 6;
const FEWEST: usize = 1 << 8;
const MOST: usize = 1 << 16;

/// A text, and the cell that was found for it. Empty ones are all zero: a key holds its length and one more.
#[derive(Clone, Copy, Debug)]
struct Entry<C> {
    key: [u64; WORDS],
    cell: C,
}

/// Each text has one place, where the next one of that place replaces it. The places double while many texts are new.
#[derive(Debug)]
pub(super) struct Memo<C> {
    entries: Vec<Entry<C>>,
    misses: usize,
}

impl<C: Copy> Memo<C> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), misses: 0 }
    }

    /// The cell of a text, which `find` finds where it is not remembered.
    #[inline]
    pub(super) fn of(&mut self, text: &str, mut find: impl FnMut(&str) -> C) -> C {
        let Some((key, hash)) = key_of(text.as_bytes()) else { return find(text) };
        let place = hash as usize & self.entries.len().wrapping_sub(1);
        match self.entries.get(place) {
            Some(entry) if is_same(&entry.key, &key) => entry.cell,
            _ => {
                let cell = find(text);
                self.remember(key, hash, cell);
                cell
            }
        }
    }

    #[cold]
    fn remember(&mut self, key: [u64; WORDS], hash: u64, cell: C) {
        let count = self.entries.len();
        self.misses = self.misses.saturating_add(1);
        if count == 0 || (self.misses > count && count < MOST) {
            self.entries = vec![Entry { key: [0; WORDS], cell }; count.saturating_mul(4).clamp(FEWEST, MOST)];
            self.misses = 0;
        }
        let place = hash as usize & self.entries.len().wrapping_sub(1);
        if let Some(entry) = self.entries.get_mut(place) {
            *entry = Entry { key, cell };
        }
    }
}

/// Without a call, and without a branch for each word.
#[inline]
fn is_same(one: &[u64; WORDS], other: &[u64; WORDS]) -> bool {
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

/// The bytes of a text in words, its length in the last byte, and a hash. (Who aims at one place makes his own texts slow, as slow as without it.)
#[inline]
fn key_of(bytes: &[u8]) -> Option<([u64; WORDS], u64)> {
    if bytes.len() > LONGEST {
        return None;
    }
    let mut key = [0_u64; WORDS];
    let (parts, rest) = bytes.as_chunks::<8>();
    let mut hash = bytes.len() as u64;
    let mut words = key.iter_mut();
    for (word, part) in words.by_ref().zip(parts) {
        *word = u64::from_le_bytes(*part);
        hash = (hash ^ *word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    let mut last = 0_u64;
    for byte in rest.iter().rev() {
        last = last << 8 | u64::from(*byte);
    }
    if let Some(word) = key.get_mut(parts.len()) {
        *word = last;
    }
    hash = (hash ^ last).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    if let Some(word) = key.last_mut() {
        *word |= (bytes.len() as u64).wrapping_add(1) << 56;
    }
    Some((key, hash ^ hash >> 32))
}
