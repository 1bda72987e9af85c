//! Interned values: each once, by a small number.

use std::collections::BTreeMap;
use std::marker::PhantomData;

/// Values, numbered in the order in which they were first seen.
pub(super) struct Interner<I, T> {
    numbers: BTreeMap<T, u32>,
    values: Vec<T>,
    index: PhantomData<I>,
}

impl<I: From<u32> + Into<u32>, T: Ord + Clone> Interner<I, T> {
    pub(super) const fn new() -> Self {
        Self { numbers: BTreeMap::new(), values: Vec::new(), index: PhantomData }
    }

    pub(super) fn number(&mut self, value: T) -> I {
        if let Some(number) = self.numbers.get(&value) {
            return I::from(*number);
        }
        // INVARIANT: there are not more values than entries of a directory, which 32-bit indices address.
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        I::from(number)
    }

    pub(super) fn get(&self, index: I) -> Option<&T> {
        self.values.get(index.into() as usize)
    }
}
