//! What the tests of both sides share: a small directory, keys and instants, and a store with a publisher's host.

use std::collections::BTreeMap;

use crate::boundary;
use crate::input::instant::Instant;
use crate::input::json;
use crate::snapshot::Seal;
use crate::wire::hash::{Hash, hash_of};
use crate::wire::signature::{PublicKeys, SecretKey};
use crate::wire::trust::Trust;
use crate::{AccessRequest, Directory, Reference};

use super::{Condition, Found, Key, Look, Next, Reader, Reply, Seen, Writer};

/// The greatest age in seconds.
pub(super) const MAX_AGE: u64 = 300;

pub(super) fn at(seconds: i64) -> Instant {
    Instant::from_unix_milliseconds(1.8e12 + 1_000.0 * seconds as f64).unwrap()
}

pub(super) fn key(number: u8) -> SecretKey {
    SecretKey::from_bytes(&[number; 32])
}

pub(super) fn keys(numbers: &[u8]) -> PublicKeys {
    PublicKeys::new(numbers.iter().map(|number| key(*number).public_key()).collect()).unwrap()
}

/// An engine of which deltas can be made from the beginning on.
pub(super) fn engine() -> Directory {
    let document = r#"{"format": "bailiwick/1", "max_age_seconds": 300, "organizations": [{"id": "acme", "owner": "ada",
        "members": [{"user": "ada", "role": "admin"}], "projects": [{"id": "home", "default": true}]}]}"#;
    let directory = Directory::from_json(document.as_bytes()).unwrap();
    directory.state_hash();
    directory
}

/// Makes somebody a member: one revision. Looks at the state, so that deltas can begin there.
pub(super) fn join(directory: &mut Directory, user: &str) -> u64 {
    let change = format!(r#"{{"type": "add_member", "organization": "acme", "user": "{user}"}}"#);
    let (change, terms) = (json::parse(change.as_bytes()).unwrap(), json::parse(b"{}").unwrap());
    let revision = boundary::apply(directory, &change, &terms, at(0)).unwrap();
    directory.state_hash();
    revision
}

/// Whether somebody is a member, when asked at that second.
pub(super) fn knows(directory: &Directory, user: &str, seconds: i64) -> bool {
    let name = format!("user:{user}");
    let (user, home) = (Reference::parse(&name).unwrap(), Reference::parse("project:home").unwrap());
    directory.check_access(&AccessRequest::new(user, "file.read", home, at(seconds))).allowed
}

/// A seal with the key 1.
pub(super) fn sealed(signing_key: &SecretKey, seconds: i64) -> Seal<'_> {
    Seal { signing_key: Some(signing_key), issued_at: Some(at(seconds)), max_age_seconds: None }
}

pub(super) fn snapshot(directory: &Directory, seconds: i64) -> Vec<u8> {
    directory.to_snapshot(&sealed(&key(1), seconds))
}

pub(super) fn delta(directory: &Directory, since: u64, seconds: i64) -> Vec<u8> {
    directory.to_delta(since, &sealed(&key(1), seconds)).unwrap()
}

/// A copy as an edge has it.
pub(super) fn copy(directory: &Directory, seconds: i64) -> Directory {
    Directory::from_snapshot(&snapshot(directory, seconds), Trust::default(), None).unwrap()
}

/// A store whose `ETag`s are hashes of the bytes.
#[derive(Clone, Default)]
pub(super) struct Store {
    pub(super) objects: BTreeMap<Key, (Hash, Vec<u8>)>,
    pub(super) writes: u64,
}

impl Store {
    /// Puts an object there, whatever is there.
    pub(super) fn insert(&mut self, key: Key, bytes: &[u8]) {
        self.objects.insert(key, (hash_of(bytes), bytes.to_vec()));
    }
}

/// A publisher and its host.
pub(super) struct Publisher {
    pub(super) writer: Writer,
    pub(super) tags: BTreeMap<Key, Hash>,
    now: Instant,
    /// The requests so far.
    pub(super) log: Vec<String>,
}

impl Publisher {
    pub(super) fn new(own: u8) -> Self {
        Self::with(own, &[])
    }

    pub(super) fn with(own: u8, older: &[u8]) -> Self {
        let older: Vec<_> = older.iter().map(|number| key(*number).public_key()).collect();
        Self { writer: Writer::new(key(own), &older, None), tags: BTreeMap::new(), log: Vec::new(), now: at(0) }
    }

    /// Carries out one request. Returns what the host hears.
    pub(super) fn request(&mut self, store: &mut Store, next: &Next) -> Heard {
        let tags = &mut self.tags;
        match *next {
            Next::Get(Look { key, if_changed }) => match store.objects.get(&key) {
                None => Heard::Absent,
                Some((tag, _)) if if_changed && tags.get(&key) == Some(tag) => Heard::Unchanged,
                Some((tag, bytes)) => {
                    tags.insert(key, *tag);
                    Heard::Bytes(bytes.clone())
                }
            },
            Next::Put(key, condition) => {
                let there = store.objects.get(&key).map(|(tag, _)| *tag);
                let expected = if condition == Condition::IfAbsent { None } else { Some(tags[&key]) };
                if there != expected {
                    return Heard::Refused;
                }
                store.writes = store.writes.checked_add(1).unwrap();
                tags.insert(key, hash_of(self.writer.body()));
                store.insert(key, self.writer.body());
                Heard::Written
            }
            Next::Delete(key) => {
                store.objects.remove(&key);
                Heard::Written
            }
            _ => panic!("{next:?} is no request"),
        }
    }

    fn note(&mut self, next: &Next) {
        self.log.push(match next {
            Next::Get(Look { key, if_changed: false }) => format!("get {key}"),
            Next::Get(Look { key, if_changed: true }) => format!("check {key}"),
            Next::Put(key, Condition::IfSeen) => format!("replace {key}"),
            Next::Put(key, Condition::IfAbsent) => format!("create {key}"),
            Next::Delete(key) => format!("delete {key}"),
            Next::Done(_) | Next::Failed | Next::Conflict(_) => return,
        });
    }

    /// Carries out requests until the writer asks for no more, or so many.
    pub(super) fn run(&mut self, store: &mut Store, mut next: Next, most: usize) -> Next {
        for _ in 0..most {
            if matches!(next, Next::Done(_) | Next::Failed | Next::Conflict(_)) {
                return next;
            }
            self.note(&next);
            let heard = self.request(store, &next);
            next = self.writer.reply(heard.as_reply(), self.now).unwrap();
        }
        next
    }

    pub(super) fn resume(&mut self, store: &mut Store, seconds: i64) -> (Next, Option<Directory>) {
        self.now = at(seconds);
        let next = self.writer.resume(None);
        let next = self.run(store, next, usize::MAX);
        (next, self.writer.take_engine())
    }

    pub(super) fn begin(&mut self, directory: &Directory, seconds: i64) -> Next {
        self.now = at(seconds);
        self.writer.begin(directory, self.now).unwrap()
    }

    pub(super) fn publish(&mut self, store: &mut Store, directory: &Directory, seconds: i64) -> Next {
        let next = self.begin(directory, seconds);
        self.run(store, next, usize::MAX)
    }

    /// The requests since the last time.
    pub(super) fn told(&mut self) -> String {
        std::mem::take(&mut self.log).join(", ")
    }
}

pub(super) enum Heard {
    Bytes(Vec<u8>),
    Absent,
    Unchanged,
    Written,
    Refused,
}

impl Heard {
    pub(super) fn as_reply(&self) -> Reply<'_> {
        match self {
            Self::Bytes(bytes) => Reply::Found(Found::Bytes(bytes)),
            Self::Absent => Reply::Found(Found::Absent),
            Self::Unchanged => Reply::Found(Found::Unchanged),
            Self::Written => Reply::Written,
            Self::Refused => Reply::Refused,
        }
    }
}

/// The revision that an edge reaches which begins now, and whether it is the newest.
pub(super) fn follow(store: &Store, place: &mut Option<Directory>, numbers: &[u8], seconds: i64) -> Vec<Seen> {
    let mut reader = Reader::new(keys(numbers));
    let (mut next, mut seen) = (Some(reader.begin(place.as_ref())), Vec::new());
    while let Some(look) = next {
        let found = store.objects.get(&look.key).map_or(Found::Absent, |(_, bytes)| Found::Bytes(bytes));
        let taken = reader.take(place, found, at(seconds), None);
        seen.push(taken.seen);
        next = taken.next;
    }
    seen
}

pub(super) fn reached(store: &Store, numbers: &[u8], seconds: i64) -> Directory {
    let mut place = None;
    follow(store, &mut place, numbers, seconds);
    place.unwrap()
}
