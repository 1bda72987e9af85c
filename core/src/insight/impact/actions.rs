//! The actions of both policies, and sets of them: what somebody may do on one side, and what differs between two.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::collections::table::Table;
use crate::policy::{Action, Policy, Target};

use super::both::{Both, BothTables, Side};
use super::indices::{ActionSet, Delta};
use super::interner::Interner;

/// Names, shared by all rows that have the same.
pub(super) type NameList = Arc<[Arc<str>]>;

/// What a principal gains and loses on an object: names of actions in byte order.
#[derive(Clone, Debug)]
pub(super) struct DeltaRow {
    pub(super) gained: NameList,
    pub(super) lost: NameList,
}

/// The actions of either policy, without those on oneself.
pub(super) struct Actions {
    /// In byte order.
    names: Vec<Arc<str>>,
    /// The place of each action of a side among the names.
    places: Both<Table<Action, Option<u32>>>,
    sets: Interner<ActionSet, Vec<u64>>,
    by_sets: BTreeMap<(ActionSet, ActionSet), Delta>,
    deltas: Table<Delta, DeltaRow>,
}

impl Actions {
    /// Nothing is gained or lost.
    pub(super) fn no_delta() -> Delta {
        // INVARIANT: `of` has made this one first.
        Delta::from(0)
    }

    /// No action.
    pub(super) fn none() -> ActionSet {
        // INVARIANT: `of` has made this one first.
        ActionSet::from(0)
    }

    pub(super) fn of(tables: BothTables<'_>) -> Self {
        let is_of_others = |policy: &Policy, action: Action| !matches!(policy.target(action), Target::User);
        let mut names = BTreeSet::new();
        for tables in [tables.before, tables.after] {
            let policy = tables.policy();
            names.extend(policy.actions().filter(|(action, _)| is_of_others(policy, *action)).map(|(_, name)| name));
        }
        let numbers: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
        let places = tables.map(|tables| {
            let policy = tables.policy();
            let mut places = Table::new();
            policy.actions().for_each(|(action, name)| {
                places.push(numbers.get(name).copied().filter(|_| is_of_others(policy, action)));
            });
            places
        });
        let mut actions = Self {
            names: names.into_iter().map(Arc::from).collect(),
            places,
            sets: Interner::new(),
            by_sets: BTreeMap::new(),
            deltas: Table::new(),
        };
        let nothing = actions.set_of(Side::Before, std::iter::empty());
        let _: Delta = actions.delta(Both { before: nothing, after: nothing });
        actions
    }

    /// The set of these actions of a side.
    pub(super) fn set_of(&mut self, side: Side, actions: impl Iterator<Item = Action>) -> ActionSet {
        let mut bits = vec![0_u64; self.names.len().div_ceil(64)];
        let places = self.places.get(side);
        for place in actions.filter_map(|action| *places.find(action)?) {
            if let Some(word) = bits.get_mut((place / 64) as usize) {
                *word |= 1 << (place % 64);
            }
        }
        self.sets.number(bits)
    }

    /// What differs between the actions before and after.
    pub(super) fn delta(&mut self, sets: Both<ActionSet>) -> Delta {
        // Equal sets differ in nothing.
        let key = if sets.before == sets.after { (Self::none(), Self::none()) } else { (sets.before, sets.after) };
        if let Some(delta) = self.by_sets.get(&key) {
            return *delta;
        }
        let difference = |of: ActionSet, without: ActionSet| -> NameList {
            let words = |set| self.sets.get(set).map(Vec::as_slice).unwrap_or_default();
            let bits = words(of).iter().zip(words(without)).map(|(of, without)| of & !without);
            let bits = bits.flat_map(|word| (0..64).map(move |bit| word >> bit & 1 == 1));
            self.names.iter().zip(bits).filter(|(_, is_in)| *is_in).map(|(name, _)| Arc::clone(name)).collect()
        };
        let row = DeltaRow { gained: difference(key.1, key.0), lost: difference(key.0, key.1) };
        // INVARIANT: there are fewer pairs of sets than pairs of principals and objects that a walk has looked at.
        let delta = Delta::from(u32::try_from(self.deltas.len()).unwrap_or(u32::MAX));
        self.deltas.push(row);
        self.by_sets.insert(key, delta);
        delta
    }

    pub(super) fn row(&self, delta: Delta) -> &DeltaRow {
        &self.deltas[delta]
    }
}
