//! The directory document: the types that are read and written.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::catalogue::code::codes;
use crate::input::instant::Instant;
use crate::policy::PolicyDocument;

use super::digest::KeyDigest;

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
pub(crate) struct UserDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) organization: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspended_at: Option<Instant>,
}

#[derive(Debug, Serialize)]
pub(crate) struct OrganizationDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    pub(super) owner: &'v str,
    pub(super) membership: Membership,
    pub(super) multi_project: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) projects_since: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspended_at: Option<Instant>,
    pub(super) members: Vec<MemberDocument<'v>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<GroupDocument<'v>>,
    pub(super) projects: Vec<ProjectDocument<'v>>,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct MemberDocument<'v> {
    pub(super) user: &'v str,
    pub(super) role: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) added_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspended_at: Option<Instant>,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct GroupDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    pub(super) members: Vec<GroupMemberDocument<'v>>,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct GroupMemberDocument<'v> {
    pub(super) user: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) added_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Instant>,
}

/// A row of a user or a group in a project: exactly one of the two is set.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CollaboratorDocument<'v> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<&'v str>,
    pub(super) role: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) added_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Instant>,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct ProjectDocument<'v> {
    pub(super) id: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    pub(super) default: bool,
    pub(super) allow_external_collaborators: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visibility: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspended_at: Option<Instant>,
    pub(super) collaborators: Vec<CollaboratorDocument<'v>>,
    pub(super) api_keys: Vec<ApiKeyDocument<'v>>,
    pub(super) resources: Vec<ResourceDocument<'v>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ApiKeyDocument<'v> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scopes: Option<Vec<&'v str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acts_as: Option<&'v str>,
    #[serde(skip_serializing_if = "KeyProjects::is_none")]
    pub(super) projects: KeyProjects<'v>,
}

/// What an API key reaches beside its own project (A22).
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum KeyProjects<'v> {
    Listed(Vec<&'v str>),
    #[serde(serialize_with = "all_projects")]
    All,
}

/// The word for every project of the organization.
pub(super) const ALL_PROJECTS: &str = "all";

fn all_projects<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(ALL_PROJECTS)
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct ResourceDocument<'v> {
    pub(super) id: &'v str,
    pub(super) kind: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_by: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<Instant>,
}

impl Default for OrganizationDocument<'_> {
    fn default() -> Self {
        Self {
            id: "",
            name: None,
            owner: "",
            membership: Membership::Invitation,
            multi_project: true,
            projects_since: None,
            suspended_at: None,
            members: Vec::new(),
            groups: Vec::new(),
            projects: Vec::new(),
        }
    }
}

impl Default for ApiKeyDocument<'_> {
    fn default() -> Self {
        Self {
            id: "",
            name: None,
            created_by: None,
            created_at: None,
            expires_at: None,
            revoked_at: None,
            digest: None,
            kind: KeyKind::Project,
            scopes: None,
            acts_as: None,
            projects: KeyProjects::NONE,
        }
    }
}

impl KeyProjects<'_> {
    pub(super) const NONE: Self = Self::Listed(Vec::new());

    fn is_none(&self) -> bool {
        matches!(self, Self::Listed(projects) if projects.is_empty())
    }
}
