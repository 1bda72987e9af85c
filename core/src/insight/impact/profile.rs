//! Profiles: principals of one class with the same groups, in one pair of organizations. What differs for them is worked out once, but for the
//! objects that are told apart.

use std::collections::BTreeMap;

use crate::directory::Tables;
use crate::input::instant::Instant;
use crate::policy::Roles;

use super::bookings::MoveCounts;
use super::both::{Both, BothTables, Side};
use super::evaluator::Case;
use super::indices::{Delta, GroupSet, ObjectIndex, PrincipalClass, Region, Sort};
use super::objects::Objects;
use super::ties::{Seen, Ties};

/// Which profile: the class and the groups of each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ProfileKey {
    region: Region,
    classes: Both<Option<(PrincipalClass, GroupSet)>>,
}

pub(super) struct Profile {
    /// The roles of groups, where they have any.
    granted: BTreeMap<ObjectIndex, Both<Roles>>,
    pub(super) buckets: Vec<Bucket>,
    /// Whether it is known that nothing differs.
    pub(super) is_idle: bool,
}

/// Objects of a region that are the same case for principals of a profile.
pub(super) struct Bucket {
    pub(super) sort: Sort,
    pub(super) roles: Both<Roles>,
    pub(super) count: u64,
    pub(super) cases: Both<Option<Case>>,
    /// What differs in their access, once it is known.
    pub(super) delta: Option<Delta>,
    /// The rows of bookings of whoever reaches all of them and is in the organization, once they are known.
    pub(super) moves: Option<MoveCounts>,
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
    pub(super) fn of(key: &ProfileKey, tables: BothTables<'_>, objects: &Objects, seen: &Seen, at: Instant) -> Self {
        let mut granted: BTreeMap<ObjectIndex, Both<Roles>> = BTreeMap::new();
        for side in Side::ALL {
            let groups = key.classes.get(side).and_then(|(_, groups)| seen.groups.get(side).get(groups));
            for group in groups.into_iter().flatten() {
                for (project, role) in Tables::live_grants(tables.get(side), *group, at) {
                    for object in objects.in_project(side, project).filter(|object| objects.rows[*object].region == key.region) {
                        let roles = granted.entry(object).or_default().get_mut(side);
                        *roles = roles.or(Roles::of(Some(role)));
                    }
                }
            }
        }
        let mut counts: BTreeMap<(Sort, Both<Roles>), u64> = BTreeMap::new();
        for sort in objects.sorts_of(key.region) {
            counts.insert((*sort, Both::default()), objects.sorts[*sort].objects.len() as u64);
        }
        for (object, roles) in granted.iter().filter(|(_, roles)| **roles != Both::default()) {
            let sort = objects.rows[*object].sort;
            let one_more = counts.entry((sort, *roles)).or_default();
            *one_more = one_more.saturating_add(1);
            let one_less = counts.entry((sort, Both::default())).or_default();
            *one_less = one_less.saturating_sub(1);
        }
        let bucket = |((sort, roles), count): ((Sort, Both<Roles>), u64)| {
            let case = |side: Side| {
                let (principal, _) = (*key.classes.get(side))?;
                let object = (*objects.sorts[sort].classes.get(side))?;
                Some(Case { principal, object, own: None, groups: *roles.get(side) })
            };
            Bucket { sort, roles, count, cases: Both::each(case), delta: None, moves: None }
        };
        Self { granted, buckets: counts.into_iter().map(bucket).collect(), is_idle: false }
    }

    pub(super) fn roles_on(&self, object: ObjectIndex) -> Both<Roles> {
        self.granted.get(&object).copied().unwrap_or_default()
    }

    /// How much memory it takes, in entries.
    pub(super) fn size(&self) -> usize {
        self.granted.len().saturating_add(self.buckets.len())
    }

    /// The objects of a bucket that are not told apart.
    pub(super) fn ordinary<'p>(
        &'p self,
        bucket: &'p Bucket,
        objects: &'p Objects,
        ties: &'p Ties,
    ) -> impl Iterator<Item = ObjectIndex> + 'p {
        self.objects_of(bucket, objects).filter(|object| !ties.is_special(*object))
    }

    /// The objects of a bucket.
    pub(super) fn objects_of<'p>(&'p self, bucket: &'p Bucket, objects: &'p Objects) -> impl Iterator<Item = ObjectIndex> + 'p {
        objects.sorts[bucket.sort].objects.iter().copied().filter(|object| self.roles_on(*object) == bucket.roles)
    }
}
