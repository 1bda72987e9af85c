//! Sorts of usage: where usage of a kind on a surface is booked depends on little of the policy, so that few usages show every booking.

use std::collections::BTreeMap;

use crate::policy::Policy;

use super::booking::Traits;

/// The usages of one policy or of two, by what decides where they are booked (B1 to B6), on each side.
pub(crate) struct UsageSorts {
    /// Kind and surface, with the traits on each side.
    usages: BTreeMap<(String, String), Vec<(bool, bool)>>,
    sides: usize,
}

impl UsageSorts {
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut sorts = Self { usages: BTreeMap::new(), sides: 0 };
        sorts.also(policy);
        sorts
    }

    /// Takes the policy of the other side into account.
    pub(crate) fn also(&mut self, policy: &Policy) {
        self.sides = self.sides.saturating_add(1);
        for surface in policy.surfaces() {
            for (kind, name) in policy.kinds() {
                let sort = Traits::that_decide_the_place(policy.traits(kind, surface));
                let usage = (name.to_owned(), policy.surface_name(surface).to_owned());
                self.usages.entry(usage).or_default().push(sort);
            }
        }
    }

    /// The usages of each sort, as kind and surface. Usage that only one side knows has no booking to compare.
    pub(crate) fn sorts(&self) -> Vec<Vec<(&str, &str)>> {
        let mut sorts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((kind, surface), sides) in self.usages.iter().filter(|(_, sides)| sides.len() == self.sides) {
            sorts.entry(sides).or_default().push((kind.as_str(), surface.as_str()));
        }
        sorts.into_values().collect()
    }

    /// One usage of each sort.
    pub(crate) fn distinct(&self) -> Vec<(&str, &str)> {
        self.sorts().iter().filter_map(|usages| usages.first().copied()).collect()
    }
}
