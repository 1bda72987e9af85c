//! What there is before and after.

use crate::directory::Tables;

/// A value for each side. Named, so that nothing can confuse the direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Both<T> {
    pub(super) before: T,
    pub(super) after: T,
}

/// Which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

pub(super) type BothTables<'t> = Both<&'t Tables>;

impl Side {
    pub(super) const ALL: [Self; 2] = [Self::Before, Self::After];
}

impl<T> Both<T> {
    pub(super) fn each(mut of: impl FnMut(Side) -> T) -> Self {
        Self { before: of(Side::Before), after: of(Side::After) }
    }

    pub(super) const fn get(&self, side: Side) -> &T {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    pub(super) const fn get_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }

    pub(super) fn map<U>(self, mut to: impl FnMut(T) -> U) -> Both<U> {
        Both { before: to(self.before), after: to(self.after) }
    }
}

impl<T> Both<Option<T>> {
    /// Both, if there is one on either side.
    pub(super) fn all(self) -> Option<Both<T>> {
        Some(Both { before: self.before?, after: self.after? })
    }
}
