//! What has been looked at once, and costs one look from then on.

/// What is known of things by their indices.
#[derive(Debug)]
pub(super) struct Memo<T> {
    values: Vec<Option<T>>,
    /// The places that hold something, so that forgetting costs what was seen and not what there is.
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

    pub(super) fn forget(&mut self) {
        for index in self.used.drain(..) {
            if let Some(place) = self.values.get_mut(index) {
                *place = None;
            }
        }
    }
}
