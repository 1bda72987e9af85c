//! The store: objects with tags and conditional writes. It can serve what it had a while ago, and carry out writes late.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use bailiwick::Key;

use crate::chain::Chain;
use crate::random::Random;
use crate::{Tally, count};

type Object = (u64, Rc<[u8]>);

pub(crate) struct Store {
    /// What was under each key since when, oldest first.
    versions: BTreeMap<Key, Vec<(i64, Option<Object>)>>,
    writes: u64,
    /// Whether a tag is a hash of the bytes, and not the number of the write.
    is_tagged_by_content: bool,
    late: Vec<(i64, Write)>,
    pub(crate) chain: Chain,
    pub(crate) tally: Tally,
}

/// A write on its way.
#[derive(Clone)]
pub(crate) struct Write {
    pub(crate) key: Key,
    /// The tag that must be there; `None` if nothing must be there. A deletion has no condition.
    pub(crate) expected: Option<u64>,
    /// `None` for a deletion.
    pub(crate) bytes: Option<Rc<[u8]>>,
}

impl Store {
    pub(crate) fn new(is_tagged_by_content: bool) -> Self {
        Self { versions: BTreeMap::new(), writes: 0, is_tagged_by_content, late: Vec::new(), chain: Chain::default(), tally: Tally::new() }
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        count(&mut self.tally, what);
    }

    fn newest(&self, key: Key) -> Option<&Object> {
        self.versions.get(&key)?.last()?.1.as_ref()
    }

    pub(crate) fn keys(&self) -> Vec<Key> {
        self.versions.keys().copied().filter(|key| self.newest(*key).is_some()).collect()
    }

    /// What was there at some time of the last milliseconds.
    pub(crate) fn read(&mut self, key: Key, now: i64, most: i64, random: &mut Random) -> Option<Object> {
        let at = now - random.up_to(most);
        let served = self.versions.get(&key)?.iter().rev().find(|(since, _)| *since <= at)?.1.clone();
        if served.as_ref().map(|(tag, _)| *tag) != self.newest(key).map(|(tag, _)| *tag) {
            self.count("a stale read");
        }
        served
    }

    /// Carries out a write. Returns the tag, or `None` if the condition does not hold.
    pub(crate) fn execute(&mut self, write: &Write, now: i64) -> Option<u64> {
        let Some(bytes) = &write.bytes else {
            self.chain.deleted(write.key);
            if self.newest(write.key).is_some() {
                self.count("a deletion");
                self.versions.entry(write.key).or_default().push((now, None));
            }
            return Some(0);
        };
        if self.newest(write.key).map(|(tag, _)| *tag) != write.expected {
            return None;
        }
        self.chain.written(write.key, bytes, &mut self.tally);
        self.writes += 1;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let tag = if self.is_tagged_by_content { hasher.finish() } else { self.writes };
        self.versions.entry(write.key).or_default().push((now, Some((tag, bytes.clone()))));
        Some(tag)
    }

    /// Lets a write arrive later.
    pub(crate) fn delay(&mut self, write: Write, until: i64) {
        self.late.push((until, write));
    }

    /// Carries out what arrives by now.
    pub(crate) fn deliver(&mut self, now: i64) {
        let (mut arrived, late) = std::mem::take(&mut self.late).into_iter().partition::<Vec<_>, _>(|(at, _)| *at <= now);
        self.late = late;
        arrived.sort_by_key(|(at, _)| *at);
        for (_, write) in arrived {
            let has_effect = self.execute(&write, now).is_some();
            self.count(if has_effect { "a late write took effect" } else { "a late write was refused" });
        }
    }
}
