//! Semantics: when a batch of evaluations ends early.

use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{object, optional, word};
use crate::input::value::Value;

/// When a batch ends.
#[derive(Clone, Copy)]
pub(super) enum Semantic {
    /// After all evaluations.
    ExecuteAll,
    /// After the first denial.
    DenyOnFirstDeny,
    /// After the first permission.
    PermitOnFirstPermit,
}

impl Semantic {
    /// The semantic that the options of a request name.
    pub(super) fn read(options: &Value<'_>, path: &Path<'_>) -> Result<Option<Self>, Error> {
        let read = |value: &Value<'_>, path: &Path<'_>| word(value, path, &Self::ALL, Self::as_str);
        optional(object(options, path, &[])?, "evaluations_semantic", path, read)
    }

    const ALL: [Self; 3] = [Self::ExecuteAll, Self::DenyOnFirstDeny, Self::PermitOnFirstPermit];

    const fn as_str(self) -> &'static str {
        match self {
            Self::ExecuteAll => "execute_all",
            Self::DenyOnFirstDeny => "deny_on_first_deny",
            Self::PermitOnFirstPermit => "permit_on_first_permit",
        }
    }

    /// Whether a batch ends after this decision.
    pub(super) const fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}
