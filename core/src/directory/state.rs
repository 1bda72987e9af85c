//! The state hash: over the policy and all entries, kept up by changes.

use std::sync::Mutex;

use crate::collections::texts::Texts;
use crate::wire::column::{Damage, LENGTH, StringsWriter};
use crate::wire::hash::{Hash, hash_of};
use crate::wire::merkle::{Chunk, Chunks, Mark, Tree};
use crate::wire::payload::Strings;

use super::entry::Key;
use super::tables::Tables;

const LABEL: &[u8] = b"bailiwick state 2\0";

/// The hash of a state, and what is known of how it comes about.
#[derive(Debug, Default)]
pub(super) struct StateHash(Mutex<Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// The hash of the present state, once somebody has asked for it.
    hash: Option<Hash>,
    policy: Option<Hash>,
    tree: Tree,
    /// Chunks of a snapshot that have not been looked at.
    stored: Option<StoredChunks>,
}

/// Chunks as a snapshot stores them: the keys of their first items, and their hashes.
#[derive(Clone, Debug)]
pub(crate) struct StoredChunks {
    keys: Texts<u32>,
    hashes: Vec<u8>,
}

impl StoredChunks {
    /// The chunks of the columns of a snapshot. Nothing is looked at before it is needed.
    pub(super) fn of_columns(keys: Strings<'_>, hashes: &[u8]) -> Result<Self, Damage> {
        let (lengths, rest) = keys.lengths.as_chunks::<2>();
        let lengths = lengths.iter().map(|length| u16::from_le_bytes(*length));
        let keys = Texts::of_column(keys.text, lengths).filter(|_| rest.is_empty()).ok_or(LENGTH)?;
        if keys.len().checked_mul(32) == Some(hashes.len()) { Ok(Self { keys, hashes: hashes.to_vec() }) } else { Err(LENGTH) }
    }

    /// The columns that a snapshot has them in.
    pub(super) fn columns(&self) -> (StringsWriter, &[u8]) {
        let mut keys = StringsWriter::default();
        self.keys.iter().for_each(|key| keys.push(key));
        (keys, &self.hashes)
    }
}

impl Default for StoredChunks {
    fn default() -> Self {
        Self { keys: Texts::new(), hashes: Vec::new() }
    }
}

impl Clone for StateHash {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.with(|known| known.clone())))
    }
}

impl StateHash {
    pub(super) fn of_stored(hash: Hash, stored: StoredChunks) -> Self {
        Self(Mutex::new(Known { hash: Some(hash), stored: Some(stored), ..Known::default() }))
    }

    fn with<T>(&self, what: impl FnOnce(&mut Known) -> T) -> T {
        // A panic in the middle leaves what is known unusable, so nothing is known.
        let mut known = self.0.lock().unwrap_or_else(|poisoned| {
            let mut known = poisoned.into_inner();
            *known = Known::default();
            known
        });
        what(&mut known)
    }

    pub(super) fn get(&self, tables: &Tables) -> Hash {
        self.with(|known| known.get(tables))
    }

    /// Forgets what alterations of these keys make untrue. Returns the hash that was known before.
    pub(super) fn touch(&mut self, keys: &[Box<str>], has_another_policy: bool) -> Option<Hash> {
        self.with(|known| {
            known.trust_stored();
            known.touch(keys, has_another_policy);
            known.hash.take()
        })
    }

    /// Sets the hash of the present state.
    pub(super) fn know(&mut self, hash: Hash) {
        self.with(|known| known.hash = Some(hash));
    }

    /// The chunks of the present state.
    pub(super) fn to_stored(&self, tables: &Tables) -> StoredChunks {
        self.with(|known| {
            known.trust_stored();
            known.hash_tree(tables);
            let mut stored = StoredChunks::default();
            for chunk in known.tree.chunks().chunks() {
                // Without its hash, a chunk would be another one. Too many bytes of keys for one column: a reader hashes everything itself.
                if stored.keys.push(&chunk.first).is_err() {
                    return StoredChunks::default();
                }
                stored.hashes.extend_from_slice(&chunk.hash.unwrap_or_default());
            }
            stored
        })
    }
}

impl Known {
    fn get(&mut self, tables: &Tables) -> Hash {
        if let Some(hash) = self.hash {
            return hash;
        }
        let entries = self.hash_tree(tables);
        let policy = *self.policy.get_or_insert_with(|| hash_of(tables.policy_text().as_bytes()));
        let hash = hash_of(&[LABEL, &policy, &entries].concat());
        self.hash = Some(hash);
        hash
    }

    fn hash_tree(&mut self, tables: &Tables) -> Hash {
        self.tree.hash(|from, until, collector| tables.collect(from, until, collector))
    }

    fn touch(&mut self, keys: &[Box<str>], has_another_policy: bool) {
        keys.iter().for_each(|key| self.tree.touch(key));
        if has_another_policy {
            self.policy = None;
        }
    }

    /// Uses the chunks of a snapshot if there are any. A snapshot that names others than it has leads to another hash than it says: then deltas are
    /// refused, as for any other state.
    fn trust_stored(&mut self) {
        let Some(stored) = self.stored.take() else { return };
        let is_sorted = stored.keys.iter().zip(stored.keys.iter().skip(1)).all(|(one, next)| one < next);
        let chunks: Option<Vec<_>> = stored.keys.iter().zip(stored.hashes.as_chunks().0).map(|(key, hash)| chunk(key, *hash)).collect();
        // A chunk begins where an entry says so, but for the first one: otherwise hashing one would not stop at the next.
        let begin = |chunks: &Vec<Chunk>| chunks.iter().skip(1).all(|chunk| chunk.mark.begins_chunk());
        if let Some(chunks) = chunks.filter(|chunks| is_sorted && !chunks.is_empty() && begin(chunks)) {
            self.tree = Tree::of(Chunks::of(chunks));
        }
    }
}

fn chunk(key: &str, hash: Hash) -> Option<Chunk> {
    let mark = Mark::of(Key::parse(key)?.own_id());
    Some(Chunk { first: key.into(), mark, hash: Some(hash) })
}

#[cfg(test)]
mod tests {
    use crate::input::instant::Instant;
    use crate::input::json;
    use crate::wire::trust::Trust;
    use crate::{Directory, Seal, boundary};

    const DIRECTORY: &str = r#"{"format": "bailiwick/1", "organizations": [{"id": "o", "owner": "u0", "members": [
        {"user": "u0", "role": "admin"}], "projects": [{"id": "p", "default": true}]}]}"#;

    fn apply(directory: &mut Directory, change: &str) {
        let (change, terms) = (json::parse(change.as_bytes()).unwrap(), json::parse(b"{}").unwrap());
        boundary::apply(directory, &change, &terms, Instant::LATEST).unwrap();
    }

    /// The hash of the same directory, loaded from its document.
    fn from_scratch(directory: &Directory) -> String {
        boundary::state(&Directory::from_json(&serde_json::to_vec(&directory.to_document()).unwrap()).unwrap())
    }

    #[test]
    fn the_hash_is_kept_up_by_changes_and_deltas() {
        let mut directory = Directory::from_json(DIRECTORY.as_bytes()).unwrap();
        let mut copy = Directory::from_snapshot(&directory.to_snapshot(&Seal::default()), Trust::default(), None).unwrap();
        for number in 1..3_000 {
            let since = directory.revision();
            apply(&mut directory, &format!(r#"{{"type": "add_member", "organization": "o", "user": "u{number}", "email": "{number}"}}"#));
            apply(
                &mut directory,
                &format!(r#"{{"type": "add_resource", "project": "p", "resource": "r{}", "kind": "file"}}"#, number * 7919 % 3_001),
            );
            if number % 3 == 0 {
                apply(&mut directory, &format!(r#"{{"type": "remove_member", "organization": "o", "user": "u{}"}}"#, number / 2));
            }
            let delta = directory.to_delta(since, &Seal::default()).unwrap();
            copy.apply_delta(&delta, Trust::default()).unwrap();
            if number % 100 == 0 {
                assert_eq!(boundary::state(&directory), from_scratch(&directory));
                assert_eq!(boundary::state(&copy), boundary::state(&directory));
                assert_eq!(copy.to_snapshot(&Seal::default()), directory.to_snapshot(&Seal::default()));
            }
        }
    }
}
