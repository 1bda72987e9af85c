//! The rules of changes: each change is validated completely before it is made, so nothing can fail after the first alteration. C1 to C12.

use std::fmt::Display;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::texts::Full;
use crate::directory::{
    ApiKey, KeyDigest, KeyKind, KeyLimits, Membership, NewApiKey, NewMember, NewProject, NewResource, Organization, PeriodRow, Project,
    Resource, Tables, User,
};
use crate::input::error::{Error, quoted};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::{OrganizationRole, ProjectRole, Visibility};

use super::document::Change;
use super::terms::Origin;

impl Tables {
    /// Validates a change and makes it, without authorising it. After an error nothing has changed.
    pub(crate) fn apply(&mut self, change: &Change<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        self.reserve_for_change()?;
        self.check_and_apply(change, origin)?;
        self.compact_if_worth_it();
        Ok(())
    }

    fn check_and_apply(&mut self, change: &Change<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        self.ensure_unlimited_key(change, origin)?;
        match *change {
            Change::AddMember { organization, user, email, role } => self.add_member(organization, user, email, role, origin),
            Change::RemoveMember { organization, user } => {
                let (organization, user) = self.ordinary_member(organization, user, origin.at)?;
                self.ensure_no_stronger_member(origin, organization, user)?;
                self.remove_member(organization, user); // C2
                Ok(())
            }
            Change::SetMemberRole { organization, user, role } => {
                let (organization, user) = self.ordinary_member(organization, user, origin.at)?;
                let role = self.organization_role(role)?;
                self.ensure_own_organization_role(origin, organization, role, true)?;
                self.ensure_no_stronger_member(origin, organization, user)?;
                self.set_member_role(organization, user, role); // C3
                Ok(())
            }
            Change::CreateProject { organization, project, name } => self.create_project(organization, project, name, origin),
            Change::SetExternalCollaborators { project, allowed } => {
                let project = ensure_found(self.project(project), "project")?;
                self.set_allows_externals(project, allowed); // C5
                Ok(())
            }
            Change::AddCollaborator { project, user, role } => self.add_collaborator(project, user, role, origin),
            Change::RemoveCollaborator { project, user } => self.check_and_remove_collaborator(project, user, origin),
            Change::SetCollaboratorRole { project, user, role } => {
                let project = ensure_found(self.project(project), "project")?;
                let user = ensure_found(self.user(user).filter(|user| self.has_live_row(project, *user, origin.at)), "user")?;
                let role = self.project_role(role)?;
                self.ensure_own_project_role(origin, project, role, true)?;
                self.ensure_no_stronger_collaborator(origin, project, user)?;
                self.set_collaborator_role(project, user, role); // C8
                Ok(())
            }
            Change::CreateApiKey { project, key, digest, name, expires_at, created_by, created_at } => {
                ensure_platform(origin, created_by.is_some(), "created_by")?;
                ensure_platform(origin, created_at.is_some(), "created_at")?;
                let project = ensure_found(self.project(project), "project")?;
                ensure_absent(self.api_key(key).is_some(), "key")?;
                self.ensure_new_digest(&digest, origin)?;
                let new = NewApiKey {
                    project,
                    kind: KeyKind::Project,
                    created_by: None,
                    created_at: Some(created_at.unwrap_or(origin.at)),
                    expires_at,
                    revoked_at: None,
                    name,
                    digest: Some(digest),
                    limits: KeyLimits::default(),
                };
                self.create_api_key(key, created_by.or(origin.user), new).map_err(Error::from)
            }
            Change::RevokeApiKey { key } => {
                let key = self.ordinary_key(key)?;
                if self.api_key_row(key).revoked_at.is_some_and(|revoked_at| revoked_at <= origin.at) {
                    return Err(error(ErrorCode::AlreadyRevoked, "key", "the key is already revoked"));
                }
                self.api_key_row_mut(key).revoked_at = Some(origin.at); // C10
                Ok(())
            }
            Change::ExpireApiKey { key, expires_at } => {
                let key = self.ordinary_key(key)?;
                if origin.actor.is_some() && self.api_key_row(key).expires_at.is_some_and(|expired_at| expired_at <= origin.at) {
                    return Err(error(ErrorCode::KeyExpired, "key", "the key has expired; create another one"));
                }
                self.api_key_row_mut(key).expires_at = expires_at; // C11
                Ok(())
            }
            Change::RegenerateDefaultKey { organization, digest } => {
                let default_key = self.organization(organization).and_then(|organization| self.organization_row(organization).default_key);
                let key = ensure_found(default_key, "organization")?;
                self.ensure_new_digest(&digest, origin)?;
                self.set_digest(key, Some(digest)); // C12
                Ok(())
            }
            Change::AddResource { project, resource, kind, name } => {
                let project = ensure_found(self.project(project), "project")?;
                let unknown =
                    || error(ErrorCode::UnknownKind, "kind", format_args!("{} is not a kind of resources in the policy", quoted(kind)));
                let kind = self.policy().resource_kind(kind).ok_or_else(unknown)?;
                ensure_absent(self.resource(kind, resource).is_some(), "resource")?;
                let new = NewResource { project, kind, created_by: None, created_at: Some(origin.at), name };
                self.add_resource(resource, new, origin).map_err(Error::from)
            }
            Change::RemoveResource { resource } => {
                let resource = ensure_found(self.resource_by_reference(resource), "resource")?;
                self.remove_resource(resource);
                Ok(())
            }
        }
    }

    /// C1.
    fn add_member(
        &mut self,
        organization: &str,
        user: &str,
        email: Option<&str>,
        role: Option<&str>,
        origin: &Origin<'_>,
    ) -> Result<(), Error> {
        let organization = ensure_found(self.organization(organization), "organization")?;
        if origin.actor.is_some() && self.organization_row(organization).membership == Membership::Sso {
            let message = "members of this organization come only through its single sign-on";
            return Err(error(ErrorCode::MembershipManagedBySso, "organization", message));
        }
        let is_named = role.is_some();
        let role = match role {
            Some(role) => self.organization_role(role)?,
            None => self.policy().weakest_organization_role(),
        };
        self.ensure_own_organization_role(origin, organization, role, is_named)?;
        let known = self.user(user);
        let row = known.and_then(|user| self.member_row(user, organization));
        ensure_absent(row.is_some_and(|row| !self.has_ended(row.period, origin.at)), "user")?;
        if known.is_some_and(|user| self.is_member_elsewhere(user, organization)) {
            let message = "the user is a member of another organization; a user belongs to one at most";
            return Err(error(ErrorCode::UserInTwoOrganizations, "user", message));
        }
        if origin.actor.is_some() && known.is_some_and(|user| self.would_be_taken_over(user, email)) {
            let message = "the user has a home organization or another e-mail address; only the platform can move them";
            return Err(error(ErrorCode::UserInTwoOrganizations, "user", message));
        }
        if let (Some(user), Some(_)) = (known, row) {
            self.remove_member(organization, user); // Nothing old comes back unseen.
        }
        self.insert_member(organization, user, email, role).map_err(Error::from)
    }

    /// Whether a user cannot be a member of an organization, being one of another.
    fn is_member_elsewhere(&self, user: User, organization: Organization) -> bool {
        !self.policy().has_multiple_organizations() && self.member_rows(user).any(|row| row.organization != organization)
    }

    /// Whether an invitation would replace a home outside the directory, or a known e-mail address.
    fn would_be_taken_over(&self, user: User, email: Option<&str>) -> bool {
        let known = self.email(user);
        let replaces_home = self.has_home_outside(user) && !self.policy().has_multiple_organizations();
        replaces_home || (email.is_some() && known.is_some() && known != email)
    }

    fn insert_member(&mut self, organization: Organization, user: &str, email: Option<&str>, role: OrganizationRole) -> Result<(), Full> {
        let user = self.intern_user(user)?;
        if email.is_some() {
            self.set_email(user, email)?;
        }
        if !self.policy().has_multiple_organizations() {
            self.clear_home_outside(user); // C1: this organization is the home now.
        }
        // Rows without effect must not silently get one.
        self.remove_collaborators(user, |project| project.organization == organization && !project.allows_externals);
        self.push_member(&NewMember { organization, user, role, period: PeriodRow::default(), suspended_at: None })?;
        self.sort_last_member(organization);
        Ok(())
    }

    /// C4.
    fn create_project(&mut self, organization: &str, project: &str, name: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let organization = ensure_found(self.organization(organization), "organization")?;
        if !self.organization_row(organization).multi_project {
            let message = "`multi_project` is false: the default project is the only one";
            return Err(error(ErrorCode::MultiProjectDisabled, "organization", message));
        }
        ensure_absent(self.project(project).is_some(), "project")?;
        let visibility = Visibility::from(0);
        let new = NewProject { organization, is_default: false, allows_externals: false, visibility, suspended_at: None, name: Some(name) };
        self.insert_project(project, &new, origin.user).map_err(Error::from)
    }

    fn insert_project(&mut self, project: &str, new: &NewProject<'_>, creator: Option<&str>) -> Result<(), Full> {
        let project = self.intern_project(project)?;
        self.push_project(project, new)?;
        self.sort_last_project(new.organization);
        match creator {
            Some(user) => self.insert_collaborator(project, user, ProjectRole::STRONGEST),
            None => Ok(()),
        }
    }

    /// C6.
    fn add_collaborator(&mut self, project: &str, user: &str, role: Option<&str>, origin: &Origin<'_>) -> Result<(), Error> {
        let project = ensure_found(self.project(project), "project")?;
        let known = self.user(user);
        let membership = known.and_then(|user| self.membership(user, self.project_row(project).organization, origin.at));
        let is_named = role.is_some();
        let role = match role {
            Some(role) => self.project_role(role)?,
            None => {
                let implies = self.project_row(project).implies_roles;
                let implied = membership.and_then(|role| self.policy().implied_role(role)).filter(|_| implies);
                implied.into_iter().fold(self.policy().collaborator_role(), Ord::min)
            }
        };
        self.ensure_own_project_role(origin, project, role, is_named)?;
        ensure_absent(known.is_some_and(|user| self.has_live_row(project, user, origin.at)), "user")?;
        if membership.is_none() && !self.project_row(project).allows_externals {
            let message = "the user is not a member of the organization, and the project does not allow external collaborators";
            return Err(error(ErrorCode::ExternalCollaboratorsDisabled, "user", message));
        }
        self.insert_collaborator(project, user, role).map_err(Error::from)
    }

    fn insert_collaborator(&mut self, project: Project, user: &str, role: ProjectRole) -> Result<(), Full> {
        let user = self.intern_user(user)?;
        self.remove_collaborator(project, user); // A row that has ended.
        self.push_collaborator(project, user, role, PeriodRow::default())?;
        self.sort_last_collaborator(project);
        Ok(())
    }

    /// C7.
    fn check_and_remove_collaborator(&mut self, project: &str, user: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let project = ensure_found(self.project(project), "project")?;
        let known = self.user(user);
        let is_member = known.is_some_and(|user| self.membership(user, self.project_row(project).organization, origin.at).is_some());
        if self.is_default_project(project) && is_member {
            let message = "every member has the default project; remove them from the organization instead";
            return Err(error(ErrorCode::DefaultProjectProtected, "project", message));
        }
        let user = ensure_found(known.filter(|user| self.has_live_row(project, *user, origin.at)), "user")?;
        self.ensure_no_stronger_collaborator(origin, project, user)?;
        self.remove_collaborator(project, user);
        Ok(())
    }

    /// C9.
    fn create_api_key(&mut self, key: &str, created_by: Option<&str>, new: NewApiKey<'_>) -> Result<(), Full> {
        let created_by = created_by.map(|user| self.intern_user(user)).transpose()?;
        let key = self.intern_api_key(key)?;
        let project = new.project;
        self.push_api_key(key, &NewApiKey { created_by, ..new })?;
        self.sort_last_api_key(project);
        Ok(())
    }

    fn add_resource(&mut self, resource: &str, new: NewResource<'_>, origin: &Origin<'_>) -> Result<(), Full> {
        let created_by = origin.user.map(|user| self.intern_user(user)).transpose()?;
        let resource = self.intern_resource(new.kind, resource)?;
        self.push_resource(resource, &NewResource { created_by, ..new })?;
        self.insert_resource(resource);
        Ok(())
    }

    // Lookups of the names in changes.

    /// A member other than the owner (C2, C3).
    fn ordinary_member(&self, organization: &str, user: &str, at: Instant) -> Result<(Organization, User), Error> {
        let organization = ensure_found(self.organization(organization), "organization")?;
        let user = ensure_found(self.user(user), "user")?;
        if self.membership(user, organization, at).is_none() {
            return Err(error(ErrorCode::NotAMember, "user", "the user is not a member of this organization"));
        }
        if self.organization_row(organization).owner == user {
            return Err(error(ErrorCode::OwnerProtected, "user", "the owner's membership cannot be changed"));
        }
        Ok((organization, user))
    }

    /// An API key other than the organization default key (C10, C11).
    fn ordinary_key(&self, key: &str) -> Result<ApiKey, Error> {
        let key = ensure_found(self.api_key(key), "key")?;
        if self.api_key_row(key).kind == KeyKind::OrganizationDefault {
            let message = "the organization default key cannot be revoked or expired, only regenerated";
            return Err(error(ErrorCode::DefaultKeyNotRevocable, "key", message));
        }
        Ok(key)
    }

    /// C9: two live keys cannot have one digest. An actor, who may have seen a digest elsewhere, cannot use one that any key has or had.
    fn ensure_new_digest(&self, digest: &KeyDigest, origin: &Origin<'_>) -> Result<(), Error> {
        let counts = |key| origin.actor.is_some() || self.api_key_row(key).revoked_at.is_none();
        ensure_absent(self.find_digest(digest, counts).is_some(), "digest")
    }

    /// A resource under `resources`, so not an API key.
    pub(super) fn resource_by_reference(&self, reference: Reference<'_>) -> Option<Resource> {
        let kind = self.policy().resource_kind(reference.type_name)?;
        self.resource(kind, reference.id)
    }

    fn organization_role(&self, role: &str) -> Result<OrganizationRole, Error> {
        let unknown = || error(ErrorCode::UnknownRole, "role", format_args!("the policy has no organization role {}", quoted(role)));
        self.policy().organization_role(role).ok_or_else(unknown)
    }

    fn project_role(&self, role: &str) -> Result<ProjectRole, Error> {
        let unknown = || error(ErrorCode::UnknownRole, "role", format_args!("the policy has no project role {}", quoted(role)));
        self.policy().project_role(role).ok_or_else(unknown)
    }
}

fn error(code: ErrorCode, field: &str, message: impl Display) -> Error {
    Error::new(code, &Path::Root.field(field), message)
}

/// Fails unless what the field names exists.
fn ensure_found<T>(thing: Option<T>, field: &str) -> Result<T, Error> {
    thing.ok_or_else(|| error(ErrorCode::NotFound, field, format_args!("there is no such {field}")))
}

/// Fails if an actor sets a field that only the platform sets: an actor is the creator, and the time is now.
fn ensure_platform(origin: &Origin<'_>, is_named: bool, field: &str) -> Result<(), Error> {
    if is_named && origin.actor.is_some() {
        return Err(error(
            ErrorCode::ExceedsOwnRole,
            field,
            format_args!("only the platform sets `{field}`: an actor is the creator, and the time is now"),
        ));
    }
    Ok(())
}

/// Fails if what the field names already exists.
fn ensure_absent(is_taken: bool, field: &str) -> Result<(), Error> {
    if is_taken { Err(error(ErrorCode::AlreadyExists, field, format_args!("`{field}` already exists"))) } else { Ok(()) }
}
