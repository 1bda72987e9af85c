//! Findings: what a rule says, with its id.

use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::policy::{OrganizationRole, ProjectRole};

/// A rule and what it says. It fits into a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ground {
    pub(crate) rule: Rule,
    pub(crate) reason: Reason,
}

/// An organization role or a project role.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Organization(OrganizationRole),
    Project(ProjectRole),
}

/// The result of a rule: small enough to be returned in registers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub(super) ground: Ground,
    pub(super) role: Option<Role>,
}

impl Rule {
    /// What the rule says.
    #[inline]
    pub(crate) const fn says(self, reason: Reason) -> Ground {
        Ground { rule: self, reason }
    }
}

impl Ground {
    #[inline]
    pub(super) const fn with(self, role: Role) -> Finding {
        Finding { ground: self, role: Some(role) }
    }

    #[inline]
    pub(crate) const fn allows(self) -> bool {
        self.reason.allows()
    }
}

impl From<Ground> for Finding {
    #[inline]
    fn from(ground: Ground) -> Self {
        Self { ground, role: None }
    }
}
