//! Untyped input → directory document: the shape of every entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{
    boolean, ensure_format, fields, id, instant, list, list_items, member, nullable, string, text, whole_number, word,
};
use crate::input::value::Value;
use crate::policy::PolicyDocument;

use super::digest::digest;
use super::document::{
    ALL_PROJECTS, ApiKeyDocument, CollaboratorDocument, DirectoryDocument, FORMAT, GroupDocument, GroupMemberDocument, KeyKind,
    KeyProjects, MemberDocument, Membership, OrganizationDocument, PolicyField, ProjectDocument, ResourceDocument, UserDocument,
};
use super::quarantine::Judged;

impl<'v> DirectoryDocument<'v> {
    /// Reads the shape of a directory document.
    pub(crate) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        Self::read_with(value, path, |organizations, at| list(organizations, at, OrganizationDocument::read))
    }

    /// Reads the shape of a directory document, and its organizations as far as they have no fault of shape.
    pub(super) fn read_sound(value: &'v Value<'v>, path: &Path<'_>) -> Result<(Self, Judged<'v>), Error> {
        let mut judged = Judged { places: Vec::new(), faults: BTreeMap::new(), ids: Vec::new() };
        let document = Self::read_with(value, path, |organizations, at| {
            let mut sound = Vec::new();
            for (place, organization) in list_items(organizations, at)?.iter().enumerate() {
                judged.ids.push(id_of(organization));
                match OrganizationDocument::read(organization, &at.item(place)) {
                    Ok(organization) => {
                        judged.places.push(place);
                        sound.push(organization);
                    }
                    Err(fault) => drop(judged.faults.insert(place, fault)),
                }
            }
            Ok(sound)
        })?;
        Ok((document, judged))
    }

    fn read_with(
        value: &'v Value<'v>,
        path: &Path<'_>,
        mut organizations: impl FnMut(&'v Value<'v>, &Path<'_>) -> Result<Vec<OrganizationDocument<'v>>, Error>,
    ) -> Result<Self, Error> {
        ensure_format(value, path, FORMAT)?;
        let mut document = Self {
            format: FORMAT,
            revision: 0,
            issued_at: None,
            max_age_seconds: None,
            policy: None,
            users: Vec::new(),
            organizations: Vec::new(),
        };
        fields!(value, path, required ["format", "organizations"], |field, at| {
            "format" => { string(field, at)?; },
            "revision" => document.revision = whole_number(field, at)?,
            "issued_at" => document.issued_at = nullable(field, at, instant)?,
            "max_age_seconds" => document.max_age_seconds = nullable(field, at, whole_number)?,
            "policy" => document.policy = Some(PolicyField::read(field, at)?),
            "users" => document.users = list(field, at, UserDocument::read)?,
            "organizations" => document.organizations = organizations(field, at)?,
        });
        Ok(document)
    }
}

/// The id of an organization, if it has one.
fn id_of<'v>(organization: &'v Value<'v>) -> Option<&'v str> {
    let Value::Object(members) = organization else { return None };
    id(member(members, "id")?, &Path::Root).ok()
}

impl<'v> PolicyField<'v> {
    /// Reads a policy's id, or a policy document's shape.
    pub(crate) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        match value {
            Value::Object(_) => Ok(Self::Document(Arc::new(PolicyDocument::read(value, path)?))),
            other => Ok(Self::BuiltIn(id(other, path)?)),
        }
    }
}

impl<'v> UserDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut user = Self::default();
        fields!(value, path, required ["id"], |field, at| {
            "id" => user.id = id(field, at)?,
            "email" => user.email = nullable(field, at, text)?,
            "organization" => user.organization = nullable(field, at, id)?,
            "suspended_at" => user.suspended_at = nullable(field, at, instant)?,
        });
        Ok(user)
    }
}

impl<'v> OrganizationDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut organization = Self::default();
        fields!(value, path, required ["id", "owner", "members", "projects"], |field, at| {
            "id" => organization.id = id(field, at)?,
            "name" => organization.name = nullable(field, at, text)?,
            "owner" => organization.owner = id(field, at)?,
            "membership" => organization.membership = word(field, at, Membership::ALL, Membership::as_str)?,
            "multi_project" => organization.multi_project = boolean(field, at)?,
            "projects_since" => organization.projects_since = nullable(field, at, instant)?,
            "suspended_at" => organization.suspended_at = nullable(field, at, instant)?,
            "members" => organization.members = list(field, at, MemberDocument::read)?,
            "groups" => organization.groups = list(field, at, GroupDocument::read)?,
            "projects" => organization.projects = list(field, at, ProjectDocument::read)?,
        });
        Ok(organization)
    }
}

impl<'v> MemberDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut row = Self::default();
        fields!(value, path, required ["user", "role"], |field, at| {
            "user" => row.user = id(field, at)?,
            "role" => row.role = id(field, at)?,
            "added_at" => row.added_at = nullable(field, at, instant)?,
            "expires_at" => row.expires_at = nullable(field, at, instant)?,
            "suspended_at" => row.suspended_at = nullable(field, at, instant)?,
        });
        Ok(row)
    }
}

impl<'v> GroupDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut group = Self::default();
        fields!(value, path, required ["id", "members"], |field, at| {
            "id" => group.id = id(field, at)?,
            "name" => group.name = nullable(field, at, text)?,
            "members" => group.members = list(field, at, GroupMemberDocument::read)?,
        });
        Ok(group)
    }
}

impl<'v> GroupMemberDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut member = Self::default();
        fields!(value, path, required ["user"], |field, at| {
            "user" => member.user = id(field, at)?,
            "added_at" => member.added_at = nullable(field, at, instant)?,
            "expires_at" => member.expires_at = nullable(field, at, instant)?,
        });
        Ok(member)
    }
}

impl<'v> CollaboratorDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let has_group = matches!(value, Value::Object(members) if member(members, "group").is_some());
        let required = [if has_group { "group" } else { "user" }, "role"];
        let mut row = Self::default();
        fields!(value, path, required required, |field, at| {
            "user" => row.user = Some(only(row.group, field, at)?),
            "group" => row.group = Some(only(row.user, field, at)?),
            "role" => row.role = id(field, at)?,
            "added_at" => row.added_at = nullable(field, at, instant)?,
            "expires_at" => row.expires_at = nullable(field, at, instant)?,
        });
        Ok(row)
    }
}

/// The grantee of a row, which has only one.
fn only<'v>(other: Option<&str>, value: &'v Value<'v>, path: &Path<'_>) -> Result<&'v str, Error> {
    if other.is_some() {
        return Err(Error::new(ErrorCode::UnknownField, path, "a row has a `user` or a `group`, not both"));
    }
    id(value, path)
}

impl<'v> ProjectDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut project = Self::default();
        fields!(value, path, required ["id"], |field, at| {
            "id" => project.id = id(field, at)?,
            "name" => project.name = nullable(field, at, text)?,
            "default" => project.default = boolean(field, at)?,
            "allow_external_collaborators" => project.allow_external_collaborators = boolean(field, at)?,
            "visibility" => project.visibility = Some(id(field, at)?),
            "suspended_at" => project.suspended_at = nullable(field, at, instant)?,
            "collaborators" => project.collaborators = list(field, at, CollaboratorDocument::read)?,
            "api_keys" => project.api_keys = list(field, at, ApiKeyDocument::read)?,
            "resources" => project.resources = list(field, at, ResourceDocument::read)?,
        });
        Ok(project)
    }
}

impl<'v> ApiKeyDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut key = Self::default();
        fields!(value, path, required ["id"], |field, at| {
            "id" => key.id = id(field, at)?,
            "name" => key.name = nullable(field, at, text)?,
            "created_by" => key.created_by = nullable(field, at, id)?,
            "created_at" => key.created_at = nullable(field, at, instant)?,
            "expires_at" => key.expires_at = nullable(field, at, instant)?,
            "revoked_at" => key.revoked_at = nullable(field, at, instant)?,
            "digest" => key.digest = nullable(field, at, digest)?,
            "kind" => key.kind = word(field, at, KeyKind::ALL, KeyKind::as_str)?,
            "scopes" => key.scopes = nullable(field, at, |value, path| list(value, path, id))?,
            "acts_as" => key.acts_as = nullable(field, at, id)?,
            "projects" => key.projects = KeyProjects::read(field, at)?,
        });
        Ok(key)
    }
}

impl<'v> KeyProjects<'v> {
    pub(crate) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        match value {
            Value::Text(word) if *word == ALL_PROJECTS => Ok(Self::All),
            Value::List(_) => list(value, path, id).map(Self::Listed),
            _ => Err(Error::new(ErrorCode::WrongType, path, "expected a list of project ids, or `all`")),
        }
    }
}

impl<'v> ResourceDocument<'v> {
    pub(super) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut resource = Self::default();
        fields!(value, path, required ["id", "kind"], |field, at| {
            "id" => resource.id = id(field, at)?,
            "kind" => resource.kind = id(field, at)?,
            "name" => resource.name = nullable(field, at, text)?,
            "created_by" => resource.created_by = nullable(field, at, id)?,
            "created_at" => resource.created_at = nullable(field, at, instant)?,
        });
        Ok(resource)
    }
}
