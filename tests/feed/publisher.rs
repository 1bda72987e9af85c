//! A publisher: a process with an engine that it reconciles with the database, and a host that carries out what the writer asks for.

use std::collections::BTreeMap;
use std::rc::Rc;

use bailiwick::boundary;
use bailiwick::{Condition, Directory, ErrorCode, Found, Key, Look, Next, Reply, Value, Writer};

use crate::database::Database;
use crate::random::Random;
use crate::store::{Store, Write};
use crate::{KEYS, MAX_AGE, PUBLISHER_SKEW, instant, secret_key};

/// A publisher may be served objects of so many milliseconds ago.
const STALE: i64 = 50_000;

pub(crate) struct Publisher {
    writer: Writer,
    engine: Option<Directory>,
    /// The number of changes of the database that the engine has.
    has: Option<u64>,
    tags: BTreeMap<Key, u64>,
    next: Option<Next>,
    /// Whether the feed has to be read first.
    is_new: bool,
    offset: i64,
    key: u8,
    pub(crate) held_up_until: i64,
    /// How often it was told that there is another one.
    pub(crate) told: u64,
    /// How many publications were completed.
    pub(crate) published: u64,
}

enum Heard {
    Found(Option<Rc<[u8]>>),
    Unchanged,
    Written,
    Refused,
    Failed,
}

impl Publisher {
    pub(crate) fn new(key: u8, random: &mut Random) -> Self {
        let others: Vec<_> = (0..KEYS).map(|number| secret_key(number).public_key()).collect();
        let max_age_seconds = u64::try_from(MAX_AGE / 1_000).unwrap();
        Self {
            writer: Writer::new(secret_key(key), &others, Some(max_age_seconds)),
            engine: None,
            has: None,
            tags: BTreeMap::new(),
            next: None,
            is_new: true,
            offset: random.around(PUBLISHER_SKEW),
            key,
            held_up_until: 0,
            told: 0,
            published: 0,
        }
    }

    /// The process ends, and another one begins, sometimes with a newer key.
    pub(crate) fn restart(&mut self, store: &mut Store, random: &mut Random) {
        let is_newer = self.key + 1 < KEYS && random.happens(200);
        if is_newer {
            store.count("a newer key");
        }
        *self = Self { told: self.told, ..Self::new(self.key + u8::from(is_newer), random) };
    }

    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// One step of the process: it begins something, or carries out one request.
    pub(crate) fn step(&mut self, store: &mut Store, database: &Database, random: &mut Random, now: i64, has_faults: bool) {
        match self.next.take() {
            None => self.begin(store, database, random, now),
            Some(Next::Done(report)) => {
                if self.is_new {
                    (self.is_new, self.engine, self.has) = (false, self.writer.take_engine(), None);
                    if self.engine.is_some() && random.happens(500) {
                        self.writer.list(store.keys());
                    }
                } else {
                    self.published += 1;
                    assert!(report.steps + report.jumps <= 1 && report.bytes > 0 || report.snapshots + report.renewals == 0);
                }
            }
            Some(Next::Failed) => {}
            Some(Next::Conflict(_)) => {
                store.count("a conflict");
                self.told += 1;
                (self.is_new, self.engine) = (true, None);
            }
            Some(request) => {
                let heard = self.carry_out(&request, store, random, now, has_faults);
                let reply = match &heard {
                    Heard::Found(Some(bytes)) => Reply::Found(Found::Bytes(bytes)),
                    Heard::Found(None) => Reply::Found(Found::Absent),
                    Heard::Unchanged => Reply::Found(Found::Unchanged),
                    Heard::Written => Reply::Written,
                    Heard::Refused => Reply::Refused,
                    Heard::Failed => Reply::Failed,
                };
                self.next = Some(self.writer.reply(reply, instant(now + self.offset)).unwrap());
            }
        }
    }

    fn begin(&mut self, store: &mut Store, database: &Database, random: &mut Random, now: i64) {
        let present = instant(now + self.offset);
        if self.is_new {
            self.next = Some(self.writer.resume(None));
            return;
        }
        let published = self.writer.published();
        let is_from_backup = published.is_some() && random.happens(30);
        match &mut self.engine {
            Some(_) if !is_from_backup && self.has == Some(database.changes) => {}
            Some(engine) if !is_from_backup => {
                let document = database.document(0);
                boundary::reconcile(engine, document.as_bytes(), &Value::Object(Vec::new()), present).unwrap();
            }
            // It counts revisions on its own, from somewhere beyond.
            engine => {
                let revision = published.map_or(0, |published| published + 1 + random.below(3));
                *engine = Some(Directory::from_json(database.document(revision).as_bytes()).unwrap());
            }
        }
        self.has = Some(database.changes);
        match self.writer.begin(self.engine.as_ref().unwrap(), present) {
            Ok(next) => self.next = Some(next),
            Err(error) => {
                assert!(matches!(error.code(), ErrorCode::RevisionConflict | ErrorCode::DeltaFork), "{error:?}");
                store.count("an engine that cannot be published");
                (self.is_new, self.engine) = (true, None);
            }
        }
    }

    fn carry_out(&mut self, request: &Next, store: &mut Store, random: &mut Random, now: i64, has_faults: bool) -> Heard {
        let fate = if has_faults { random.below(100) } else { 99 };
        let write = match request {
            Next::Get(look) => return self.read(*look, fate, store, random, now),
            Next::Put(key, condition) => {
                let expected = if *condition == Condition::IfAbsent { None } else { Some(self.tags[key]) };
                Write { key: *key, expected, bytes: Some(self.writer.body().into()) }
            }
            Next::Delete(key) => Write { key: *key, expected: None, bytes: None },
            _ => panic!("{request:?} is no request"),
        };
        match fate {
            0..5 => {
                store.count("a lost request");
                return Heard::Failed;
            }
            5..10 => {
                store.count("a lost answer");
                store.execute(&write, now);
                return Heard::Failed;
            }
            10..14 => {
                let most = if random.happens(300) { 5 * MAX_AGE } else { 20_000 };
                store.delay(write, now + random.up_to(most));
                return Heard::Failed;
            }
            14..18 => {
                store.count("a repeated write");
                store.execute(&write, now);
            }
            18..22 => store.delay(write.clone(), now + random.up_to(5 * MAX_AGE)),
            _ => {}
        }
        match store.execute(&write, now) {
            Some(tag) => {
                self.tags.insert(write.key, tag);
                Heard::Written
            }
            None => Heard::Refused,
        }
    }

    fn read(&mut self, look: Look, fate: u64, store: &mut Store, random: &mut Random, now: i64) -> Heard {
        if fate < 5 {
            return Heard::Failed;
        }
        let Some((tag, bytes)) = store.read(look.key, now, if fate < 15 { STALE } else { 0 }, random) else { return Heard::Found(None) };
        if look.if_changed && self.tags.get(&look.key) == Some(&tag) {
            return Heard::Unchanged;
        }
        self.tags.insert(look.key, tag);
        Heard::Found(Some(bytes))
    }
}
