//! The writer: publishes the revisions of one engine to a store with conditional writes.
//!
//! A new writer first reads the feed to its end ([`Writer::resume`]). Then each publication begins with [`Writer::begin`] and goes on with
//! [`Writer::reply`]. What it writes, and in which order, is a plan ([`plan`]), which is carried out request by request ([`work`]).

mod held;
mod plan;
mod report;
mod request;
mod terms;
#[cfg(test)]
mod tests;
mod walk;
mod work;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::feed::found::Look;
use crate::feed::key::Key;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::wire::signature::{PublicKey, PublicKeys, SecretKey};

use held::Held;
use plan::{Operation, Plan, Planner};
pub use report::Report;
pub use request::{Condition, Next, Reply};
use terms::Terms;
use walk::{Step, Walk};

/// Publishes to a feed.
#[derive(Debug)]
pub struct Writer {
    signing_key: SecretKey,
    /// The own key, and older ones.
    keys: PublicKeys,
    max_age_seconds: Option<u64>,
    phase: Phase,
    held: Option<Held>,
    /// What is left of the publication that was begun.
    plan: Option<Plan>,
    /// The engine that was walked to.
    engine: Option<Directory>,
}

#[derive(Debug)]
enum Phase {
    /// The store has to be read.
    Unread,
    Reading(Box<Walk>),
    /// Nothing is asked of the host.
    Idle,
    /// A request of the plan was asked for.
    Asked {
        refusals: u32,
    },
    /// The object of a write is read, to judge whether it took effect.
    Judging {
        refusals: u32,
    },
}

impl Writer {
    /// A publisher that signs with this key, and goes on from what it or one of the older keys has signed. Without a greatest age, that of the directory is
    /// published.
    #[must_use]
    pub fn new(signing_key: SecretKey, older: &[PublicKey], max_age_seconds: Option<u64>) -> Self {
        let own = signing_key.public_key();
        let keys = PublicKeys::new([&[own], older].concat()).unwrap_or_else(|| own.into());
        Self { signing_key, keys, max_age_seconds, phase: Phase::Unread, held: None, plan: None, engine: None }
    }

    /// Reads the feed to its end, takes it over from whoever has published so far, and completes what they left undone. Nothing answers for longer: that is for [`begin`](Self::begin), once the engine is what
    /// the database says. A new writer begins with it, and goes on with it after a conflict. `seed` is as for [`Directory::from_snapshot`].
    pub fn resume(&mut self, seed: Option<u64>) -> Next {
        self.forget();
        self.phase = Phase::Reading(Box::new(Walk::new(seed)));
        Next::Get(Look { key: Key::Snapshot, if_changed: false })
    }

    /// The engine at the newest published state, after [`resume`](Self::resume): reconcile it with the database, and publish it. `None` if there is no feed,
    /// or if it has been taken.
    pub fn take_engine(&mut self) -> Option<Directory> {
        self.engine.take()
    }

    /// The revision that readers find; `None` if that is not known, or if there is no feed.
    #[must_use]
    pub fn published(&self) -> Option<u64> {
        self.held.as_ref().map(|held| held.head.revision)
    }

    /// Publishes a directory: a new revision, or a renewal if one is due, or nothing. A publication that was not completed is completed first, as it was begun.
    ///
    /// # Errors
    /// `revision_conflict` before the feed has been resumed; `delta_fork` for a state that others have another one of; `missing_field` without a greatest
    /// age; `issued_in_future` if the last publication was issued more than 300 seconds after the present.
    pub fn begin(&mut self, directory: &Directory, now: Instant) -> Result<Next, Error> {
        if matches!(self.phase, Phase::Unread | Phase::Reading(_)) {
            let message = "the feed has not been read to its end: resume first";
            return Err(Error::new(ErrorCode::RevisionConflict, &Path::Root, message));
        }
        if self.plan.is_some() {
            return Ok(self.take_up());
        }
        self.plan_for(directory, now)?;
        Ok(self.ask(0))
    }

    /// Judges what came of a request; `now` is the present.
    ///
    /// # Errors
    /// While resuming, those of snapshots and deltas that are refused: the feed is not this publisher's. And those of [`begin`](Self::begin).
    pub fn reply(&mut self, reply: Reply<'_>, now: Instant) -> Result<Next, Error> {
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Unread => Ok(self.fail_unread()),
            Phase::Idle => Ok(Next::Failed),
            Phase::Reading(walk) => self.walk_on(walk, reply, now),
            Phase::Asked { refusals } => Ok(self.work_on(reply, refusals)),
            Phase::Judging { refusals } => Ok(self.judge(reply, refusals)),
        }
    }

    /// The bytes of the write that was asked for.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        if let Some(Operation::Put { bytes, .. }) = self.operation() { bytes } else { &[] }
    }

    /// Tells which keys the store has, if it can list them, so that deltas of earlier processes are deleted in time.
    pub fn list(&mut self, keys: impl IntoIterator<Item = Key>) {
        let Some(held) = &mut self.held else { return };
        for key in keys {
            if let Key::Delta(revision) = key
                && revision < held.head.revision
            {
                held.replaced.entry(revision).or_insert(None);
            }
        }
    }

    fn operation(&self) -> Option<&Operation> {
        self.plan.as_ref()?.operations.front()
    }

    fn forget(&mut self) {
        (self.phase, self.held, self.plan, self.engine) = (Phase::Unread, None, None, None);
    }

    fn fail_unread(&mut self) -> Next {
        self.forget();
        Next::Failed
    }

    fn conflict(&mut self, key: Key) -> Next {
        self.forget();
        Next::Conflict(key)
    }

    fn plan_for(&mut self, directory: &Directory, now: Instant) -> Result<(), Error> {
        let latest = self.held.as_ref().and_then(|held| held.latest);
        let terms = Terms::new(directory, self.max_age_seconds, latest, now)?;
        let planner = Planner::new(directory, terms, &self.signing_key);
        self.plan = Some(match &mut self.held {
            None => planner.first(),
            Some(held) => planner.next(held)?,
        });
        Ok(())
    }

    fn walk_on(&mut self, mut walk: Box<Walk>, reply: Reply<'_>, now: Instant) -> Result<Next, Error> {
        // Whatever fails from here on, the feed has to be read again.
        self.phase = Phase::Unread;
        let Reply::Found(found) = reply else { return Ok(self.fail_unread()) };
        match walk.take(found, &self.keys, self.signing_key.public_key().id(), now)? {
            Step::Next(key) => {
                self.phase = Phase::Reading(walk);
                Ok(Next::Get(Look { key, if_changed: false }))
            }
            Step::Lost => Ok(self.fail_unread()),
            Step::Nothing => {
                self.phase = Phase::Idle;
                Ok(Next::Done(Report::default()))
            }
            Step::End(reached) => {
                let (engine, held) = *reached;
                let terms = Terms::of_takeover(&engine, self.max_age_seconds, held.latest, now)?;
                self.plan = Some(Planner::new(&engine, terms, &self.signing_key).takeover(&held));
                self.held = Some(held);
                self.engine = Some(engine);
                Ok(self.ask(0))
            }
        }
    }
}
