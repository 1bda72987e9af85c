//! Rows of a review: with indices, and as they are told.

use serde::Serialize;

use crate::access::{Principal, Role};
use crate::catalogue::review_source::ReviewSource;
use crate::directory::{Group, PeriodRow, Tables, User};
use crate::input::instant::Instant;

use super::place::Place;

/// One source that gives a principal something in an organization or a project, or would give it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewRow<'d> {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: String,
    /// The id of the organization.
    pub organization: &'d str,
    /// The id of the project; none in the organization itself.
    pub project: Option<&'d str>,
    /// The role that the source gives: in a project a project role, but by visibility and in the organization itself an organization role.
    /// None for API keys, and for external collaborators in the organization itself.
    pub role: Option<&'d str>,
    /// Why the principal has it.
    pub source: ReviewSource,
    /// `group:<id>` of a group's row; `user:<id>` of the user that an API key acts as.
    pub via: Option<String>,
    /// Since when, if it is known: of a group's row since the later of the user's row in the group and the group's in the project; of what
    /// follows from a membership, since that began; of an API key since it was created.
    pub added_at: Option<Instant>,
    /// Until when, likewise: of several ends the first. An API key ends when it expires or is revoked.
    pub expires_at: Option<Instant>,
    /// Whether this source allows the principal anything there at the instant.
    pub effective: bool,
    /// The scopes of an API key, in byte order; none if it has no limits, and for users.
    pub scopes: Option<Vec<&'d str>>,
}

/// The same with indices, without the organization and the project.
#[derive(Clone, Copy)]
pub(super) struct SourceRow {
    pub(super) principal: Principal,
    pub(super) role: Option<Role>,
    pub(super) source: ReviewSource,
    pub(super) via: Option<Via>,
    pub(super) period: PeriodRow,
    pub(super) is_effective: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Via {
    Group(Group),
    User(User),
}

impl SourceRow {
    pub(super) fn told(self, tables: &Tables, place: Place) -> ReviewRow<'_> {
        let policy = tables.policy();
        let scopes = match self.principal {
            Principal::ApiKey(key) => tables.limits(key).and_then(|limits| limits.scopes.as_ref()),
            Principal::User(_) => None,
        };
        ReviewRow {
            principal: match self.principal {
                Principal::User(user) => format!("user:{}", tables.user_id(user)),
                Principal::ApiKey(key) => format!("api_key:{}", tables.api_key_id(key)),
            },
            organization: tables.organization_id(place.organization),
            project: place.project.map(|project| tables.project_id(project)),
            role: self.role.map(|role| match role {
                Role::Organization(role) => policy.organization_role_name(role),
                Role::Project(role) => policy.project_role_name(role),
            }),
            source: self.source,
            via: self.via.map(|via| match via {
                Via::Group(group) => format!("group:{}", tables.group_id(group)),
                Via::User(user) => format!("user:{}", tables.user_id(user)),
            }),
            added_at: self.period.added_at.get(),
            expires_at: self.period.expires_at.get(),
            effective: self.is_effective,
            scopes: scopes.map(|scopes| scopes.iter().map(|scope| policy.scope_name(*scope)).collect()),
        }
    }
}
