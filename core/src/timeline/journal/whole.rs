//! A whole timeline as a journal.

use crate::directory::{Directory, Since};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::snapshot::Seal;
use crate::timeline::states::{Age, Timeline};
use crate::timeline::step::Step;
use crate::wire::envelope::{State, corrupt};
use crate::wire::signature::SecretKey;

use super::checkpoint::Checkpoint;
use super::end::Chain;
use super::frame::{JournalRecord, RecordKind};
use super::writing::Continued;

impl Timeline {
    /// All of it as a journal: the first state as a checkpoint, and the steps as deltas with their changes. Where the deltas since a checkpoint take more
    /// than it does, there is another one: the journal is at most about twice as long, and to read a part costs at most about twice its checkpoint.
    ///
    /// # Errors
    /// `snapshot_corrupt` if the timeline does not fit together.
    pub fn to_journal(&self, signing_key: Option<&SecretKey>) -> Result<Vec<u8>, Error> {
        self.chained(signing_key).map(|(chain, _)| chain.bytes)
    }

    /// The same, and where it ends.
    pub(super) fn written(&self, signing_key: Option<&SecretKey>) -> Result<Continued, Error> {
        let (chain, state) = self.chained(signing_key)?;
        let end = chain.end(state, signing_key.is_some());
        Ok((chain.bytes, end))
    }

    /// The records, and the state that they lead to.
    pub(super) fn chained(&self, signing_key: Option<&SecretKey>) -> Result<(Chain, State), Error> {
        let mut writer = Writer::of(self, signing_key);
        let mut ages = self.ages.iter().skip_while(|age| Some(age.from) <= self.beginning).peekable();
        for (number, step) in self.steps.iter().enumerate() {
            while let Some(age) = ages.next_if(|age| age.from < step.at) {
                writer.renew(age);
            }
            if writer.step(self, number, step)? {
                // A checkpoint has the last of these.
                while ages.next_if(|age| age.from <= step.at).is_some() {}
            }
        }
        ages.for_each(|age| writer.renew(age));
        Ok((writer.chain, writer.directory.state()))
    }
}

/// Writes a journal, with a directory that moves along.
struct Writer<'k> {
    signing_key: Option<&'k SecretKey>,
    chain: Chain,
    /// The state that the records lead to, without an age, and the instant from which it is in force.
    directory: Directory,
    at: Option<Instant>,
    /// What the last checkpoint takes, and what has followed it.
    checkpoint: usize,
    since: usize,
}

impl<'k> Writer<'k> {
    fn of(timeline: &Timeline, signing_key: Option<&'k SecretKey>) -> Self {
        let directory = ageless(timeline.first());
        let mut writer = Self { signing_key, chain: Chain::new(), directory, at: timeline.beginning, checkpoint: 0, since: 0 };
        writer.checkpoint(timeline, writer.directory.state());
        writer
    }

    /// Returns whether there is a checkpoint after the step.
    fn step(&mut self, timeline: &Timeline, number: usize, step: &Step) -> Result<bool, Error> {
        let base = self.directory.state();
        let position = number.saturating_add(1);
        if step.has_another_policy {
            self.directory = ageless(&timeline.directory_at(position).map_err(|damage| corrupt(damage.0))?);
        } else {
            step.cross(&mut self.directory, true).map_err(|damage| corrupt(damage.0))?;
        }
        self.directory.set_revision(step.revision);
        self.at = Some(step.at);
        if step.changes.is_empty() {
            self.checkpoint(timeline, base);
        } else {
            let since = Since {
                keys: step.after.keys().map(String::as_str).collect(),
                changes: step.changes.iter().collect(),
                has_another_policy: step.has_another_policy,
            };
            let payload = self.directory.to_delta_of(base, &since, &Seal { signing_key: self.signing_key, ..Seal::default() });
            self.push(RecordKind::Delta, &payload);
            if self.since > self.checkpoint {
                self.checkpoint(timeline, self.directory.state());
            }
        }
        self.directory.compact_if_worth_it();
        Ok(self.since == 0)
    }

    fn checkpoint(&mut self, timeline: &Timeline, base: State) {
        let payload = Checkpoint::payload(&self.directory, base, self.at, timeline.age_at(self.at), self.signing_key);
        self.push(RecordKind::Checkpoint, &payload);
        (self.checkpoint, self.since) = (payload.len(), 0);
    }

    /// A delta without changes, which says how fresh the state is.
    fn renew(&mut self, age: &Age) {
        let seal = Seal { signing_key: self.signing_key, issued_at: Some(age.issued_at), max_age_seconds: age.max_age_seconds };
        let none = Since { keys: [].into(), changes: Vec::new(), has_another_policy: false };
        let payload = self.directory.to_delta_of(self.directory.state(), &none, &seal);
        self.push(RecordKind::Delta, &payload);
    }

    fn push(&mut self, kind: RecordKind, payload: &[u8]) {
        let before = self.chain.bytes.len();
        self.chain.push(JournalRecord { kind, at: self.at, payload });
        self.since = self.since.saturating_add(self.chain.bytes.len().saturating_sub(before));
    }
}

/// A copy whose age is told apart.
fn ageless(directory: &Directory) -> Directory {
    let mut directory = Directory::clone(directory);
    directory.set_age(None, None);
    directory
}
