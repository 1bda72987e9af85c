//! Lookups of the names in changes, and the errors of those that are not there.

use std::fmt::Display;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Organization, Project, Resource, Tables, User};
use crate::input::error::{Error, quoted};
use crate::input::id::Reference;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::{OrganizationRole, ProjectRole};

use super::super::terms::Origin;

impl Tables {
    pub(super) fn named_organization(&self, organization: &str) -> Result<Organization, Error> {
        ensure_found(self.organization(organization), "organization")
    }

    pub(super) fn named_project(&self, project: &str) -> Result<Project, Error> {
        ensure_found(self.project(project), "project")
    }

    pub(super) fn named_user(&self, user: &str) -> Result<User, Error> {
        ensure_found(self.user(user), "user")
    }

    pub(super) fn named_resource(&self, resource: Reference<'_>) -> Result<Resource, Error> {
        ensure_found(self.resource_by_reference(resource), "resource")
    }

    /// A resource under `resources`, so not an API key.
    pub(in crate::change) fn resource_by_reference(&self, reference: Reference<'_>) -> Option<Resource> {
        let kind = self.policy().resource_kind(reference.type_name)?;
        self.resource(kind, reference.id)
    }

    /// A member other than the owner (C2, C3, C19).
    pub(super) fn ordinary_member(&self, organization: &str, user: &str, at: Instant) -> Result<(Organization, User), Error> {
        let organization = self.named_organization(organization)?;
        let user = self.named_user(user)?;
        if self.membership(user, organization, at).is_none() {
            return Err(not_a_member());
        }
        self.ensure_not_owner(organization, user)?;
        Ok((organization, user))
    }

    pub(super) fn ensure_not_owner(&self, organization: Organization, user: User) -> Result<(), Error> {
        if self.organization_row(organization).owner == user {
            return Err(error(ErrorCode::OwnerProtected, "user", "the owner's membership cannot be changed"));
        }
        Ok(())
    }

    pub(super) fn organization_role(&self, role: &str) -> Result<OrganizationRole, Error> {
        let unknown = || error(ErrorCode::UnknownRole, "role", format_args!("the policy has no organization role {}", quoted(role)));
        self.policy().organization_role(role).ok_or_else(unknown)
    }

    pub(super) fn project_role(&self, role: &str) -> Result<ProjectRole, Error> {
        let unknown = || error(ErrorCode::UnknownRole, "role", format_args!("the policy has no project role {}", quoted(role)));
        self.policy().project_role(role).ok_or_else(unknown)
    }
}

pub(super) fn error(code: ErrorCode, field: &str, message: impl Display) -> Error {
    Error::new(code, &Path::Root.field(field), message)
}

pub(super) fn not_a_member() -> Error {
    error(ErrorCode::NotAMember, "user", "the user is not a member of this organization")
}

/// Fails unless what the field names exists.
pub(super) fn ensure_found<T>(thing: Option<T>, field: &str) -> Result<T, Error> {
    thing.ok_or_else(|| error(ErrorCode::NotFound, field, format_args!("there is no such {field}")))
}

/// Fails if an actor sets a field that only the platform sets.
pub(super) fn ensure_platform(origin: &Origin<'_>, is_named: bool, field: &str) -> Result<(), Error> {
    if is_named && origin.actor.is_some() {
        return Err(error(ErrorCode::ExceedsOwnRole, field, format_args!("only the platform sets `{field}`")));
    }
    Ok(())
}

/// Fails if what the field names already exists.
pub(super) fn ensure_absent(is_taken: bool, field: &str) -> Result<(), Error> {
    if is_taken { Err(error(ErrorCode::AlreadyExists, field, format_args!("`{field}` already exists"))) } else { Ok(()) }
}
