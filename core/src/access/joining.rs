//! Joining and leaving a project by oneself (C20). The project's visibility decides, not a permission.

use crate::catalogue::decision::{Caveats, Reason};
use crate::catalogue::rule::Rule;
use crate::directory::{Directory, Project, Tables};
use crate::input::id::Reference;
use crate::input::instant::Instant;

use super::admission::Live;
use super::finding::{Finding, Role};
use super::question::{Conditions, Principal};
use super::verdict::Verdict;

impl Directory {
    /// Whether a principal may join a project by themselves, or leave it.
    pub(crate) fn decide_by_oneself(&self, principal: Reference<'_>, project: &str, joins: bool, at: Instant) -> Verdict {
        let tables = self.tables();
        let admitted = self.admit(&Conditions::at(at)).and_then(|fresh| fresh.live(tables.find_principal(principal)));
        let live = match admitted {
            Ok(live) => live,
            Err(ground) => return ground.into(), // A1, A3 to A5
        };
        let Some(project) = tables.project(project) else {
            return Rule::A6.says(Reason::UnknownResource).into();
        };
        let Finding { ground, role } = tables.decide_by_oneself(live, project, joins);
        let organization = tables.project_row(project).organization;
        Verdict { ground, role, organization: Some(organization), project: Some(project), caveats: Caveats::NONE }
    }
}

impl Tables {
    fn decide_by_oneself(&self, live: Live, project: Project, joins: bool) -> Finding {
        let row = self.project_row(project);
        if self.is_principal_suspended(live, Some(row.organization)) {
            return Rule::A25.says(Reason::PrincipalSuspended).into();
        }
        if self.is_scope_suspended(Some(row.organization), Some(project), live.at()) {
            return Rule::A26.says(Reason::ScopeSuspended).into();
        }
        let user = match live.principal() {
            Principal::User(user) => user,
            Principal::ApiKey(key) if self.reaches(key, project) => return Rule::C20.says(Reason::KeyLacksPermission).into(),
            Principal::ApiKey(_) => return Rule::C20.says(Reason::KeyOutOfScope).into(),
        };
        if !joins {
            return Rule::C20.says(Reason::Myself).into();
        }
        let Some(role) = self.membership(user, row.organization, live.at()) else {
            return Rule::C20.says(Reason::NotAMember).into();
        };
        let joining_role = self.policy().joining_role(row.visibility, role);
        let reason = if joining_role.is_some() { Reason::ProjectVisibility } else { Reason::RoleLacksPermission };
        Rule::C20.says(reason).with(Role::Organization(role))
    }
}
