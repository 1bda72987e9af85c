//! Conditions: when an entry has a finding.

use crate::access::Principal;
use crate::catalogue::finding::FindingCode;
use crate::directory::{ApiKey, EntryIndex, KeyKind, Project, Tables, User};
use crate::input::instant::Instant;
use crate::policy::{OrganizationRole, Policy, ProjectRole};

use super::found::Found;

impl Found {
    /// Whether an entry of these tables has the finding. Of projects without admins, it asks of the owner alone, who becomes one to mend it.
    pub(super) fn holds(self, tables: &Tables, at: Instant) -> bool {
        match (self.code, self.entry) {
            (FindingCode::ExternalIsAdmin, EntryIndex::Collaborator(project, user)) => {
                let is_admin = tables.collaborator_role(project, user, at) == Some(ProjectRole::STRONGEST);
                is_admin
                    && has_weaker_role(tables.policy())
                    && tables.project_row(project).allows_externals
                    && tables.is_outside(project, user, at)
            }
            (FindingCode::RowWithoutEffect, EntryIndex::Collaborator(project, user)) => {
                !tables.project_row(project).allows_externals && tables.is_outside(project, user, at)
            }
            (FindingCode::RowExpired, row) => tables.is_expired_row(row, at),
            (FindingCode::GroupEmpty, EntryIndex::Group(group)) => {
                !tables.members_of_group(group).iter().any(|user| tables.is_in_group(*user, group, at))
            }
            (FindingCode::OrganizationWithOneAdmin, EntryIndex::Organization(organization)) => {
                tables.members_by_role(organization, at).into_iter().filter(|(role, _)| *role == OrganizationRole::STRONGEST).all(
                    |(_, users)| users.into_iter().filter(|user| !tables.is_user_suspended(*user, Some(organization), at)).nth(1).is_none(),
                )
            }
            (FindingCode::ProjectWithoutAdmin, EntryIndex::Project(project)) => {
                !tables.is_project_admin(tables.owner_of(project), project, at)
            }
            (code, EntryIndex::ApiKey(key)) => tables.live(Some(Principal::ApiKey(key)), at).is_ok() && tables.live_key_has(code, key, at),
            _ => false,
        }
    }
}

impl Tables {
    fn live_key_has(&self, code: FindingCode, key: ApiKey, at: Instant) -> bool {
        let row = self.api_key_row(key);
        // A key that acts as a user ends with that user's access, whoever made it.
        let creator = row.created_by.filter(|_| self.acted_user(key).is_none());
        match code {
            FindingCode::KeyUserGone => self.acted_user(key).is_some_and(|user| self.is_gone(user)),
            FindingCode::KeyCreatorGone => creator.is_some_and(|user| self.is_gone(user)),
            FindingCode::KeyCreatorWithoutAccess => {
                creator.is_some_and(|user| !self.is_gone(user) && self.effective_role(user, row.project, at).is_none())
            }
            FindingCode::KeyOfExternal => self.external_maker(key, row.project, at).is_some(),
            // The organization default key cannot have an end.
            FindingCode::KeyNeverExpires => row.kind == KeyKind::Project && row.expires_at.is_none() && row.revoked_at.is_none(),
            _ => false,
        }
    }

    /// Whether nothing in the directory knows a user, whom a key may still name.
    pub(super) fn is_gone(&self, user: User) -> bool {
        self.user(self.user_id(user)).is_none()
    }

    pub(super) fn owner_of(&self, project: Project) -> User {
        self.organization_row(self.project_row(project).organization).owner
    }

    /// Whether a user has the strongest role in a project (A19 to A21), and is not suspended.
    pub(super) fn is_project_admin(&self, user: User, project: Project, at: Instant) -> bool {
        let organization = self.project_row(project).organization;
        self.effective_role(user, project, at) == Some(ProjectRole::STRONGEST) && !self.is_user_suspended(user, Some(organization), at)
    }

    /// Whether a user has a row in a project that has not ended, and never was a member of its organization, as far as the directory knows.
    fn is_outside(&self, project: Project, user: User, at: Instant) -> bool {
        let organization = self.project_row(project).organization;
        self.collaborator_role(project, user, at).is_some() && self.member_row(user, organization).is_none()
    }

    /// Whether a row has ended. What else somebody has whose membership has ended counts as not there with that.
    fn is_expired_row(&self, row: EntryIndex, at: Instant) -> bool {
        match row {
            EntryIndex::Member(organization, user) => self.has_left(user, organization, at),
            EntryIndex::Collaborator(project, user) => {
                let has_ended = self.own_row(project, user).is_some_and(|(_, period)| period.has_ended(at));
                has_ended && !self.has_left(user, self.project_row(project).organization, at)
            }
            EntryIndex::Grant(project, group) => self.grant_row(project, group).is_some_and(|(_, period)| period.has_ended(at)),
            EntryIndex::GroupMember(group, user) => {
                self.group_member_dates(group, user).has_ended(at) && !self.has_left(user, self.organization_of_group(group), at)
            }
            _ => false,
        }
    }
}

/// Whether a policy has more than one project role.
fn has_weaker_role(policy: &Policy) -> bool {
    policy.weakest_project_role() != ProjectRole::STRONGEST
}
