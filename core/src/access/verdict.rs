//! Verdicts: decisions as indices, before their names are looked up.

use crate::catalogue::decision::{Caveats, Decision};
use crate::directory::{Directory, Organization, Project};

use super::finding::{Ground, Role};

/// A decision as indices, before their names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) ground: Ground,
    pub(crate) role: Option<Role>,
    pub(crate) organization: Option<Organization>,
    pub(crate) project: Option<Project>,
    pub(crate) caveats: Caveats,
}

impl From<Ground> for Verdict {
    fn from(ground: Ground) -> Self {
        Self { ground, role: None, organization: None, project: None, caveats: Caveats::NONE }
    }
}

impl Directory {
    /// The decision of a verdict, with its names.
    pub(crate) fn decision_of(&self, verdict: &Verdict) -> Decision<'_> {
        let tables = self.tables();
        let policy = tables.policy();
        Decision {
            allowed: verdict.ground.allows(),
            reason: verdict.ground.reason,
            role: verdict.role.map(|role| match role {
                Role::Organization(role) => policy.organization_role_name(role),
                Role::Project(role) => policy.project_role_name(role),
            }),
            organization: verdict.organization.map(|organization| tables.organization_id(organization)),
            project: verdict.project.map(|project| tables.project_id(project)),
            caveats: verdict.caveats,
            policy: policy.id(),
            revision: self.revision(),
        }
    }
}
