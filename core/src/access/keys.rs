//! API keys: what they reach, and what limits them (A17, A22, A23, A29, A30).

use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::directory::{ApiKey, Organization, Project, Reach, Tables, User};
use crate::input::instant::Instant;
use crate::policy::Action;

use super::finding::Finding;

impl Tables {
    /// A22, A23, A29 and A30.
    pub(super) fn decide_for_key(&self, key: ApiKey, action: Action, project: Project, at: Instant) -> Finding {
        if !self.reaches(key, project) {
            return Rule::A22.says(Reason::KeyOutOfScope).into();
        }
        self.decide_within_reach(key, action, Rule::A23, |user| self.decide_for_user(user, action, project, at))
    }

    /// A17, A29 and A30.
    pub(super) fn decide_for_key_on_organization(&self, key: ApiKey, action: Action, organization: Organization, at: Instant) -> Finding {
        let own = self.project_row(self.api_key_row(key).project).organization;
        if own != organization || !self.limits(key).is_some_and(|limits| limits.reach == Reach::All) {
            return Rule::A17.says(Reason::KeyOutOfScope).into();
        }
        self.decide_within_reach(key, action, Rule::A17, |user| self.decide_for_user_on_organization(user, action, organization, at))
    }

    /// The rule that gives keys their permissions here comes first; then what limits this key.
    fn decide_within_reach(&self, key: ApiKey, action: Action, rule: Rule, of_user: impl FnOnce(User) -> Finding) -> Finding {
        let policy = self.policy();
        if !policy.api_key_has(action) {
            return rule.says(Reason::KeyLacksPermission).into();
        }
        let Some(limits) = self.limits(key) else { return rule.says(Reason::ApiKeyScope).into() };
        if limits.scopes.as_ref().is_some_and(|scopes| !scopes.iter().any(|scope| policy.scope_has(*scope, action))) {
            return Rule::A29.says(Reason::KeyScopeLacksPermission).into();
        }
        match limits.acts_as {
            None => rule.says(Reason::ApiKeyScope),
            Some(user) if !of_user(user).ground.allows() => Rule::A30.says(Reason::KeyUserLacksAccess),
            Some(_) if rule == Rule::A23 => Rule::A30.says(Reason::ApiKeyScope),
            Some(_) => rule.says(Reason::ApiKeyScope),
        }
        .into()
    }
}
