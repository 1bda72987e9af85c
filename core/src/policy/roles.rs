//! Roles: sets of project roles as bits.

use super::indices::ProjectRole;

/// A set of project roles with one bit per role. The strongest role has the lowest bit.
///
/// INVARIANT: a policy has at most 64 project roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Roles(u64);

impl Roles {
    pub(crate) const NONE: Self = Self(0);

    #[inline]
    pub(crate) fn of(role: Option<ProjectRole>) -> Self {
        role.map_or(Self::NONE, |role| Self(1 << (u32::from(role) & 63)))
    }

    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles that are in either set.
    #[inline]
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The roles that are in both sets.
    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    pub(crate) fn contains(self, role: ProjectRole) -> bool {
        !self.and(Self::of(Some(role))).is_empty()
    }

    /// The roles, strongest first.
    #[cfg(feature = "insight")]
    pub(crate) fn iter(self) -> impl Iterator<Item = ProjectRole> {
        (0..u64::BITS).map(ProjectRole::from).filter(move |role| self.contains(*role))
    }

    #[inline]
    pub(crate) fn strongest(self) -> Option<ProjectRole> {
        (self.0 != 0).then(|| ProjectRole::from(self.0.trailing_zeros()))
    }
}
