//! The directory document: the types that are read and written.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::catalogue::code::codes;
use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{boolean, ensure_format, fields, id, instant, list, nullable, string, text, whole_number, word};
use crate::input::value::Value;
use crate::policy::PolicyDocument;
use crate::wire::hex;

/// The version of the directory format that this release reads and writes.
pub(crate) const FORMAT: &str = "bailiwick/1";

codes! {
    /// How users become members of an organization.
    pub enum Membership {
        /// By invitation.
        Invitation = "invitation",
        /// Through the organization's single sign-on alone.
        Sso = "sso",
    }
}

codes! {
    /// The purpose of an API key.
    pub enum KeyKind {
        /// A key of a project.
        Project = "project",
        /// The organization default key: a key of the default project that only the organization's owner may access (A24).
        OrganizationDefault = "organization_default",
    }
}

/// A directory document of valid shape. Indexing it checks its meaning.
///
/// The same types are read and written, so both have the same fields.
#[derive(Debug, Serialize)]
pub(crate) struct DirectoryDocument<'v> {
    pub(super) format: &'static str,
    pub(super) revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issued_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_age_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<PolicyField<'v>>,
    pub(super) users: Vec<UserDocument<'v>>,
    pub(super) organizations: Vec<OrganizationDocument<'v>>,
}

/// The policy of a directory: the id of a built-in policy, or a policy document.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum PolicyField<'v> {
    BuiltIn(&'v str),
    Document(Arc<PolicyDocument>),
}

#[derive(Debug, Default, Serialize)]
pub(super) struct UserDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) organization: Option<&'v str>,
}

#[derive(Debug, Serialize)]
pub(super) struct OrganizationDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    pub(super) owner: &'v str,
    pub(super) membership: Membership,
    pub(super) multi_project: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) projects_since: Option<Instant>,
    pub(super) members: Vec<MembershipRow<'v>>,
    pub(super) projects: Vec<ProjectDocument<'v>>,
}

/// A user and a role: a member of an organization, or a collaborator of a project.
#[derive(Debug, Default, Serialize)]
pub(super) struct MembershipRow<'v> {
    pub(super) user: &'v str,
    pub(super) role: &'v str,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ProjectDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    pub(super) default: bool,
    pub(super) allow_external_collaborators: bool,
    pub(super) collaborators: Vec<MembershipRow<'v>>,
    pub(super) api_keys: Vec<ApiKeyDocument<'v>>,
    pub(super) resources: Vec<ResourceDocument<'v>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ApiKeyDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_by: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revoked_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<KeyDigest>,
    pub(super) kind: KeyKind,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ResourceDocument<'v> {
    pub(super) id: &'v str,
    pub(super) kind: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_by: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<Instant>,
}

/// The SHA-256 of an API key's secret. The engine never stores the secret itself.
#[derive(Clone, Copy)]
pub(crate) struct KeyDigest([u8; 32]);

const DIGEST_PREFIX: &str = "sha256:";

/// The SHA-256 of the empty text.
const OF_NOTHING: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
    0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

impl KeyDigest {
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `None` also for the digest of the empty text, which a request without a secret would match.
    fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.strip_prefix(DIGEST_PREFIX)?)?.try_into().ok()?;
        if bytes == OF_NOTHING { None } else { Some(Self(bytes)) }
    }

    /// Compares digests in constant time.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::fmt::Display for KeyDigest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{DIGEST_PREFIX}{}", hex::encode(&self.0))
    }
}

/// A digest allows its holder to test secrets, so it is written only into documents, snapshots and deltas.
impl std::fmt::Debug for KeyDigest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyDigest(…)")
    }
}

impl Serialize for KeyDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A digest in a document or change.
pub(crate) fn digest(value: &Value<'_>, path: &Path<'_>) -> Result<KeyDigest, Error> {
    // The message does not repeat the value: it may be the secret itself.
    let message =
        "a digest is `sha256:` and 64 hexadecimal digits: the SHA-256 of the secret, which is not empty, and never the secret itself";
    KeyDigest::parse(string(value, path)?).ok_or_else(|| Error::new(ErrorCode::InvalidDigest, path, message))
}

impl<'v> DirectoryDocument<'v> {
    /// Reads the shape of a directory document.
    pub(crate) fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
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
            "organizations" => document.organizations = list(field, at, OrganizationDocument::read)?,
        });
        Ok(document)
    }
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
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut user = Self::default();
        fields!(value, path, required ["id"], |field, at| {
            "id" => user.id = id(field, at)?,
            "email" => user.email = nullable(field, at, text)?,
            "organization" => user.organization = nullable(field, at, id)?,
        });
        Ok(user)
    }
}

impl<'v> OrganizationDocument<'v> {
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut organization = Self {
            id: "",
            name: None,
            owner: "",
            membership: Membership::Invitation,
            multi_project: true,
            projects_since: None,
            members: Vec::new(),
            projects: Vec::new(),
        };
        fields!(value, path, required ["id", "owner", "members", "projects"], |field, at| {
            "id" => organization.id = id(field, at)?,
            "name" => organization.name = nullable(field, at, text)?,
            "owner" => organization.owner = id(field, at)?,
            "membership" => organization.membership = word(field, at, Membership::ALL, Membership::as_str)?,
            "multi_project" => organization.multi_project = boolean(field, at)?,
            "projects_since" => organization.projects_since = nullable(field, at, instant)?,
            "members" => organization.members = list(field, at, MembershipRow::read)?,
            "projects" => organization.projects = list(field, at, ProjectDocument::read)?,
        });
        Ok(organization)
    }
}

impl<'v> MembershipRow<'v> {
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut row = Self::default();
        fields!(value, path, required ["user", "role"], |field, at| {
            "user" => row.user = id(field, at)?,
            "role" => row.role = id(field, at)?,
        });
        Ok(row)
    }
}

impl<'v> ProjectDocument<'v> {
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut project = Self::default();
        fields!(value, path, required ["id"], |field, at| {
            "id" => project.id = id(field, at)?,
            "name" => project.name = nullable(field, at, text)?,
            "default" => project.default = boolean(field, at)?,
            "allow_external_collaborators" => project.allow_external_collaborators = boolean(field, at)?,
            "collaborators" => project.collaborators = list(field, at, MembershipRow::read)?,
            "api_keys" => project.api_keys = list(field, at, ApiKeyDocument::read)?,
            "resources" => project.resources = list(field, at, ResourceDocument::read)?,
        });
        Ok(project)
    }
}

impl<'v> ApiKeyDocument<'v> {
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
        let mut key = Self {
            id: "",
            name: None,
            created_by: None,
            created_at: None,
            expires_at: None,
            revoked_at: None,
            digest: None,
            kind: KeyKind::Project,
        };
        fields!(value, path, required ["id"], |field, at| {
            "id" => key.id = id(field, at)?,
            "name" => key.name = nullable(field, at, text)?,
            "created_by" => key.created_by = nullable(field, at, id)?,
            "created_at" => key.created_at = nullable(field, at, instant)?,
            "expires_at" => key.expires_at = nullable(field, at, instant)?,
            "revoked_at" => key.revoked_at = nullable(field, at, instant)?,
            "digest" => key.digest = nullable(field, at, digest)?,
            "kind" => key.kind = word(field, at, KeyKind::ALL, KeyKind::as_str)?,
        });
        Ok(key)
    }
}

impl<'v> ResourceDocument<'v> {
    fn read(value: &'v Value<'v>, path: &Path<'_>) -> Result<Self, Error> {
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
