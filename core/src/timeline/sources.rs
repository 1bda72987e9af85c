//! What a timeline is made of: a snapshot, and then changes, deltas and further snapshots, in the order of their instants.

use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::change::{Change, Terms};
use crate::directory::{Altered, Difference, Directory, Images, LoggedChange};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::snapshot::{ArrivedDelta, is_delta};
use crate::wire::envelope::State;
use crate::wire::trust::Trust;

use super::states::{Age, Timeline};
use super::step::{Step, counterparts};

/// Clocks differ: an instant less than this before the last one counts as the last.
const TOLERANCE_MILLISECONDS: i64 = 5_000;
/// With fewer entries that differ, a checkpoint is not worth its memory.
const FEWEST_ENTRIES: usize = 1 << 14;

impl Timeline {
    /// A timeline that begins with a directory: at that instant, or else when it was issued.
    #[must_use]
    pub fn of(directory: Directory, beginning: Option<Instant>) -> Self {
        let beginning = beginning.or(directory.issued_at());
        Self::from(directory, beginning)
    }

    /// A timeline whose first state is in force from an instant, or has always been.
    pub(super) fn from(directory: Directory, beginning: Option<Instant>) -> Self {
        let (issued_at, max_age_seconds) = (directory.issued_at(), directory.max_age_seconds());
        let present = Arc::new(directory);
        let checkpoints = vec![(0, Arc::clone(&present))];
        let mut timeline = Self { beginning, end: beginning, steps: Vec::new(), checkpoints, weight: 0, present, ages: Vec::new() };
        timeline.renew(issued_at, max_age_seconds);
        timeline
    }

    /// Makes a change. Returns the new revision.
    ///
    /// # Errors
    /// As those of the change; `invalid_order` at `/at`.
    pub(crate) fn apply(&mut self, change: &Change<'_>, terms: &Terms<'_>) -> Result<u64, Error> {
        let at = self.in_order(terms.at, &Path::Root.field("at"))?;
        let terms = Terms { at, ..*terms };
        let make = |directory: &mut Directory| {
            let logged = directory.make(change, &terms)?;
            Ok((logged.clone(), vec![logged]))
        };
        let (logged, altered) = Arc::make_mut(&mut self.present).alter_noting(make)?;
        self.push(at, vec![logged], altered);
        Ok(self.present.revision())
    }

    /// Appends a delta that begins at the last state, or a snapshot of a later one; what lies between two snapshots counts from the instant of the later
    /// one. Returns the revision.
    ///
    /// # Errors
    /// As those of a delta and of a snapshot; `invalid_order`; `missing_field` for a snapshot of another state that does not say when it was issued.
    pub fn append(&mut self, bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<u64, Error> {
        if is_delta(bytes)? { self.append_delta(bytes, trust) } else { self.append_snapshot(bytes, trust, seed) }
    }

    pub(super) fn append_delta(&mut self, bytes: &[u8], trust: Trust<'_>) -> Result<u64, Error> {
        let delta = self.present.open_delta(bytes, trust)?;
        let at = self.instant_of(&delta)?;
        let (changes, (issued_at, max_age_seconds)) = (delta.changes().to_vec(), delta.age());
        let altered = Arc::make_mut(&mut self.present).follow(delta)?;
        if let (Some(altered), Some(at)) = (altered, at) {
            self.push(at, changes, altered);
        }
        self.renew(issued_at, max_age_seconds);
        Ok(self.present.revision())
    }

    /// The same without keeping what was before: the timeline begins with the state that the delta leads to. Neither that state nor the one that it begins
    /// at, `state`, is verified. Returns what it should be now.
    pub(super) fn pass_delta(&mut self, state: State, bytes: &[u8], trust: Trust<'_>) -> Result<State, Error> {
        let delta = self.present.open_delta_at(state, bytes, trust)?;
        let at = self.instant_of(&delta)?;
        let (state, (issued_at, max_age_seconds)) = (delta.state(), delta.age());
        // With a copy of it kept, the directory would be copied.
        self.checkpoints.clear();
        Arc::make_mut(&mut self.present).pass(delta)?;
        self.beginning = at;
        self.end = self.end.max(at);
        self.forget_past();
        self.renew(issued_at, max_age_seconds);
        Ok(state)
    }

    /// The instant from which the state of a delta is in force.
    fn instant_of(&self, delta: &ArrivedDelta) -> Result<Option<Instant>, Error> {
        let mut at = self.last();
        for change in delta.changes() {
            at = Some(in_order(at, change.at, &Path::Root)?);
        }
        Ok(at)
    }

    pub(crate) fn append_snapshot(&mut self, bytes: &[u8], trust: Trust<'_>, seed: Option<u64>) -> Result<u64, Error> {
        let public_keys = trust.public_keys.or(self.present.demanded_keys());
        let next = Directory::from_snapshot(bytes, Trust { public_keys, ..trust }, seed)?;
        self.append_directory(next, &Path::Root)
    }

    /// Appends a later state.
    ///
    /// # Errors
    /// `invalid_order`; `missing_field` if the state is another one and does not say when it was issued.
    pub(crate) fn append_directory(&mut self, mut next: Directory, path: &Path<'_>) -> Result<u64, Error> {
        let (issued_at, max_age_seconds) = (next.issued_at(), next.max_age_seconds());
        if next.state_hash() == self.present.state_hash() {
            self.renew(issued_at, max_age_seconds);
            return Ok(self.present.revision());
        }
        let missing = || Error::new(ErrorCode::MissingField, path, "the snapshot does not say when it was issued");
        let at = in_order(self.last(), issued_at.ok_or_else(missing)?, path)?;
        // Two states have two revisions, even if their documents do not count.
        next.set_revision(next.revision().max(self.present.revision().saturating_add(1)));
        self.push_directory(at, next);
        self.renew(issued_at, max_age_seconds);
        Ok(self.present.revision())
    }

    /// The step to another state, whatever led there.
    pub(super) fn push_directory(&mut self, at: Instant, next: Directory) {
        let (before, after) = (self.present.tables(), next.tables());
        let key = |Difference { before: old, after: new }: Difference| {
            let of_old = old.map(|entry| before.path_of(entry).to_text());
            of_old.or_else(|| new.map(|entry| after.path_of(entry).to_text()))
        };
        let keys = before.differences(after).into_iter().filter_map(key);
        let before: Images = keys
            .map(|key| {
                let image = before.image_at(&key);
                (key, image)
            })
            .collect();
        let has_another_policy = self.present.tables().policy_text() != next.tables().policy_text();
        self.present = Arc::new(next);
        self.push(at, Vec::new(), Altered { before, has_another_policy });
    }

    /// The step to the present.
    fn push(&mut self, at: Instant, changes: Vec<LoggedChange>, altered: Altered) {
        let Altered { before, has_another_policy } = altered;
        let after = counterparts(&before, self.present.tables());
        self.weight = self.weight.saturating_add(before.len());
        let step = Step { revision: self.present.revision(), at, changes, before, after, has_another_policy };
        self.steps.push(Arc::new(step));
        self.end = self.end.max(Some(at));
        if has_another_policy || self.weight > self.present.tables().size().max(FEWEST_ENTRIES) {
            self.checkpoints.push((self.steps.len(), Arc::clone(&self.present)));
            self.weight = 0;
        }
    }

    /// Notes when something was issued: until then it is known what was in force.
    pub(super) fn renew(&mut self, issued_at: Option<Instant>, max_age_seconds: Option<u64>) {
        let Some(issued_at) = issued_at else { return };
        self.end = self.end.max(Some(issued_at));
        let last = self.ages.last();
        let max_age_seconds = max_age_seconds.or(last.and_then(|last| last.max_age_seconds));
        let is_new = |last: &Age| last.issued_at < issued_at || (last.issued_at == issued_at && last.max_age_seconds != max_age_seconds);
        if last.is_none_or(is_new) {
            let from = self.last().map_or(issued_at, |last| last.max(issued_at));
            self.ages.push(Age { from, issued_at, max_age_seconds });
        }
    }

    /// The instant of the last step, or of the beginning.
    pub(super) fn last(&self) -> Option<Instant> {
        self.steps.last().map(|step| step.at).or(self.beginning)
    }

    fn in_order(&self, at: Instant, path: &Path<'_>) -> Result<Instant, Error> {
        in_order(self.last(), at, path)
    }
}

/// The instant from which something counts that follows the last.
fn in_order(last: Option<Instant>, at: Instant, path: &Path<'_>) -> Result<Instant, Error> {
    let Some(last) = last.filter(|last| at < *last) else { return Ok(at) };
    if last.unix_milliseconds().saturating_sub(at.unix_milliseconds()) < TOLERANCE_MILLISECONDS {
        return Ok(last);
    }
    Err(Error::new(ErrorCode::InvalidOrder, path, format_args!("{at} is before the last instant of the timeline, {last}")))
}
