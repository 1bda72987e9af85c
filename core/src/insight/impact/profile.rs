//! Profiles: principals of one class with the same groups, in one pair of organizations. What differs for them is worked out once, but for the
//! objects that are told apart.

use std::collections::BTreeMap;

use crate::directory::Tables;
use crate::input::instant::Instant;
use crate::policy::Roles;

use super::actions::Actions;
use super::bookings::{Bookings, MoveCounts};
use super::both::{Both, BothTables, Side};
use super::evaluator::{Case, Evaluator, Found};
use super::indices::{GroupSet, ObjectIndex, PrincipalClass, Region, Sort};
use super::objects::Objects;
use super::ties::{Seen, Special, Ties};

/// Which profile: the class and the groups of each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ProfileKey {
    region: Region,
    classes: Both<Option<(PrincipalClass, GroupSet)>>,
}

pub(super) struct Profile {
    /// The roles of groups, where they have any.
    granted: BTreeMap<ObjectIndex, Both<Roles>>,
    /// Sorted by what they have in common.
    pub(super) buckets: Vec<Bucket>,
}

/// Objects of a region that are the same case for principals of a profile.
pub(super) struct Bucket {
    sort: Sort,
    roles: Both<Roles>,
    /// How many there are.
    pub(super) count: u64,
    /// What is booked elsewhere of whoever reaches all of them and is in the organization.
    pub(super) moves: MoveCounts,
    pub(super) cases: Both<Option<Case>>,
    /// What differs, once it is known.
    pub(super) found: Option<Found>,
}

impl ProfileKey {
    pub(super) fn of(ties: &Ties, objects: &Objects, region: Region) -> Self {
        let class = |side: Side| {
            let organization = (*objects.regions[region].get(side))?;
            ties.class_everywhere(side, organization).map(|entry| (entry.class, entry.groups))
        };
        Self { region, classes: Both::each(class) }
    }
}

impl Profile {
    pub(super) fn of(key: &ProfileKey, tables: BothTables<'_>, objects: &Objects, bookings: &Bookings, seen: &Seen, at: Instant) -> Self {
        let mut granted: BTreeMap<ObjectIndex, Both<Roles>> = BTreeMap::new();
        for side in Side::ALL {
            let groups = key.classes.get(side).and_then(|(_, groups)| seen.groups.get(side).get(groups));
            for group in groups.into_iter().flatten() {
                for (project, role) in Tables::live_grants(tables.get(side), *group, at) {
                    for object in objects.in_project(side, project).iter().filter(|object| objects.rows[**object].region == key.region) {
                        let roles = granted.entry(*object).or_default().get_mut(side);
                        *roles = roles.or(Roles::of(Some(role)));
                    }
                }
            }
        }
        let mut counts: BTreeMap<(Sort, Both<Roles>), (u64, MoveCounts)> = BTreeMap::new();
        for sort in objects.sorts_of(key.region) {
            counts.insert((*sort, Both::default()), (objects.sorts[*sort].objects.len() as u64, bookings.of_sort(*sort)));
        }
        for (object, roles) in &granted {
            let (sort, moves) = (objects.rows[*object].sort, MoveCounts::of(bookings.of_insiders(*object)));
            let (count, sum) = counts.entry((sort, Both::default())).or_default();
            (*count, *sum) = (count.saturating_sub(1), sum.minus(moves));
            let (count, sum) = counts.entry((sort, *roles)).or_default();
            (*count, *sum) = (count.saturating_add(1), sum.plus(moves));
        }
        let bucket = |((sort, roles), (count, moves)): ((Sort, Both<Roles>), _)| {
            let case = |side: Side| {
                let (principal, _) = (*key.classes.get(side))?;
                let object = (*objects.sorts[sort].classes.get(side))?;
                Some(Case { principal, object, own: None, groups: *roles.get(side) })
            };
            Bucket { sort, roles, count, moves, cases: Both::each(case), found: None }
        };
        Self { granted, buckets: counts.into_iter().map(bucket).collect() }
    }

    /// Whether it is known that nothing differs on the objects that are not told apart.
    pub(super) fn is_idle(&self, evaluator: &Evaluator) -> bool {
        self.buckets.iter().all(|bucket| {
            let differs = bucket.found.map_or(!evaluator.are_equal(&bucket.cases), |found| found.delta != Actions::no_delta());
            !differs && (bucket.moves == MoveCounts::default() || bucket.found.is_some_and(|found| !found.is_reached))
        })
    }

    /// How much memory it takes, in entries.
    pub(super) fn size(&self) -> usize {
        self.granted.len().saturating_add(self.buckets.len())
    }

    /// The place of the bucket of an object of the region.
    pub(super) fn place_of(&self, object: ObjectIndex, objects: &Objects) -> Option<usize> {
        let wanted = (objects.rows[object].sort, self.roles_on(object));
        self.buckets.binary_search_by_key(&wanted, |bucket| (bucket.sort, bucket.roles)).ok()
    }

    /// The objects of a bucket that are not told apart.
    pub(super) fn ordinary<'p>(
        &'p self,
        place: usize,
        objects: &'p Objects,
        specials: &'p [Special],
    ) -> impl Iterator<Item = ObjectIndex> + 'p {
        let of_sort = self.buckets.get(place).map(|bucket| (bucket.roles, &objects.sorts[bucket.sort].objects));
        of_sort.into_iter().flat_map(move |(roles, all)| {
            let is_ordinary = move |object: &ObjectIndex| {
                self.roles_on(*object) == roles && specials.binary_search_by_key(object, |special| special.object).is_err()
            };
            all.iter().copied().filter(is_ordinary)
        })
    }

    fn roles_on(&self, object: ObjectIndex) -> Both<Roles> {
        self.granted.get(&object).copied().unwrap_or_default()
    }
}
