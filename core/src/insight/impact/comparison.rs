//! The comparison of one principal after the other: how much differs, and in which rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::directory::Project;
use crate::input::instant::Instant;

use super::actions::Actions;
use super::bookings::{Bookings, MoveCounts, Moves};
use super::both::{Both, BothTables};
use super::evaluator::{Case, Evaluator};
use super::indices::{Delta, ObjectIndex};
use super::objects::{ObjectRow, Objects};
use super::profile::{Bucket, Profile, ProfileKey};
use super::ties::{Pair, Seen, Special, Ties};

/// How many entries the profiles may take together: a bound on memory. They are worked out again when they are needed.
const MOST_ENTRIES: usize = 2_000_000;

/// How much differs for one principal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// The rows of access.
    pub(super) rows: u64,
    pub(super) gained: u64,
    pub(super) lost: u64,
    pub(super) moves: MoveCounts,
}

/// What differs for one principal on one object.
#[derive(Clone, Debug)]
pub(super) enum Difference {
    Access(ObjectIndex, Delta),
    Bookings(ObjectIndex, Moves),
}

/// Two states, and what is known of them so far. It does not hold them: every call is given the same two.
pub(super) struct Comparison {
    at: Instant,
    pub(super) objects: Objects,
    seen: Seen,
    ties: Ties,
    profiles: BTreeMap<ProfileKey, Profile>,
    /// The entries that the profiles take.
    entries: usize,
    pub(super) work: Work,
}

/// What answers cases and books usage.
pub(super) struct Work {
    pub(super) evaluator: Evaluator,
    bookings: Bookings,
}

impl Comparison {
    pub(super) fn new(tables: BothTables<'_>, at: Instant) -> Self {
        Self {
            at,
            objects: Objects::of(tables, at),
            seen: Seen::new(),
            ties: Ties::default(),
            profiles: BTreeMap::new(),
            entries: 0,
            work: Work { evaluator: Evaluator::new(tables), bookings: Bookings::new(tables, at) },
        }
    }

    /// How much differs for a principal. Objects that are not told apart are counted together.
    pub(super) fn tally(&mut self, tables: BothTables<'_>, pair: Pair) -> Tally {
        let mut tally = Tally::default();
        self.each_profile(tables, pair, |work, objects, profile, ties| {
            for number in 0..profile.buckets.len() {
                work.tally_bucket(tables, objects, profile, number, ties, &mut tally);
            }
            let is_idle = |bucket: &Bucket| bucket.delta == Some(Actions::no_delta()) && bucket.moves == Some(MoveCounts::default());
            profile.is_idle = profile.buckets.iter().all(is_idle);
        });
        let Self { objects, ties, work, .. } = self;
        for special in &ties.specials {
            let row = &objects.rows[special.object];
            let cases = ties.cases(tables, row, special);
            let delta = work.delta(tables, &cases, ties, Some(row)).unwrap_or(Actions::no_delta());
            tally.add(&work.evaluator, delta, 1);
            if let Some(moves) = work.moves_of_special(tables, row, special, &cases, ties) {
                tally.moves = tally.moves.plus(MoveCounts::of(&moves));
            }
        }
        tally
    }

    /// What differs for a principal, object by object: in access, or in bookings.
    pub(super) fn differences(&mut self, tables: BothTables<'_>, pair: Pair, of_bookings: bool) -> Vec<Difference> {
        let mut found = Vec::new();
        self.each_profile(tables, pair, |work, objects, profile, ties| {
            for bucket in &profile.buckets {
                let nothing_differs =
                    if of_bookings { bucket.moves == Some(MoveCounts::default()) } else { bucket.delta == Some(Actions::no_delta()) };
                let Some(example) = profile.ordinary(bucket, objects, ties).next().filter(|_| !nothing_differs) else { continue };
                let (row, ordinary) = (&objects.rows[example], profile.ordinary(bucket, objects, ties));
                if !of_bookings {
                    let delta = work.delta(tables, &bucket.cases, ties, Some(row)).filter(|delta| *delta != Actions::no_delta());
                    if let Some(delta) = delta {
                        found.extend(ordinary.map(|object| Difference::Access(object, delta)));
                    }
                } else if work.reaches(tables, &bucket.cases, ties, row) {
                    let moves = ordinary.filter_map(|object| Some((object, work.moves_of_insiders(tables, objects, object)?)));
                    found.extend(moves.map(|(object, moves)| Difference::Bookings(object, moves)));
                }
            }
        });
        let Self { objects, ties, work, .. } = self;
        for special in &ties.specials {
            let row = &objects.rows[special.object];
            let cases = ties.cases(tables, row, special);
            if of_bookings {
                let moves = work.moves_of_special(tables, row, special, &cases, ties);
                found.extend(moves.map(|moves| Difference::Bookings(special.object, moves)));
            } else {
                let delta = work.delta(tables, &cases, ties, Some(row)).filter(|delta| *delta != Actions::no_delta());
                found.extend(delta.map(|delta| Difference::Access(special.object, delta)));
            }
        }
        found.sort_by_key(Difference::object);
        found
    }

    /// Calls for each profile of a principal in which anything may differ.
    fn each_profile(&mut self, tables: BothTables<'_>, pair: Pair, mut call: impl FnMut(&mut Work, &Objects, &mut Profile, &Ties)) {
        let Self { at, objects, seen, ties, profiles, entries, work } = self;
        ties.fill(tables, pair, *at, objects, seen);
        for region in &ties.regions {
            let key = ProfileKey::of(ties, objects, *region);
            if *entries > MOST_ENTRIES {
                profiles.clear();
                *entries = 0;
            }
            let profile = profiles.entry(key).or_insert_with(|| {
                let profile = Profile::of(&key, tables, objects, seen, *at);
                *entries = entries.saturating_add(profile.size());
                profile
            });
            if !profile.is_idle {
                call(work, objects, profile, ties);
            }
        }
    }
}

impl Difference {
    const fn object(&self) -> ObjectIndex {
        match self {
            Self::Access(object, _) | Self::Bookings(object, _) => *object,
        }
    }
}

impl Tally {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows.saturating_add(other.rows),
            gained: self.gained.saturating_add(other.gained),
            lost: self.lost.saturating_add(other.lost),
            moves: self.moves.plus(other.moves),
        }
    }

    /// Adds a difference on so many objects.
    fn add(&mut self, evaluator: &Evaluator, delta: Delta, count: u64) {
        if delta == Actions::no_delta() {
            return;
        }
        let row = evaluator.actions.row(delta);
        let total = |names: &[Arc<str>]| (names.len() as u64).saturating_mul(count);
        *self = self.plus(Self { rows: count, gained: total(&row.gained), lost: total(&row.lost), moves: MoveCounts::default() });
    }
}

impl Work {
    fn tally_bucket(
        &mut self,
        tables: BothTables<'_>,
        objects: &Objects,
        profile: &mut Profile,
        number: usize,
        ties: &Ties,
        tally: &mut Tally,
    ) {
        let Some(bucket) = profile.buckets.get(number) else { return };
        let is_in_bucket =
            |special: &&Special| objects.rows[special.object].sort == bucket.sort && profile.roles_on(special.object) == bucket.roles;
        let mut ordinary = bucket.count;
        let mut moves = self.moves_of_bucket(tables, objects, profile, bucket);
        let all_moves = moves;
        for special in ties.specials.iter().filter(is_in_bucket) {
            ordinary = ordinary.saturating_sub(1);
            if all_moves != MoveCounts::default() {
                let of_special = self.moves_of_insiders(tables, objects, special.object);
                moves = moves.minus(of_special.as_ref().map(MoveCounts::of).unwrap_or_default());
            }
        }
        let mut delta = bucket.delta;
        if ordinary > 0 {
            let example = || profile.ordinary(bucket, objects, ties).next().map(|object| &objects.rows[object]);
            if delta.is_none() {
                delta = self.delta(tables, &bucket.cases, ties, None).or_else(|| self.delta(tables, &bucket.cases, ties, example()));
            }
            tally.add(&self.evaluator, delta.unwrap_or(Actions::no_delta()), ordinary);
            if moves != MoveCounts::default() && example().is_some_and(|row| self.reaches(tables, &bucket.cases, ties, row)) {
                tally.moves = tally.moves.plus(moves);
            }
        }
        if let Some(bucket) = profile.buckets.get_mut(number) {
            (bucket.delta, bucket.moves) = (delta, Some(all_moves));
        }
    }

    /// What differs between the cases. `None` if one is new and there is no example of it.
    fn delta(&mut self, tables: BothTables<'_>, cases: &Both<Option<Case>>, ties: &Ties, example: Option<&ObjectRow>) -> Option<Delta> {
        if self.evaluator.are_equal(cases) {
            return Some(Actions::no_delta());
        }
        let answers = self.evaluator.answers(tables, cases, |side| ties.example(example?)(side))?;
        Some(self.evaluator.delta(&answers))
    }

    /// Whether a project is reached on both sides.
    fn reaches(&mut self, tables: BothTables<'_>, cases: &Both<Option<Case>>, ties: &Ties, example: &ObjectRow) -> bool {
        let answers = self.evaluator.answers(tables, cases, ties.example(example));
        answers.is_some_and(|answers| answers.before.is_reached && answers.after.is_reached)
    }

    /// What is booked elsewhere in a project, of whoever is in its organization on both sides.
    fn moves_of_insiders(&mut self, tables: BothTables<'_>, objects: &Objects, object: ObjectIndex) -> Option<Moves> {
        let moves = self.bookings.of_insiders(tables, object, objects.rows[object].projects()?);
        (!moves.is_empty()).then_some(moves)
    }

    fn moves_of_bucket(&mut self, tables: BothTables<'_>, objects: &Objects, profile: &Profile, bucket: &Bucket) -> MoveCounts {
        bucket.moves.unwrap_or_else(|| {
            let moves = profile.objects_of(bucket, objects).filter_map(|object| self.moves_of_insiders(tables, objects, object));
            moves.fold(MoveCounts::default(), |sum, moves| sum.plus(MoveCounts::of(&moves)))
        })
    }

    fn moves_of_special(
        &mut self,
        tables: BothTables<'_>,
        row: &ObjectRow,
        special: &Special,
        cases: &Both<Option<Case>>,
        ties: &Ties,
    ) -> Option<Moves> {
        let projects = row.projects()?;
        let moves = if self.bookings.is_insider(tables, ties.principal, &projects) {
            self.bookings.of_insiders(tables, special.object, projects)
        } else {
            self.bookings.of_principal(tables, ties.principal, projects)
        };
        (!moves.is_empty() && self.reaches(tables, cases, ties, row)).then_some(moves)
    }
}

impl ObjectRow {
    /// The project on both sides, if it is one that both have.
    fn projects(&self) -> Option<Both<Project>> {
        self.project.as_ref()?;
        self.placed.map(|placed| placed?.project).all()
    }
}
