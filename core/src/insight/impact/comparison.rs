//! The comparison of one principal after the other: how much differs, and on which objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::directory::RowsByUser;
use crate::input::instant::Instant;

use super::actions::Actions;
use super::bookings::{Bookings, MoveCounts, Moves};
use super::both::{Both, BothTables};
use super::evaluator::{Case, Evaluator, Found};
use super::indices::{Delta, ObjectIndex};
use super::objects::{ObjectRow, Objects};
use super::profile::{Profile, ProfileKey};
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
pub(super) struct Difference {
    pub(super) object: ObjectIndex,
    pub(super) delta: Delta,
    /// The usage that is booked elsewhere.
    pub(super) moves: Moves,
}

/// Two states, and what is known of them so far. It does not hold them: every call is given the same two.
pub(super) struct Comparison {
    at: Instant,
    pub(super) objects: Objects,
    rows: Both<RowsByUser>,
    seen: Seen,
    ties: Ties,
    profiles: BTreeMap<ProfileKey, Profile>,
    /// The entries that the profiles take.
    entries: usize,
    work: Work,
}

/// What answers cases and books usage.
struct Work {
    evaluator: Evaluator,
    bookings: Bookings,
}

impl Comparison {
    pub(super) fn new(tables: BothTables<'_>, at: Instant) -> Self {
        let objects = Objects::of(tables, at);
        let bookings = Bookings::new(tables, &objects, at);
        Self {
            at,
            objects,
            rows: tables.map(|tables| tables.live_rows_by_user(at)),
            seen: Seen::new(),
            ties: Ties::default(),
            profiles: BTreeMap::new(),
            entries: 0,
            work: Work { evaluator: Evaluator::new(tables), bookings },
        }
    }

    pub(super) const fn actions(&self) -> &Actions {
        &self.work.evaluator.actions
    }

    /// How much differs for a principal. Objects that are not told apart are counted together.
    pub(super) fn tally(&mut self, tables: BothTables<'_>, pair: Pair) -> Tally {
        let mut tally = Tally::default();
        self.each_profile(tables, pair, |work, objects, profile, ties, specials| {
            let mut left: Vec<_> = profile.buckets.iter().map(|bucket| (bucket.count, bucket.moves)).collect();
            for special in specials {
                let place = profile.place_of(special.object, objects);
                if let Some((count, moves)) = place.and_then(|place| left.get_mut(place)) {
                    *count = count.saturating_sub(1);
                    *moves = moves.minus(MoveCounts::of(work.bookings.of_insiders(special.object)));
                }
            }
            for (place, (count, moves)) in left.into_iter().enumerate().filter(|(_, (count, _))| *count > 0) {
                let found = work.find_in_bucket(tables, objects, profile, place, ties, specials);
                tally.add(&work.evaluator, found.delta, count, if found.is_reached { moves } else { MoveCounts::default() });
            }
        });
        let Self { objects, ties, work, .. } = self;
        for special in &ties.specials {
            if let Some(difference) = work.of_special(tables, objects, special, ties) {
                tally.add(&work.evaluator, difference.delta, 1, MoveCounts::of(&difference.moves));
            }
        }
        tally
    }

    /// What differs for a principal, object by object.
    pub(super) fn differences(&mut self, tables: BothTables<'_>, pair: Pair) -> Vec<Difference> {
        let mut differences = Vec::new();
        self.each_profile(tables, pair, |work, objects, profile, ties, specials| {
            for place in 0..profile.buckets.len() {
                if profile.ordinary(place, objects, specials).next().is_some() {
                    let found = work.find_in_bucket(tables, objects, profile, place, ties, specials);
                    let ordinary = profile.ordinary(place, objects, specials);
                    differences.extend(ordinary.filter_map(|object| found.difference(object, work.bookings.of_insiders(object))));
                }
            }
        });
        let Self { objects, ties, work, .. } = self;
        differences.extend(ties.specials.iter().filter_map(|special| work.of_special(tables, objects, special, ties)));
        differences.sort_by_key(|difference| difference.object);
        differences
    }

    /// Calls for each profile of a principal in which anything may differ, with the objects in it that are told apart.
    fn each_profile(
        &mut self,
        tables: BothTables<'_>,
        pair: Pair,
        mut call: impl FnMut(&mut Work, &Objects, &mut Profile, &Ties, &[Special]),
    ) {
        let Self { at, objects, rows, seen, ties, profiles, entries, work } = self;
        ties.fill(tables, pair, *at, objects, rows, seen);
        for region in &ties.regions {
            let key = ProfileKey::of(ties, objects, *region);
            if *entries > MOST_ENTRIES {
                profiles.clear();
                *entries = 0;
            }
            let profile = profiles.entry(key).or_insert_with(|| {
                let profile = Profile::of(&key, tables, objects, &work.bookings, seen, *at);
                *entries = entries.saturating_add(profile.size());
                profile
            });
            if !profile.is_idle(&work.evaluator) {
                call(work, objects, profile, ties, ties.specials_in(*region));
            }
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
    fn add(&mut self, evaluator: &Evaluator, delta: Delta, count: u64, moves: MoveCounts) {
        self.moves = self.moves.plus(moves);
        if delta != Actions::no_delta() {
            let row = evaluator.actions.row(delta);
            let total = |names: &[Arc<str>]| (names.len() as u64).saturating_mul(count);
            *self = self.plus(Self { rows: count, gained: total(&row.gained), lost: total(&row.lost), moves: MoveCounts::default() });
        }
    }
}

impl Found {
    /// What differs on an object, with the usage there that is booked elsewhere if it is reached.
    fn difference(self, object: ObjectIndex, moves: &Moves) -> Option<Difference> {
        let moves = if self.is_reached { Arc::clone(moves) } else { Arc::default() };
        (self.delta != Actions::no_delta() || !moves.is_empty()).then_some(Difference { object, delta: self.delta, moves })
    }
}

impl Work {
    /// What is found on the objects of a bucket that are not told apart. There has to be one.
    fn find_in_bucket(
        &mut self,
        tables: BothTables<'_>,
        objects: &Objects,
        profile: &mut Profile,
        place: usize,
        ties: &Ties,
        specials: &[Special],
    ) -> Found {
        let Some(bucket) = profile.buckets.get(place) else { return Found::nothing() };
        let found = bucket.found.unwrap_or_else(|| {
            let example = profile.ordinary(place, objects, specials).next();
            example.map_or_else(Found::nothing, |object| self.find(tables, &bucket.cases, ties, &objects.rows[object]))
        });
        if let Some(bucket) = profile.buckets.get_mut(place) {
            bucket.found = Some(found);
        }
        found
    }

    fn find(&mut self, tables: BothTables<'_>, cases: &Both<Option<Case>>, ties: &Ties, row: &ObjectRow) -> Found {
        self.evaluator.find(tables, cases, |side| Some(((*ties.live.get(side))?, (*row.placed.get(side))?.object)))
    }

    /// What differs on an object that is told apart.
    fn of_special(&mut self, tables: BothTables<'_>, objects: &Objects, special: &Special, ties: &Ties) -> Option<Difference> {
        let row = &objects.rows[special.object];
        let cases = ties.cases(tables, row, special);
        let moves = self.bookings.of_principal(tables, special.object, row, ties.principal);
        if moves.is_empty() && self.evaluator.are_equal(&cases) {
            return None;
        }
        self.find(tables, &cases, ties, row).difference(special.object, &moves)
    }
}
