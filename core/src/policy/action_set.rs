//! Action sets: sets of actions as bits.

use super::indices::Action;

/// A set of actions with one bit per action: a test costs one load and one shift.
#[derive(Clone, Debug)]
pub(super) struct ActionSet(Box<[u64]>);

impl ActionSet {
    pub(super) fn with_capacity(actions: usize) -> Self {
        Self(vec![0; actions.div_ceil(64)].into_boxed_slice())
    }

    fn bit_of(action: Action) -> (usize, u64) {
        let number = u32::from(action);
        ((number / 64) as usize, 1 << (number % 64))
    }

    pub(super) fn insert(&mut self, action: Action) {
        let (word, bit) = Self::bit_of(action);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(super) fn insert_if(&mut self, is_member: bool, action: Action) {
        if is_member {
            self.insert(action);
        }
    }

    #[inline]
    pub(super) fn contains(&self, action: Action) -> bool {
        let (word, bit) = Self::bit_of(action);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}
