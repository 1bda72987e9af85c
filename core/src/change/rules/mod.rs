//! The rules of changes: each change is validated completely before it is made, so nothing can fail after the first alteration. C1 to C24.

use crate::directory::Tables;
use crate::input::error::Error;

use super::document::Change;
use super::terms::Origin;
use collaborators::Grantee;
use keys::{Limits, NewKey};
use organizations::OrganizationFacts;
use projects::ProjectFacts;

mod collaborators;
mod groups;
mod keys;
mod lookup;
mod members;
mod organizations;
mod projects;
mod resources;
mod suspension;

impl Tables {
    /// Validates a change and makes it, without authorising it. After an error the caller rolls back.
    pub(crate) fn apply(&mut self, change: &Change<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        self.reserve_for_change()?;
        self.ensure_unlimited_key(change, origin)?;
        match *change {
            Change::AddMember { organization, user, email, role, expires_at } => {
                self.check_and_add_member(organization, user, role, email, expires_at, origin)
            }
            Change::RemoveMember { organization, user } => self.check_and_remove_member(organization, user, origin),
            Change::SetMemberRole { organization, user, role, expires_at } => {
                self.check_and_set_member_role(organization, user, role, expires_at, origin)
            }
            Change::DropMember { organization, user } => self.check_and_drop_member(organization, user),
            Change::RemoveUser { user } => self.check_and_remove_user(user),
            Change::TransferOwnership { organization, user } => self.check_and_transfer_ownership(organization, user, origin),
            Change::RemoveOrganization { organization } => self.check_and_remove_organization(organization),
            Change::UpdateOrganization { organization, name, membership, multi_project, projects_since, suspended_at } => {
                let facts = OrganizationFacts { name, membership, multi_project, projects_since, suspended_at };
                self.check_and_update_organization(organization, &facts, origin)
            }
            Change::CreateProject { organization, project, name } => self.check_and_create_project(organization, project, name, origin),
            Change::SetExternalCollaborators { project, allowed } => {
                let project = self.named_project(project)?;
                self.set_allows_externals(project, allowed); // C5
                Ok(())
            }
            Change::RemoveProject { project } => self.check_and_remove_project(project),
            Change::UpdateProject { project, name, allow_external_collaborators, visibility, suspended_at } => {
                let facts = ProjectFacts { name, allow_external_collaborators, visibility, suspended_at };
                self.check_and_update_project(project, &facts, origin)
            }
            Change::SetVisibility { project, visibility } => self.check_and_set_visibility(project, visibility),
            Change::SetDefaultProject { project } => {
                let project = self.named_project(project)?;
                self.set_default_project(project);
                Ok(())
            }
            Change::MoveProject { project, organization } => self.check_and_move_project(project, organization),
            Change::AddCollaborator { project, user, group, role, expires_at } => match Grantee::of(user, group) {
                Grantee::User(user) => self.check_and_add_collaborator(project, user, role, expires_at, origin),
                Grantee::Group(group) => self.check_and_add_grant(project, group, role, expires_at, origin),
            },
            Change::RemoveCollaborator { project, user, group } => match Grantee::of(user, group) {
                Grantee::User(user) => self.check_and_remove_collaborator(project, user, origin),
                Grantee::Group(group) => self.check_and_remove_grant(project, group, origin),
            },
            Change::SetCollaboratorRole { project, user, group, role, expires_at } => match Grantee::of(user, group) {
                Grantee::User(user) => self.check_and_set_collaborator_role(project, user, role, expires_at, origin),
                Grantee::Group(group) => self.check_and_set_grant_role(project, group, role, expires_at, origin),
            },
            Change::JoinProject { project } => self.check_and_join_project(project, origin),
            Change::LeaveProject { project } => self.check_and_leave_project(project, origin),
            Change::AddGroup { organization, group, name } => self.check_and_add_group(organization, group, name),
            Change::RemoveGroup { group } => self.check_and_remove_group(group, origin),
            Change::AddGroupMember { group, user, expires_at } => self.check_and_add_group_member(group, user, expires_at, origin),
            Change::RemoveGroupMember { group, user } => self.check_and_remove_group_member(group, user, origin),
            Change::CreateApiKey { project, key, digest, name, expires_at, created_by, created_at, ref scopes, acts_as, ref projects } => {
                let new = NewKey { key, digest, name, expires_at, created_by, created_at };
                let limits = Limits { scopes: Some(scopes.as_deref()), acts_as: Some(acts_as), projects: projects.as_ref().map(Some) };
                self.check_and_create_api_key(project, &new, &limits, origin)
            }
            Change::UpdateApiKey { key, name, ref scopes, acts_as, ref projects } => {
                let scopes = scopes.as_ref().map(Option::as_deref);
                let limits = Limits { scopes, acts_as, projects: projects.as_ref().map(Option::as_ref) };
                self.check_and_update_api_key(key, name, &limits, origin)
            }
            Change::RevokeApiKey { key } => self.check_and_revoke_api_key(key, origin),
            Change::ExpireApiKey { key, expires_at } => self.check_and_expire_api_key(key, expires_at, origin),
            Change::RegenerateDefaultKey { organization, digest } => self.check_and_regenerate_default_key(organization, digest, origin),
            Change::RemoveApiKey { key } => {
                let key = self.ordinary_key(key)?;
                self.remove_api_key(key); // C22
                Ok(())
            }
            Change::AddResource { project, resource, kind, name } => self.check_and_add_resource(project, resource, kind, name, origin),
            Change::RemoveResource { resource } => {
                let resource = self.named_resource(resource)?;
                self.remove_resource(resource);
                Ok(())
            }
            Change::UpdateResource { resource, name } => {
                let resource = self.named_resource(resource)?;
                name.map_or(Ok(()), |name| self.rename_resource(resource, name)).map_err(Error::from)
            }
            Change::MoveResource { resource, project } => self.check_and_move_resource(resource, project, origin),
            Change::Suspend { organization, project, user } => {
                let subject = self.suspendable(organization, project, user, origin)?;
                self.suspend(subject, origin.at)
            }
            Change::Resume { organization, project, user } => {
                let subject = self.suspendable(organization, project, user, origin)?;
                self.resume(subject, origin.at)
            }
            Change::Put(ref put, value) => self.put(put, value), // C13
            Change::SetPolicy(ref new) => self.set_policy(new),  // C23
        }
    }
}
