//! Changes: a directory at revision n becomes the one at n + 1, or stays what it is. Rules C1 to C12.
//!
//! Whoever names an actor has the change decided upon first, by the same rules as every other action. Then it is tested whole, and only then
//! carried out: nothing that can fail comes after the first thing that is altered.

mod document;
mod preview;

use std::borrow::Cow;
use std::fmt::Display;

use crate::access::{AccessRequest, Principal};
use crate::directory::{
    ApiKey, Directory, Home, KeyDigest, KeyKind, Membership, NewApiKey, NewProject, NewResource, Organization, Project, Resource, User,
};
use crate::error::{Error, ErrorCode, shown};
use crate::id::Reference;
use crate::instant::Instant;
use crate::names::Full;
use crate::path::Path;
use crate::policy::{OrganizationRole, ProjectRole};
use crate::shape::LARGEST_NUMBER;
pub use document::ChangeType;
pub(crate) use document::{Change, ResourceName};
pub use preview::Preview;

/// Who makes a change, when, and what they take the directory to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'t> {
    /// Nobody: the platform itself.
    pub(crate) actor: Option<Reference<'t>>,
    pub(crate) at: Instant,
    pub(crate) expected_revision: Option<u64>,
}

/// What a change leaves behind beside its own content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'o> {
    /// Whether an actor asked for it, who has been found to be allowed to.
    pub(crate) by_actor: bool,
    /// The user who made it.
    pub(crate) user: Option<&'o str>,
    pub(crate) at: Instant,
}

impl Directory {
    /// Authorises a change, tests it and carries it out. Returns the new revision; after an error the directory is what it was.
    pub(crate) fn apply(&mut self, change: &Change<'_>, terms: &Terms<'_>) -> Result<u64, Error> {
        if let Some(actor) = terms.actor {
            self.authorise(change, actor, terms.at)?;
        }
        if terms.expected_revision.is_some_and(|expected| expected != self.revision()) {
            let message = format!("the directory is at revision {}", self.revision());
            return Err(Error::new(ErrorCode::RevisionConflict, &Path::Root.field("expected_revision"), message));
        }
        let user = terms.actor.filter(|actor| matches!(self.find_principal(*actor), Some(Principal::User(_)))).map(|actor| actor.id);
        self.carry_out(change, &Origin { by_actor: terms.actor.is_some(), user, at: terms.at })
    }

    /// Whether the actor may do what the change needs, by A1 to A24.
    fn authorise(&self, change: &Change<'_>, actor: Reference<'_>, at: Instant) -> Result<(), Error> {
        let (action, resource) = self.needs(change);
        let decision = self.check_access(&AccessRequest::new(actor, &action, resource, at));
        if decision.allowed { Ok(()) } else { Err(Error::forbidden(&Path::Root.field("actor"), &decision)) }
    }

    /// The action that a change needs, and on what. An action that the policy does not name is one that nobody has.
    fn needs<'n>(&'n self, change: &Change<'n>) -> (Cow<'n, str>, Reference<'n>) {
        let policy = self.policy();
        let action = policy.action_for(change.type_of()).unwrap_or_default();
        let of_kind = |kind: &str| if action.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!("{kind}.{action}")) };
        let api_key = |key| Reference::of_parts(policy.api_key_kind().map_or("", |kind| policy.kind_name(kind)), key);
        let in_project = |project| Reference::of_parts("project", project);
        let resource = match *change {
            Change::AddMember { organization, .. }
            | Change::RemoveMember { organization, .. }
            | Change::SetMemberRole { organization, .. }
            | Change::CreateProject { organization, .. }
            | Change::RegenerateDefaultKey { organization, .. } => Reference::of_parts("organization", organization),
            Change::SetExternalCollaborators { project, .. }
            | Change::AddCollaborator { project, .. }
            | Change::RemoveCollaborator { project, .. }
            | Change::SetCollaboratorRole { project, .. }
            | Change::CreateApiKey { project, .. } => in_project(project),
            Change::RevokeApiKey { key } => api_key(key),
            Change::ExpireApiKey { key, .. } => match self.api_key(key) {
                Some(found) => in_project(self.project_id(self.api_key_row(found).project)),
                None => api_key(key),
            },
            Change::AddResource { project, kind, .. } => return (of_kind(kind), in_project(project)),
            Change::RemoveResource { resource } => {
                let Some(found) = self.find_resource(resource) else {
                    // Of no kind that is known, so that any kind will do: there is no such resource.
                    return (of_kind(policy.kind_with_verb(action)), Reference::of_parts("", ""));
                };
                let kind = policy.kind_name(self.resource_row(found).kind);
                return (of_kind(kind), Reference::of_parts(kind, self.resource_id(found)));
            }
        };
        (Cow::Borrowed(action), resource)
    }

    /// Tests a change and carries it out, whoever asked for it.
    pub(crate) fn carry_out(&mut self, change: &Change<'_>, origin: &Origin<'_>) -> Result<u64, Error> {
        let revision = self.revision().checked_add(1).filter(|revision| *revision <= LARGEST_NUMBER);
        let revision = revision.ok_or_else(|| Error::new(ErrorCode::LimitExceeded, &Path::Root, "there is no further revision"))?;
        self.make_room()?;
        self.test_and_alter(change, origin)?;
        self.advance(revision, change, origin);
        Ok(revision)
    }

    fn test_and_alter(&mut self, change: &Change<'_>, origin: &Origin<'_>) -> Result<(), Error> {
        match *change {
            Change::AddMember { organization, user, email, role } => self.add_member(organization, user, email, role, origin),
            Change::RemoveMember { organization, user } => {
                let (organization, user) = self.ordinary_member(organization, user)?;
                self.remove_member(organization, user); // C2
                Ok(())
            }
            Change::SetMemberRole { organization, user, role } => {
                let (organization, user) = self.ordinary_member(organization, user)?;
                let role = self.organization_role(role)?;
                self.set_member_role(organization, user, role); // C3
                Ok(())
            }
            Change::CreateProject { organization, project, name } => self.create_project(organization, project, name, origin),
            Change::SetExternalCollaborators { project, allowed } => {
                let project = found(self.project(project), "project")?;
                self.set_allows_externals(project, allowed); // C5
                Ok(())
            }
            Change::AddCollaborator { project, user, role } => self.add_collaborator(project, user, role),
            Change::RemoveCollaborator { project, user } => self.take_collaborator(project, user),
            Change::SetCollaboratorRole { project, user, role } => {
                let project = found(self.project(project), "project")?;
                let user = found(self.user(user).filter(|user| self.collaborator_role(project, *user).is_some()), "user")?;
                let role = self.project_role(role)?;
                self.set_collaborator_role(project, user, role); // C8
                Ok(())
            }
            Change::CreateApiKey { project, key, digest, name, expires_at } => {
                let project = found(self.project(project), "project")?;
                vacant(self.api_key(key).is_some(), "key")?;
                vacant(self.holds_digest(&digest), "digest")?;
                self.create_api_key(project, key, digest, name, expires_at, origin).map_err(Full::into_error)
            }
            Change::RevokeApiKey { key } => {
                let key = self.ordinary_key(key)?;
                vacant(self.api_key_row(key).revoked_at.is_some_and(|revoked_at| revoked_at <= origin.at), "key")?;
                self.api_key_row_mut(key).revoked_at = Some(origin.at); // C10
                Ok(())
            }
            Change::ExpireApiKey { key, expires_at } => {
                let key = self.ordinary_key(key)?;
                self.api_key_row_mut(key).expires_at = Some(expires_at); // C11
                Ok(())
            }
            Change::RegenerateDefaultKey { organization, digest } => {
                let default_key = self.organization(organization).and_then(|organization| self.organization_row(organization).default_key);
                let key = found(default_key, "organization")?;
                vacant(self.holds_digest(&digest), "digest")?;
                self.set_digest(key, Some(digest)); // C12
                Ok(())
            }
            Change::AddResource { project, resource, kind, name } => {
                let project = found(self.project(project), "project")?;
                let unknown =
                    || fault(ErrorCode::UnknownKind, "kind", format_args!("{} is no kind of the policy's resources", shown(kind)));
                let kind = self.policy().resource_kind(kind).ok_or_else(unknown)?;
                vacant(self.resource(resource).is_some(), "resource")?;
                let new = NewResource { project, kind, created_by: None, created_at: Some(origin.at), name };
                self.add_resource(resource, new, origin).map_err(Full::into_error)
            }
            Change::RemoveResource { resource } => {
                let resource = found(self.find_resource(resource), "resource")?;
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
        let organization = found(self.organization(organization), "organization")?;
        if origin.by_actor && self.organization_row(organization).membership == Membership::Sso {
            let message = "members of this organization come through its single sign-on alone";
            return Err(fault(ErrorCode::MembershipManagedBySso, "organization", message));
        }
        let role = match role {
            Some(role) => self.organization_role(role)?,
            // INVARIANT: an organization has an owner, whose role the policy has.
            None => self.policy().new_member_role().unwrap_or(OrganizationRole::STRONGEST),
        };
        if let Some(Home::Member(home, _)) = self.user(user).map(|user| self.home(user)) {
            vacant(home == organization, "user")?;
            let message = "the user is a member of another organization; a user belongs to one at most";
            return Err(fault(ErrorCode::UserInTwoOrganizations, "user", message));
        }
        self.insert_member(organization, user, email, role).map_err(Full::into_error)
    }

    fn insert_member(&mut self, organization: Organization, user: &str, email: Option<&str>, role: OrganizationRole) -> Result<(), Full> {
        let user = self.intern_user(user)?;
        if email.is_some() {
            self.list_user(user, email)?;
        }
        self.push_member(organization, user, role)?;
        self.settle_member(organization);
        Ok(())
    }

    /// C4.
    fn create_project(&mut self, organization: &str, project: &str, name: &str, origin: &Origin<'_>) -> Result<(), Error> {
        let organization = found(self.organization(organization), "organization")?;
        if !self.organization_row(organization).multi_project {
            let message = "this organization has no project beside its default one: `multi_project` is false";
            return Err(fault(ErrorCode::MultiProjectDisabled, "organization", message));
        }
        vacant(self.project(project).is_some(), "project")?;
        let new = NewProject { organization, is_default: false, allows_externals: false, name: Some(name) };
        self.insert_project(project, &new, origin.user).map_err(Full::into_error)
    }

    fn insert_project(&mut self, project: &str, new: &NewProject<'_>, creator: Option<&str>) -> Result<(), Full> {
        let project = self.intern_project(project)?;
        self.push_project(project, new)?;
        self.settle_project(new.organization);
        match creator {
            Some(user) => self.insert_collaborator(project, user, ProjectRole::STRONGEST),
            None => Ok(()),
        }
    }

    /// C6.
    fn add_collaborator(&mut self, project: &str, user: &str, role: Option<&str>) -> Result<(), Error> {
        let project = found(self.project(project), "project")?;
        let known = self.user(user);
        let membership = known.and_then(|user| self.membership(user, self.project_row(project).organization));
        let role = match role {
            Some(role) => self.project_role(role)?,
            None => {
                let implied = membership.and_then(|role| self.policy().implied_role(role));
                implied.into_iter().fold(self.policy().collaborator_role(), Ord::min)
            }
        };
        vacant(known.is_some_and(|user| self.collaborator_role(project, user).is_some()), "user")?;
        if membership.is_none() && !self.project_row(project).allows_externals {
            let message = "the user is no member of the organization, and the project does not allow external collaborators";
            return Err(fault(ErrorCode::ExternalCollaboratorsDisabled, "user", message));
        }
        self.insert_collaborator(project, user, role).map_err(Full::into_error)
    }

    fn insert_collaborator(&mut self, project: Project, user: &str, role: ProjectRole) -> Result<(), Full> {
        let user = self.intern_user(user)?;
        self.push_collaborator(project, user, role)?;
        self.settle_collaborator(project);
        Ok(())
    }

    /// C7.
    fn take_collaborator(&mut self, project: &str, user: &str) -> Result<(), Error> {
        let project = found(self.project(project), "project")?;
        let known = self.user(user);
        let is_member = known.is_some_and(|user| self.membership(user, self.project_row(project).organization).is_some());
        if self.is_default_project(project) && is_member {
            let message = "every member has the default project; remove them from the organization instead";
            return Err(fault(ErrorCode::DefaultProjectProtected, "project", message));
        }
        let user = found(known.filter(|user| self.collaborator_role(project, *user).is_some()), "user")?;
        self.remove_collaborator(project, user);
        Ok(())
    }

    /// C9.
    fn create_api_key(
        &mut self,
        project: Project,
        key: &str,
        digest: KeyDigest,
        name: Option<&str>,
        expires_at: Option<Instant>,
        origin: &Origin<'_>,
    ) -> Result<(), Full> {
        let created_by = origin.user.map(|user| self.intern_user(user)).transpose()?;
        let key = self.intern_api_key(key)?;
        let new = NewApiKey {
            project,
            kind: KeyKind::Project,
            created_by,
            created_at: Some(origin.at),
            expires_at,
            revoked_at: None,
            name,
            digest: Some(digest),
        };
        self.push_api_key(key, &new)?;
        self.settle_api_key(project);
        Ok(())
    }

    fn add_resource(&mut self, resource: &str, new: NewResource<'_>, origin: &Origin<'_>) -> Result<(), Full> {
        let created_by = origin.user.map(|user| self.intern_user(user)).transpose()?;
        let resource = self.intern_resource(resource)?;
        self.push_resource(resource, &NewResource { created_by, ..new })?;
        self.settle_resource(resource);
        Ok(())
    }

    // What changes name.

    /// A member who is not the owner (C2, C3).
    fn ordinary_member(&self, organization: &str, user: &str) -> Result<(Organization, User), Error> {
        let organization = found(self.organization(organization), "organization")?;
        let user = found(self.user(user), "user")?;
        if self.membership(user, organization).is_none() {
            return Err(fault(ErrorCode::NotAMember, "user", "the user is no member of this organization"));
        }
        if self.organization_row(organization).owner == user {
            return Err(fault(ErrorCode::OwnerProtected, "user", "the owner stays, and stays what they are"));
        }
        Ok((organization, user))
    }

    /// A key that is not the organization default key (C10, C11).
    fn ordinary_key(&self, key: &str) -> Result<ApiKey, Error> {
        let key = found(self.api_key(key), "key")?;
        if self.api_key_row(key).kind == KeyKind::OrganizationDefault {
            let message = "the organization default key is regenerated, never revoked or expired";
            return Err(fault(ErrorCode::DefaultKeyNotRevocable, "key", message));
        }
        Ok(key)
    }

    fn find_resource(&self, name: ResourceName<'_>) -> Option<Resource> {
        let by_reference = |reference: Reference<'_>| {
            let kind = self.policy().resource_kind(reference.type_name)?;
            self.resource(reference.id).filter(|resource| self.resource_row(*resource).kind == kind)
        };
        match name {
            ResourceName::Id(id) => self.resource(id).or_else(|| by_reference(Reference::parse(id).ok()?)),
            ResourceName::Reference(reference) => by_reference(reference),
        }
    }

    fn organization_role(&self, role: &str) -> Result<OrganizationRole, Error> {
        let unknown = || fault(ErrorCode::UnknownRole, "role", format_args!("the policy has no organization role {}", shown(role)));
        self.policy().organization_role(role).ok_or_else(unknown)
    }

    fn project_role(&self, role: &str) -> Result<ProjectRole, Error> {
        let unknown = || fault(ErrorCode::UnknownRole, "role", format_args!("the policy has no project role {}", shown(role)));
        self.policy().project_role(role).ok_or_else(unknown)
    }
}

fn fault(code: ErrorCode, field: &str, message: impl Display) -> Error {
    Error::new(code, &Path::Root.field(field), message)
}

/// What a field of the change names, if it is there.
fn found<T>(thing: Option<T>, field: &str) -> Result<T, Error> {
    thing.ok_or_else(|| fault(ErrorCode::NotFound, field, format_args!("there is no such {field}")))
}

/// What a field of the change names must not be there yet.
fn vacant(is_taken: bool, field: &str) -> Result<(), Error> {
    if is_taken { Err(fault(ErrorCode::AlreadyExists, field, format_args!("this {field} is there already"))) } else { Ok(()) }
}
