//! The analysis of a policy: what in it nobody can do or use, and by which rule each usage is booked.

mod bookings;
mod permissions;

use serde::Serialize;

use crate::directory::replacement_policy;
use crate::input::error::Error;
use crate::input::value::Value;

pub use bookings::BookingRules;
pub use permissions::SameRoles;

/// What a policy gives to nobody, and how it books. Every list is in byte order, but those of bookings and roles, which are as in the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyAnalysis {
    /// The id of the policy.
    pub policy: String,
    /// The actions that no role, visibility, owner, external collaborator or API key has, or whose kind is on no surface.
    pub actions_nobody_has: Vec<String>,
    /// The kinds of which nobody can create anything.
    pub kinds_nobody_can_create: Vec<String>,
    /// The permissions to make changes that the policy gives to nobody, so that only the platform makes these changes; and `join_project` if no
    /// visibility lets anybody join.
    pub changes_nobody_can_make: Vec<String>,
    /// The scopes that permit an API key nothing.
    pub scopes_without_actions: Vec<String>,
    /// Roles that give the same: actions, roles in projects, and what visibilities give.
    pub roles_without_difference: Vec<SameRoles>,
    /// The actions on kinds that API keys have, and no user.
    pub verbs_only_keys_have: Vec<String>,
    /// The rule that books each usage, by kind, surface and state of the organization.
    pub bookings: Vec<BookingRules>,
    /// Whether every usage is booked by exactly one of the rules B1 to B6.
    pub is_complete: bool,
}

impl PolicyAnalysis {
    /// Analyses a policy by its id or document.
    ///
    /// # Errors
    /// The faults of a policy, below `/policy`.
    pub(crate) fn of(value: &Value<'_>) -> Result<Self, Error> {
        let policy = replacement_policy(value)?;
        let bookings = BookingRules::of(&policy, value)?;
        Ok(Self {
            actions_nobody_has: policy.actions_nobody_has(),
            kinds_nobody_can_create: policy.kinds_nobody_can_create(),
            changes_nobody_can_make: policy.changes_nobody_can_make(),
            scopes_without_actions: policy.scopes_without_actions(),
            roles_without_difference: policy.roles_without_difference(),
            verbs_only_keys_have: policy.verbs_only_keys_have(),
            is_complete: bookings.iter().all(BookingRules::are_complete),
            bookings,
            policy: policy.id().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
