//! What has been looked at once, and costs one look from then on.

/// What is known of things by their indices.
#[derive(Debug)]
pub(super) struct Seen<T>(Vec<Option<T>>);

impl<T: Copy> Seen<T> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    #[inline(always)]
    pub(super) fn of(&mut self, index: impl Into<u32>, value: impl FnOnce() -> T) -> T {
        let index = index.into() as usize;
        match self.0.get(index) {
            Some(Some(value)) => *value,
            _ => self.add(index, value()),
        }
    }

    #[cold]
    fn add(&mut self, index: usize, value: T) -> T {
        if index >= self.0.len() {
            self.0.resize(index.saturating_add(1), None);
        }
        if let Some(place) = self.0.get_mut(index) {
            *place = Some(value);
        }
        value
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
