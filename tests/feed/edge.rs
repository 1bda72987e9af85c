//! An edge: one engine that follows the feed, with a clock of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use bailiwick::boundary;
use bailiwick::{AccessRequest, Directory, Found, Instant, Key, Look, PublicKeys, Reader, Reference};

use crate::database::Database;
use crate::random::Random;
use crate::store::Store;
use crate::{EDGE_SKEW, KEYS, MAX_AGE, PUBLISHER_SKEW, instant, secret_key};

/// What a cache may serve after so many milliseconds, mostly and sometimes.
const STALE: [i64; 2] = [60_000, 3 * MAX_AGE];

pub(crate) struct Edge {
    reader: Reader,
    place: Option<Directory>,
    tags: BTreeMap<Key, u64>,
    look: Option<Look>,
    offset: i64,
    pub(crate) cut_off_until: i64,
    /// What it had at the last step.
    last: Option<(u64, Option<Instant>)>,
}

impl Edge {
    pub(crate) fn new(random: &mut Random) -> Self {
        let keys = PublicKeys::new((0..KEYS).map(|number| secret_key(number).public_key()).collect()).unwrap();
        let offset = random.around(EDGE_SKEW);
        Self { reader: Reader::new(keys), place: None, tags: BTreeMap::new(), look: None, offset, cut_off_until: 0, last: None }
    }

    pub(crate) fn set_clock(&mut self, random: &mut Random) {
        self.offset = random.around(EDGE_SKEW);
    }

    /// Reads one object. Returns whether the round goes on.
    pub(crate) fn step(&mut self, store: &mut Store, random: &mut Random, now: i64, has_faults: bool) -> bool {
        let look = self.look.take().unwrap_or_else(|| self.reader.begin(self.place.as_ref()));
        let fate = if has_faults { random.below(100) } else { 99 };
        if fate < 5 || now < self.cut_off_until {
            // The round is given up.
            return false;
        }
        let stale = match fate {
            5..15 => STALE[0],
            15..18 => STALE[1],
            _ => 0,
        };
        let object = store.read(look.key, now, stale, random);
        let is_unchanged = object.as_ref().is_some_and(|(tag, _)| look.if_changed && self.tags.get(&look.key) == Some(tag));
        let bytes: Option<Rc<[u8]>> = object.map(|(tag, bytes)| {
            self.tags.insert(look.key, tag);
            bytes
        });
        let damaged = bytes.as_deref().filter(|_| (18..20).contains(&fate)).map(|bytes| {
            let mut damaged = bytes.to_vec();
            let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
            damaged[place] ^= 1 << random.below(8);
            damaged
        });
        let found = match (&damaged, &bytes) {
            _ if is_unchanged => Found::Unchanged,
            (Some(damaged), _) => Found::Bytes(damaged),
            (None, Some(bytes)) => Found::Bytes(bytes),
            (None, None) => Found::Absent,
        };
        if is_unchanged || damaged.is_some() {
            store.count(if is_unchanged { "an unchanged object" } else { "a damaged object" });
        }
        self.look = self.reader.take(&mut self.place, found, instant(now + self.offset), None).next;
        self.look.is_some()
    }

    /// What always holds.
    pub(crate) fn check(&mut self, store: &mut Store, database: &Database, now: i64) {
        let Some(directory) = &self.place else { return };
        let (revision, issued_at) = (directory.revision(), directory.issued_at());
        assert!(self.last <= Some((revision, issued_at)) && self.last.is_none_or(|last| last.1 <= issued_at), "an edge went back");
        if self.last != Some((revision, issued_at)) {
            assert!(
                store.chain.is_published(revision, &boundary::state(directory)),
                "an edge is at {revision}, in a state that was never published"
            );
        }
        self.last = Some((revision, issued_at));
        let clock = now + self.offset;
        if directory.is_stale(instant(clock)) {
            store.count("a stale edge");
        }
        for (key, revoked) in database.keys() {
            // Each publication is issued at least a millisecond after the last.
            let is_over = revoked.is_some_and(|revoked| clock > revoked + MAX_AGE + PUBLISHER_SKEW + 1_000);
            if is_over {
                assert!(!is_allowed(directory, &key, clock), "{key} was revoked at {revoked:?}, and is allowed at {clock}");
                store.count("a revoked key that is denied");
            }
        }
        if is_allowed(directory, "api_key:key_0", clock) {
            store.count("a key that is still allowed");
        }
    }

    /// Whether it has the newest state, and answers.
    pub(crate) fn is_current(&self, store: &Store, now: i64) -> bool {
        let is_fresh =
            |directory: &Directory| directory.revision() == store.chain.head() && !directory.is_stale(instant(now + self.offset));
        self.place.as_ref().is_some_and(is_fresh)
    }

    /// The state that it has.
    pub(crate) fn state(&self) -> Option<String> {
        self.place.as_ref().map(boundary::state)
    }
}

fn is_allowed(directory: &Directory, key: &str, clock: i64) -> bool {
    let (key, project) = (Reference::parse(key).unwrap(), Reference::parse("project:project").unwrap());
    directory.check_access(&AccessRequest::new(key, "file.read", project, instant(clock))).allowed
}
