//! Memo: a cache of values by index.

/// A cache of values by index.
#[derive(Debug)]
pub(super) struct Memo<T> {
    values: Vec<Option<T>>,
    /// The indices with a value, so that clearing costs what was cached and not the whole table.
    used: Vec<usize>,
}

impl<T: Copy> Memo<T> {
    pub(super) const fn new() -> Self {
        Self { values: Vec::new(), used: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn of(&mut self, index: impl Into<u32>, value: impl FnOnce() -> T) -> T {
        let index = index.into() as usize;
        match self.values.get(index) {
            Some(Some(value)) => *value,
            _ => self.add(index, value()),
        }
    }

    #[cold]
    fn add(&mut self, index: usize, value: T) -> T {
        if index >= self.values.len() {
            self.values.resize(index.saturating_add(1), None);
        }
        if let Some(place) = self.values.get_mut(index) {
            *place = Some(value);
            self.used.push(index);
        }
        value
    }

    #[cfg(feature = "timeline")]
    pub(super) fn forget_one(&mut self, index: impl Into<u32>) {
        if let Some(place) = self.values.get_mut(index.into() as usize) {
            *place = None;
        }
    }

    pub(super) fn forget(&mut self) {
        for index in self.used.drain(..) {
            if let Some(place) = self.values.get_mut(index) {
                *place = None;
            }
        }
    }
}
