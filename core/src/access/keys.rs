//! API keys: what they reach, and what limits them (A17, A22, A23, A29, A30).

use crate::catalogue::decision::Reason;
use crate::directory::{ApiKey, Organization, Project, Reach, Tables, User};
use crate::input::instant::Instant;
use crate::policy::Action;

use super::rules::Finding;

impl Tables {
    /// A22, A23, A29 and A30.
    pub(super) fn decide_for_key(&self, key: ApiKey, action: Action, project: Project, at: Instant) -> Finding {
        if !self.reaches(key, project) {
            return Reason::KeyOutOfScope.into(); // A22
        }
        self.decide_within_reach(key, action, |user| self.decide_for_user(user, action, project, at))
    }

    /// A17, A29 and A30.
    pub(super) fn decide_for_key_on_organization(&self, key: ApiKey, action: Action, organization: Organization, at: Instant) -> Finding {
        let own = self.project_row(self.api_key_row(key).project).organization;
        if own != organization || !self.limits(key).is_some_and(|limits| limits.reach == Reach::All) {
            return Reason::KeyOutOfScope.into(); // A17
        }
        self.decide_within_reach(key, action, |user| self.decide_for_user_on_organization(user, action, organization, at))
    }

    fn decide_within_reach(&self, key: ApiKey, action: Action, of_user: impl FnOnce(User) -> Finding) -> Finding {
        let policy = self.policy();
        if !policy.api_key_has(action) {
            return Reason::KeyLacksPermission.into(); // A23
        }
        if let Some(limits) = self.limits(key) {
            if limits.scopes.as_ref().is_some_and(|scopes| !scopes.iter().any(|scope| policy.scope_has(*scope, action))) {
                return Reason::KeyScopeLacksPermission.into(); // A29
            }
            if limits.acts_as.is_some_and(|user| !of_user(user).reason.allows()) {
                return Reason::KeyUserLacksAccess.into(); // A30
            }
        }
        Reason::ApiKeyScope.into() // A23, A30
    }
}
