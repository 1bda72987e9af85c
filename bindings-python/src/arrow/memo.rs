//! A cache of the texts that a column had recently: most columns repeat themselves, and one lookup in one cache line is cheaper than finding a name.
//!
//! It hashes by itself, and not with the core's hasher: the words of a text are in registers to be compared, and are hashed there. With the core's
//! (rapidhash, of bytes in memory) attribution of plain text took 7 to 17 % more CPU time: on random names, on 2,000 names at random, and on runs of
//! equal names, by 60 pairs of calls each, alternating in one process.

/// Longer texts are looked up each time.
const LONGEST: usize = 48;
const WORDS: usize = 6;
const FEWEST: usize = 1 << 8;
const MOST: usize = 1 << 16;

/// A text, and the cell that was found for it. An empty slot has a length that no text has.
#[derive(Clone, Copy, Debug)]
struct Slot<C> {
    words: [u64; WORDS],
    length: u8,
    cell: C,
}

/// Each text has two slots: it takes the first, and the text that was there moves to the second. The table grows to four times its size while many texts
/// are new.
#[derive(Debug)]
pub(super) struct Memo<C> {
    slots: Vec<Slot<C>>,
    misses: usize,
}

impl<C: Copy> Memo<C> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), misses: 0 }
    }

    /// The cell of a text, which `find` finds where it is not remembered.
    #[inline]
    pub(super) fn of(&mut self, text: &str, mut find: impl FnMut(&str) -> C) -> C {
        let Some(key) = Key::of(text.as_bytes()) else { return find(text) };
        let index = self.index(&key);
        match self.slots.get(index) {
            Some(slot) if key.is_of(slot) => slot.cell,
            _ => match self.slots.get(index ^ 1) {
                Some(slot) if key.is_of(slot) => slot.cell,
                _ => {
                    let cell = find(text);
                    self.remember(&key, cell);
                    cell
                }
            },
        }
    }

    #[inline]
    fn index(&self, key: &Key) -> usize {
        key.hash as usize & self.slots.len().wrapping_sub(1)
    }

    #[cold]
    fn remember(&mut self, key: &Key, cell: C) {
        let count = self.slots.len();
        self.misses = self.misses.saturating_add(1);
        if count == 0 || (self.misses > count / 2 && count < MOST) {
            let empty = Slot { words: [0; WORDS], length: u8::MAX, cell };
            self.slots = vec![empty; count.saturating_mul(4).clamp(FEWEST, MOST)];
            self.misses = 0;
        }
        let index = self.index(key);
        let new = Slot { words: key.words, length: key.length, cell };
        let before = self.slots.get_mut(index).map(|slot| std::mem::replace(slot, new));
        if let (Some(before), Some(other)) = (before, self.slots.get_mut(index ^ 1)) {
            *other = before;
        }
    }
}

/// A text as words, which may overlap, and its hash. The hash has no key: whoever chooses texts that collide makes their own table as slow as it would be
/// without a cache.
struct Key {
    words: [u64; WORDS],
    length: u8,
    hash: u64,
}

impl Key {
    #[inline]
    fn of(bytes: &[u8]) -> Option<Self> {
        let length = bytes.len();
        let mut hash = (length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let words = match length {
            0..8 => [bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0, 0, 0, 0, 0],
            8..=16 => [first(bytes, 0)?, last(bytes, 8)?, 0, 0, 0, 0],
            17..=32 => [first(bytes, 0)?, first(bytes, 8)?, last(bytes, 16)?, last(bytes, 8)?, 0, 0],
            33..=LONGEST => [first(bytes, 0)?, first(bytes, 8)?, first(bytes, 16)?, first(bytes, 24)?, last(bytes, 16)?, last(bytes, 8)?],
            _ => return None,
        };
        let [a, b, c, d, e, f] = words;
        hash ^= mixed(a ^ 0x2d35_8dcc_aa6c_78a5, b ^ 0x8bb8_4b93_962e_acc9);
        if length > 16 {
            hash ^= mixed(c ^ 0x4b33_a62e_d433_d4a3, d ^ 0x4d5a_2da5_1de1_aa47).rotate_left(17);
        }
        if length > 32 {
            hash ^= mixed(e ^ 0xa076_1d64_78bd_642f, f ^ 0xe703_7ed1_a0b4_28db).rotate_left(31);
        }
        // INVARIANT: a text that gets here is at most `LONGEST` bytes long.
        Some(Self { words, length: length as u8, hash: hash ^ hash >> 32 })
    }

    /// Compares without a call, and without a branch for each word.
    #[inline]
    fn is_of<C>(&self, slot: &Slot<C>) -> bool {
        let words = self.words.iter().zip(&slot.words);
        let differences = words.fold(0, |difference, (one, other)| difference | (one ^ other));
        (differences == 0) & (self.length == slot.length)
    }
}

/// The eight bytes at this offset from the beginning.
#[inline]
fn first(bytes: &[u8], start: usize) -> Option<u64> {
    bytes.get(start..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// The eight bytes at this offset from the end.
#[inline]
fn last(bytes: &[u8], back: usize) -> Option<u64> {
    first(bytes, bytes.len().checked_sub(back)?)
}

#[inline]
fn mixed(one: u64, other: u64) -> u64 {
    let product = u128::from(one).wrapping_mul(u128::from(other));
    product as u64 ^ (product >> 64) as u64
}
