//! Moments: the directory as it was at an instant.

use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::wire::column::Damage;
use crate::wire::envelope::corrupt;
use crate::wire::signature::PublicKeys;

use super::states::{Age, Timeline};
use super::step::Step;

impl Timeline {
    /// The directory as it was at an instant: with the revision and the age that it had then. It has no history, so no deltas are made of what followed.
    ///
    /// # Errors
    /// `before_history` if the timeline begins later.
    pub fn at(&self, instant: Instant) -> Result<Directory, Error> {
        let position = self.position_at(instant).ok_or_else(|| {
            let beginning = self.beginning.map_or_else(String::new, |beginning| format!(", at {beginning}"));
            Error::new(ErrorCode::BeforeHistory, &Path::Root.field("at"), format_args!("the timeline begins later{beginning}"))
        })?;
        let mut directory = self.directory_at(position).map_err(|damage| corrupt(damage.0))?;
        let age = self.age_at(Some(instant));
        directory.set_age(age.map(|age| age.issued_at), age.and_then(|age| age.max_age_seconds));
        directory.compact_if_worth_it();
        Ok(directory)
    }

    /// Looks at the directory as it was at many instants, in the order of time: one directory moves from each to the next. `look` gets the number of the
    /// instant in the list, and leaves the directory as it was. Instants before the beginning are left out.
    ///
    /// # Errors
    /// `snapshot_corrupt` if the timeline does not fit together.
    pub fn visit(&self, instants: &[Instant], mut look: impl FnMut(usize, &mut Directory)) -> Result<(), Error> {
        let mut visits: Vec<_> = instants.iter().enumerate().filter_map(|(number, at)| Some((self.position_at(*at)?, number))).collect();
        visits.sort_unstable();
        let mut present: Option<(usize, Directory)> = None;
        for (position, number) in visits {
            let (_, directory) = match present.take() {
                Some((from, directory)) => present.insert((position, self.moved(directory, from, position)?)),
                None => present.insert((position, self.directory_at(position).map_err(|damage| corrupt(damage.0))?)),
            };
            look(number, directory);
        }
        Ok(())
    }

    /// The directory at one position, moved forwards to another.
    fn moved(&self, mut directory: Directory, from: usize, to: usize) -> Result<Directory, Error> {
        let steps = self.steps.get(from..to).unwrap_or_default();
        if steps.iter().any(|step| step.has_another_policy) {
            return self.directory_at(to).map_err(|damage| corrupt(damage.0));
        }
        for step in steps {
            step.cross(&mut directory, true).map_err(|damage| corrupt(damage.0))?;
        }
        directory.set_revision(self.revision_at(to));
        Ok(directory)
    }

    /// The age that the directory had at an instant; none before all instants.
    pub(super) fn age_at(&self, instant: Option<Instant>) -> Option<&Age> {
        let ages = self.ages.partition_point(|age| Some(age.from) <= instant);
        self.ages.get(..ages).and_then(<[_]>::last)
    }

    /// How many steps led to the state that was in force at an instant. `None` before the beginning.
    pub(super) fn position_at(&self, instant: Instant) -> Option<usize> {
        let is_before = self.beginning.is_some_and(|beginning| instant < beginning);
        (!is_before).then(|| self.steps.partition_point(|step| step.at <= instant))
    }

    /// The state after so many steps: a copy of the nearest directory that is kept, from which it is reached.
    pub(super) fn directory_at(&self, position: usize) -> Result<Directory, Damage> {
        let from = |place: usize| self.checkpoints.get(place).map(|(position, directory)| (*position, directory));
        let next = self.checkpoints.partition_point(|(other, _)| *other <= position);
        // INVARIANT: there is a checkpoint at position 0.
        let before = from(next.saturating_sub(1)).unwrap_or((self.steps.len(), &self.present));
        let after = from(next).unwrap_or((self.steps.len(), &self.present));
        let steps = |from: usize, to: usize| self.steps.get(from..to).unwrap_or_default();
        let is_reachable = steps(position, after.0).iter().all(|step| !step.has_another_policy);
        let is_nearer = after.0.saturating_sub(position) < position.saturating_sub(before.0);
        let (start, directory) = if is_reachable && is_nearer { after } else { before };
        let mut directory = Directory::clone(directory);
        if start > position {
            for step in steps(position, start).iter().rev() {
                step.cross(&mut directory, false)?;
            }
        } else {
            for step in steps(start, position) {
                step.cross(&mut directory, true)?;
            }
        }
        directory.set_revision(self.revision_at(position));
        Ok(directory)
    }

    /// Forgets everything before the present: it begins at the last state, in force from the instant of the last step.
    pub(super) fn forget_past(&mut self) {
        self.beginning = self.last();
        self.steps.clear();
        self.weight = 0;
        self.checkpoints.clear();
        self.checkpoints.push((0, Arc::clone(&self.present)));
    }

    /// The same timeline, accepting only what one of these keys has signed: for a copy that was passed on without signatures.
    #[must_use]
    pub fn demanding(mut self, keys: &PublicKeys) -> Self {
        let demanding = |directory: &Directory| Arc::new(directory.clone().demanding(Some(keys.clone())));
        let is_last = self.checkpoints.last().is_some_and(|(_, last)| Arc::ptr_eq(last, &self.present));
        for (_, directory) in &mut self.checkpoints {
            *directory = demanding(directory);
        }
        self.present = self.checkpoints.last().filter(|_| is_last).map_or_else(|| demanding(&self.present), |(_, last)| Arc::clone(last));
        self
    }

    /// The revision after so many steps.
    pub(super) fn revision_at(&self, position: usize) -> u64 {
        let step = position.checked_sub(1).and_then(|last| self.steps.get(last));
        step.map_or_else(|| self.first().revision(), |step| step.revision)
    }

    /// The first state.
    pub(super) fn first(&self) -> &Arc<Directory> {
        // INVARIANT: there is a checkpoint at position 0.
        self.checkpoints.first().map_or(&self.present, |(_, directory)| directory)
    }
}

impl Step {
    /// Moves a directory over this step, forwards or backwards. Its revision stays.
    pub(super) fn cross(&self, directory: &mut Directory, is_forward: bool) -> Result<(), Damage> {
        directory.revisit(if is_forward { &self.after } else { &self.before })
    }
}
