//! Single entries put.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::document::{ApiKeyDocument, CollaboratorDocument, GroupDocument, MemberDocument, ResourceDocument, UserDocument};
use crate::directory::edit::NewMember;
use crate::directory::indexer::{Indexer, Put, period};
use crate::input::error::{Error, quoted};
use crate::input::path::Path;
use crate::policy::OrganizationRole;

impl Indexer<'_, '_> {
    pub(super) fn put_user(mut self, document: &UserDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let user = self.user(document.id)?;
        self.tables.clear_user(user);
        self.listed_user(document, path, None)?;
        self.tables.forget_bare_entry_of(user);
        self.finish().map(drop)
    }

    pub(super) fn put_member(mut self, organization: &str, row: &MemberDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let organization = self.find_organization(organization)?;
        let role = self.tables.policy.organization_role(row.role);
        if role.is_none() {
            let message = format_args!("the policy has no organization role {}", quoted(row.role));
            self.fault(ErrorCode::UnknownRole, &path.field("role"), message);
        }
        let user = self.user(row.user)?;
        let new = NewMember {
            organization,
            user,
            role: role.unwrap_or(OrganizationRole::from(u32::MAX)),
            period: period(row.added_at, row.expires_at),
            suspended_at: row.suspended_at,
        };
        let may_have_several = self.tables.policy.has_multiple_organizations();
        if self.tables.member_row(user, organization).is_some() {
            self.tables.set_member(&new).map_err(Error::from)?;
        } else if !may_have_several && self.tables.user_rows[user].organization.is_some() {
            let message = "this user is already a member of another organization";
            self.fault(ErrorCode::UserInTwoOrganizations, &path.field("user"), message);
        } else {
            self.tables.push_member(&new).map_err(Error::from)?;
            self.tables.sort_last_member(organization);
        }
        let is_owner = self.tables.organization_rows[organization].owner == user;
        if is_owner {
            self.ensure_owner_stays(row, path);
        }
        let has_other_home = !may_have_several && self.tables.user_rows[user].outside.is_some();
        self.finish()?;
        if is_owner && role != Some(OrganizationRole::STRONGEST) {
            let message = "the owner is not a member with the strongest organization role";
            return Err(Error::new(ErrorCode::OwnerNotAdmin, &path.field("role"), message));
        }
        if has_other_home {
            let message = "the entry of this user in `users` names another home organization";
            return Err(Error::new(ErrorCode::UserInTwoOrganizations, &path.field("user"), message));
        }
        Ok(())
    }

    pub(super) fn put_group(mut self, organization: &str, document: &GroupDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let organization = self.find_organization(organization)?;
        let held = self.tables.group(document.id);
        let group = match held {
            Some(group) if self.tables.group_rows[group].organization == organization => {
                for user in self.tables.group_rows[group].members.clone() {
                    self.tables.remove_group_member(group, user);
                }
                self.tables.name_group(group, document.name).map_err(Error::from)?;
                group
            }
            Some(elsewhere) => {
                self.fault(ErrorCode::AlreadyExists, &path.field("id"), "this id is already used in another organization");
                elsewhere
            }
            None => self.tables.add_group(organization, document.id, document.name).map_err(Error::from)?,
        };
        self.group_members(document, (organization, group), true, path)?;
        self.tables.sort_members_of(group);
        self.finish().map(drop)
    }

    pub(super) fn put_collaborator(mut self, project: &str, row: &CollaboratorDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let project = self.find_project(project)?;
        let organization = self.tables.project_rows[project].organization;
        if let Some(user) = row.user.and_then(|user| self.tables.find_user_name(user)) {
            self.tables.remove_collaborator(project, user);
        }
        if let Some(group) = row.group.and_then(|group| self.tables.group(group)) {
            self.tables.remove_grant(project, group);
        }
        self.collaborator(row, (organization, project), true, path)?;
        self.tables.sort_last_collaborator(project);
        self.tables.sort_last_grant(project);
        self.finish().map(drop)
    }

    pub(in crate::directory) fn put_api_key(mut self, project: &str, document: &ApiKeyDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let project = self.find_project(project)?;
        if let Some(key) = self.tables.api_key(document.id).filter(|key| self.tables.api_key_rows[*key].project == project) {
            self.tables.remove_api_key(key);
        }
        self.put = Some(Put::Entry);
        self.put_key(document, project, path)?;
        self.tables.sort_last_api_key(project);
        self.tables.sort_last_wide_key(self.tables.project_rows[project].organization);
        self.finish().map(drop)
    }

    pub(super) fn put_resource(mut self, project: &str, document: &ResourceDocument<'_>, path: &Path<'_>) -> Result<(), Error> {
        let project = self.find_project(project)?;
        let held = self.tables.policy.resource_kind(document.kind).and_then(|kind| self.tables.resource(kind, document.id));
        if let Some(resource) = held.filter(|resource| self.tables.resource_rows[*resource].project == project) {
            self.tables.remove_resource(resource);
        }
        self.put = Some(Put::Entry);
        self.resource(document, project, path)?;
        self.tables.sort_last_resource(project);
        self.finish().map(drop)
    }
}
