//! Suspension: of who asks (A25), and of what is asked about (A26).

use crate::catalogue::decision::Reason;
use crate::catalogue::rule::Rule;
use crate::directory::{Organization, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::Action;

use super::admission::Live;
use super::finding::Ground;
use super::question::{Object, Principal};

impl Tables {
    /// A25 and A26.
    #[inline]
    pub(super) fn suspended(&self, live: Live, action: Action, object: Object) -> Option<Ground> {
        if self.has_suspensions() { self.suspended_in_detail(live, action, object) } else { None }
    }

    #[inline(never)]
    fn suspended_in_detail(&self, live: Live, action: Action, object: Object) -> Option<Ground> {
        let policy = self.policy();
        let (organization, project) = self.scope(object);
        if !policy.is_left_to_suspended(action) && self.is_principal_suspended(live, organization) {
            return Some(Rule::A25.says(Reason::PrincipalSuspended));
        }
        if !policy.is_left_on_suspended(action) && self.is_scope_suspended(organization, project, live.at()) {
            return Some(Rule::A26.says(Reason::ScopeSuspended));
        }
        None
    }

    /// Whether a principal is suspended, everywhere or in an organization.
    pub(crate) fn is_principal_suspended(&self, live: Live, organization: Option<Organization>) -> bool {
        let at = live.at();
        match live.principal() {
            Principal::User(user) => self.is_user_suspended(user, organization, at),
            Principal::ApiKey(key) => {
                let own = self.api_key_row(key).project;
                self.is_scope_suspended(Some(self.project_row(own).organization), Some(own), at)
                    || self.acted_user(key).is_some_and(|user| self.is_user_suspended(user, organization, at))
            }
        }
    }

    pub(crate) fn is_user_suspended(&self, user: User, organization: Option<Organization>, at: Instant) -> bool {
        let row = organization.and_then(|organization| self.member_row(user, organization));
        let row = row.filter(|row| !self.has_ended(row.period, at));
        is_past(self.suspension_of_user(user), at) || row.is_some_and(|row| is_past(row.suspended_at, at))
    }

    /// Whether an organization or a project is suspended.
    pub(crate) fn is_scope_suspended(&self, organization: Option<Organization>, project: Option<Project>, at: Instant) -> bool {
        organization.is_some_and(|organization| is_past(self.organization_row(organization).suspended_at, at))
            || project.is_some_and(|project| is_past(self.project_contents(project).suspended_at, at))
    }
}

fn is_past(suspended_at: Option<Instant>, at: Instant) -> bool {
    suspended_at.is_some_and(|suspended_at| suspended_at <= at)
}
