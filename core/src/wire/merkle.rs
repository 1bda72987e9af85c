//! A hash over a sorted list that is kept up: a change hashes again what lies around it, not the list.
//!
//! The list is cut into chunks, each into some hundred items, at places that depend on the items alone: equal lists are cut alike, whatever their
//! way. The hashes of the chunks are a list of their own, cut in the same way into longer chunks; and the hash of the whole is over the hashes of
//! these. So a change costs one chunk on each of two levels.

use std::ops::ControlFlow;

use super::hash::{Hash, hash_of};

/// An item is the first of a chunk if this many bits of its [`Mark`] are zero: 256 items on average.
const CHUNK_BITS: u32 = 8;
/// The first item of a chunk is that of a long chunk too if this many further bits are zero: 64 chunks on average.
const LONG_CHUNK_BITS: u32 = 6;

/// A number that depends on an item's id alone, and decides where chunks begin. Part of the format: it never changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u64);

impl Mark {
    /// The mark of an id. Collisions do no harm.
    pub(crate) fn of(id: &str) -> Self {
        let (words, rest) = id.as_bytes().as_chunks::<8>();
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        let mix = |mark: u64, word: &[u8; 8]| {
            let mixed = (mark ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ mixed >> 32
        };
        let mark = words.iter().fold(id.len() as u64, mix);
        Self(mix(mix(mark, &last), &[0; 8]))
    }

    /// Whether the item is the first of a chunk.
    pub(crate) const fn begins_chunk(self) -> bool {
        self.0.trailing_zeros() >= CHUNK_BITS
    }

    const fn begins_long_chunk(self) -> bool {
        self.0.trailing_zeros() >= CHUNK_BITS.saturating_add(LONG_CHUNK_BITS)
    }
}

/// A chunk: the key of its first item, that item's mark, and the hash of all of its items once it is known.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    pub(crate) first: Box<str>,
    pub(crate) mark: Mark,
    pub(crate) hash: Option<Hash>,
}

/// The chunks of a list, in order. Before the first one is hashed there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunks(Vec<Chunk>);

/// Collects the items of a chunk.
#[derive(Default)]
pub(crate) struct Collector {
    chunks: Vec<Chunk>,
    bytes: Vec<u8>,
}

impl Collector {
    /// Begins a chunk with an item of this key.
    pub(crate) fn begin(&mut self, first: &str, mark: Mark) {
        self.finish();
        self.chunks.push(Chunk { first: first.into(), mark, hash: None });
        self.bytes.extend_from_slice(&(first.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(first.as_bytes());
    }

    /// Whether no chunk has begun yet.
    pub(crate) const fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The bytes of the present chunk: an item is appended.
    pub(crate) const fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    fn finish(&mut self) {
        if let Some(last) = self.chunks.last_mut() {
            last.hash = Some(hash_of(&self.bytes));
        }
        self.bytes.clear();
    }
}

impl Chunks {
    pub(crate) const fn of(chunks: Vec<Chunk>) -> Self {
        Self(chunks)
    }

    pub(crate) fn chunks(&self) -> &[Chunk] {
        &self.0
    }

    /// Marks the chunk in which an item of this key lies, or would lie, to be hashed again; and the one before it, if the item is its first.
    fn touch(&mut self, key: &str) {
        let place = self.0.partition_point(|chunk| *chunk.first <= *key);
        let mut forget = |place: Option<usize>| {
            if let Some(chunk) = place.and_then(|place| self.0.get_mut(place)) {
                chunk.hash = None;
                *chunk.first == *key
            } else {
                false
            }
        };
        if place == 0 {
            forget(Some(0));
        } else if forget(place.checked_sub(1)) {
            forget(place.checked_sub(2));
        }
    }

    /// Hashes again what was touched. `collect` gives the items from a key on to the collector, until it meets the first of the chunk that begins at
    /// the other key, or the end. What was replaced is told by the keys of first items.
    fn refresh(&mut self, mut collect: impl FnMut(&str, Option<&str>, &mut Collector) -> ControlFlow<()>, mut replaced: impl FnMut(&str)) {
        let mut start = 0;
        while let Some(offset) = self.0.get(start..).and_then(|rest| rest.iter().position(|chunk| chunk.hash.is_none())) {
            let first = start.saturating_add(offset);
            let rest = self.0.get(first..).unwrap_or_default();
            let end = rest.iter().position(|chunk| chunk.hash.is_some()).map_or(self.0.len(), |length| first.saturating_add(length));
            let mut collector = Collector::default();
            {
                // The first chunk of all begins with whatever item is the first.
                let from = if first == 0 { "" } else { rest.first().map_or("", |chunk| &chunk.first) };
                let until = self.0.get(end).map(|chunk| &*chunk.first);
                let _ = collect(from, until, &mut collector);
            }
            collector.finish();
            collector.chunks.iter().for_each(|chunk| replaced(&chunk.first));
            start = first.saturating_add(collector.chunks.len());
            for old in self.0.splice(first..end, collector.chunks) {
                replaced(&old.first);
            }
        }
    }
}

/// The hash of a list: its chunks, and those of their hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    chunks: Chunks,
    long: Chunks,
}

impl Tree {
    /// A tree of chunks whose hashes are known.
    pub(crate) fn of(chunks: Chunks) -> Self {
        Self { chunks, long: Chunks(Vec::new()) }
    }

    pub(crate) fn chunks(&self) -> &Chunks {
        &self.chunks
    }

    /// Notes that the item of this key was added, altered or removed.
    pub(crate) fn touch(&mut self, key: &str) {
        self.chunks.touch(key);
    }

    /// The hash of the list. `collect` gives the items from a key on, as for [`Chunks::refresh`].
    pub(crate) fn hash(&mut self, collect: impl FnMut(&str, Option<&str>, &mut Collector) -> ControlFlow<()>) -> Hash {
        let Self { chunks, long } = self;
        if chunks.0.is_empty() {
            // An empty list, or nothing is known yet: everything is looked at.
            chunks.0.push(Chunk { first: "".into(), mark: Mark(0), hash: None });
        }
        if long.0.is_empty() {
            long.0.push(Chunk { first: "".into(), mark: Mark(0), hash: None });
        }
        chunks.refresh(collect, |key| long.touch(key));
        let items = &chunks.0;
        long.refresh(
            |from, until, collector| {
                let start = items.partition_point(|chunk| *chunk.first < *from);
                for chunk in items.get(start..).unwrap_or_default() {
                    if until.is_some_and(|until| *chunk.first >= *until) {
                        break;
                    }
                    if collector.is_empty() || chunk.mark.begins_long_chunk() {
                        collector.begin(&chunk.first, chunk.mark);
                    }
                    // INVARIANT: every chunk has just been hashed.
                    collector.bytes().extend_from_slice(&chunk.hash.unwrap_or_default());
                }
                ControlFlow::Continue(())
            },
            |_| {},
        );
        let hashes: Vec<_> = long.0.iter().flat_map(|chunk| chunk.hash.unwrap_or_default()).collect();
        hash_of(&hashes)
    }
}
