//! The directory: organizations, users, projects, collaborators, keys and resources at one revision, indexed for answering.

mod document;
mod index;
mod write;

use hashbrown::HashTable;

use crate::error::Error;
use crate::instant::Instant;
use crate::json;
use crate::path::Path;
use crate::policy::{Kind, OrganizationRole, Policy, ProjectRole};
use crate::shape;
use crate::table::{Hasher, Names, Table, indices};
use crate::value::Value;
use document::{DirectoryDocument, KeyDigest, PolicyField};
pub use document::{KeyKind, Membership};

indices! {
    User;
    Organization;
    Project;
    ApiKey;
    Resource;
}

/// A directory and its policy, accepted whole: whatever it holds is valid, so that answering has nothing left to check.
///
/// Every string is held once; everything else is small typed indices into tables, and every look-up is one hash.
#[derive(Debug)]
pub struct Directory {
    revision: u64,
    issued_at: Option<Instant>,
    max_age_seconds: Option<u64>,
    policy: Policy,
    hasher: Hasher,
    users: Names<User>,
    user_rows: Table<User, UserRow>,
    /// The users that the document lists by themselves, in its order.
    listed_users: Vec<User>,
    organizations: Names<Organization>,
    organization_rows: Table<Organization, OrganizationRow>,
    projects: Names<Project>,
    project_rows: Table<Project, ProjectRow>,
    api_keys: Names<ApiKey>,
    api_key_rows: Table<ApiKey, ApiKeyRow>,
    api_key_facts: Table<ApiKey, ApiKeyFacts>,
    resources: Names<Resource>,
    resource_rows: Table<Resource, ResourceRow>,
    resource_facts: Table<Resource, ResourceFacts>,
    collaborators: HashTable<Collaborator>,
    externals: HashTable<External>,
}

/// Where a user belongs. A user belongs to one organization at most.
#[derive(Clone, Debug)]
pub(crate) enum Home {
    /// No organization is known.
    Unknown,
    /// An organization that the directory does not hold, by its id.
    Outside(Box<str>),
    /// A member of an organization of this directory.
    Member(Organization, OrganizationRole),
}

#[derive(Clone, Debug)]
struct UserRow {
    /// False for a user of whom nothing is left but what they created.
    is_known: bool,
    /// Whether the document has an entry for this user alone.
    is_listed: bool,
    home: Home,
    email: Option<Box<str>>,
}

#[derive(Clone, Debug)]
pub(crate) struct OrganizationRow {
    pub(crate) owner: User,
    pub(crate) default_project: Project,
    pub(crate) membership: Membership,
    pub(crate) projects_since: Option<Instant>,
    multi_project: bool,
    name: Option<Box<str>>,
    members: Vec<User>,
    projects: Vec<Project>,
}

#[derive(Clone, Debug)]
pub(crate) struct ProjectRow {
    pub(crate) organization: Organization,
    pub(crate) allows_externals: bool,
    name: Option<Box<str>>,
    collaborators: Vec<(User, ProjectRole)>,
    api_keys: Vec<ApiKey>,
    resources: Vec<Resource>,
}

/// What answering needs of an API key.
#[derive(Clone, Debug)]
pub(crate) struct ApiKeyRow {
    pub(crate) project: Project,
    pub(crate) kind: KeyKind,
    /// Who made it; the user may be gone.
    pub(crate) created_by: Option<User>,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked_at: Option<Instant>,
}

/// What is only written out again of an API key.
#[derive(Clone, Debug)]
struct ApiKeyFacts {
    name: Option<Box<str>>,
    created_at: Option<Instant>,
    digest: Option<KeyDigest>,
}

/// What answering needs of a resource.
#[derive(Clone, Debug)]
pub(crate) struct ResourceRow {
    pub(crate) project: Project,
    pub(crate) kind: Kind,
}

/// What is only written out again of a resource.
#[derive(Clone, Debug)]
struct ResourceFacts {
    name: Option<Box<str>>,
    created_by: Option<User>,
    created_at: Option<Instant>,
}

/// A collaborator row, found by project and user.
#[derive(Clone, Debug)]
struct Collaborator {
    project: Project,
    user: User,
    role: ProjectRole,
}

/// A user who is no member of an organization and has collaborator rows in it.
#[derive(Clone, Debug)]
struct External {
    organization: Organization,
    user: User,
    /// Whether one of the rows is in a project that allows externals (A21).
    is_effective: bool,
}

impl Directory {
    /// Reads a directory document from JSON text, under its own policy.
    ///
    /// # Errors
    /// The first fault of the document, by shape and then by meaning, in document order.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Self::from_value(&json::parse(text)?, None)
    }

    /// Reads a directory document; `policy` (an id or a document) stands in for the document's own.
    pub(crate) fn from_value(value: &Value<'_>, policy: Option<&Value<'_>>) -> Result<Self, Error> {
        let root = Path::Root;
        let at = root.field("policy");
        let replacement = policy.map(|value| read_policy(value, &at)).transpose()?;
        let document = DirectoryDocument::read(value, &root)?;
        let own = shape::object(value, &root, &[]).map(|members| shape::member(members, "policy"))?;
        let policy = match (replacement, own) {
            (Some(policy), _) => policy,
            (None, Some(own)) => read_policy(own, &at)?,
            (None, None) => Policy::built_in(None, &at)?,
        };
        index::index(document, policy, value)
    }

    /// The revision of the document; 0 where it names none.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The id of the policy in force.
    #[must_use]
    pub fn policy_id(&self) -> &str {
        self.policy.id()
    }

    /// When the document was issued.
    #[must_use]
    pub fn issued_at(&self) -> Option<Instant> {
        self.issued_at
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How long after its issue the directory may be answered from.
    pub(crate) fn max_age_seconds(&self) -> Option<u64> {
        self.max_age_seconds
    }

    // From names to things.

    /// A user who is in the directory: listed, a member, or a collaborator.
    #[inline]
    pub(crate) fn user(&self, id: &str) -> Option<User> {
        self.users.find(&self.hasher, id).filter(|user| self.user_rows[*user].is_known)
    }

    #[inline]
    pub(crate) fn organization(&self, id: &str) -> Option<Organization> {
        self.organizations.find(&self.hasher, id)
    }

    #[inline]
    pub(crate) fn project(&self, id: &str) -> Option<Project> {
        self.projects.find(&self.hasher, id)
    }

    #[inline]
    pub(crate) fn api_key(&self, id: &str) -> Option<ApiKey> {
        self.api_keys.find(&self.hasher, id)
    }

    /// The resource of that id, if it is of that kind.
    #[inline]
    pub(crate) fn resource(&self, kind: &str, id: &str) -> Option<&ResourceRow> {
        let row = &self.resource_rows[self.resources.find(&self.hasher, id)?];
        (self.policy.kind_name(row.kind) == kind).then_some(row)
    }

    // From things to what is known of them.

    pub(crate) fn organization_id(&self, organization: Organization) -> &str {
        self.organizations.name(organization)
    }

    pub(crate) fn project_id(&self, project: Project) -> &str {
        self.projects.name(project)
    }

    pub(crate) fn api_key_id(&self, key: ApiKey) -> &str {
        self.api_keys.name(key)
    }

    #[inline]
    pub(crate) fn home(&self, user: User) -> &Home {
        &self.user_rows[user].home
    }

    #[inline]
    pub(crate) fn organization_row(&self, organization: Organization) -> &OrganizationRow {
        &self.organization_rows[organization]
    }

    #[inline]
    pub(crate) fn project_row(&self, project: Project) -> &ProjectRow {
        &self.project_rows[project]
    }

    pub(crate) fn is_default_project(&self, project: Project) -> bool {
        self.organization_rows[self.project_rows[project].organization].default_project == project
    }

    #[inline]
    pub(crate) fn api_key_row(&self, key: ApiKey) -> &ApiKeyRow {
        &self.api_key_rows[key]
    }

    // Between things.

    /// The organization role of a member; `None` for everyone else.
    #[inline]
    pub(crate) fn membership(&self, user: User, organization: Organization) -> Option<OrganizationRole> {
        match self.user_rows[user].home {
            Home::Member(home, role) if home == organization => Some(role),
            _ => None,
        }
    }

    /// The role of a user's own row in a project.
    #[inline]
    pub(crate) fn collaborator_role(&self, project: Project, user: User) -> Option<ProjectRole> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find(hash, |row| row.project == project && row.user == user).map(|row| row.role)
    }

    /// Whether a non-member's rows in an organization have effect (A14) or not (A15); `None` where there are none.
    pub(crate) fn external_standing(&self, organization: Organization, user: User) -> Option<bool> {
        let hash = self.hasher.pair(organization.into(), user.into());
        self.externals.find(hash, |row| row.organization == organization && row.user == user).map(|row| row.is_effective)
    }

    /// Whether an API key was made by an external collaborator of its project (B5).
    pub(crate) fn external_creator(&self, key: ApiKey) -> Option<User> {
        let row = &self.api_key_rows[key];
        let organization = self.project_rows[row.project].organization;
        row.created_by
            .filter(|user| self.membership(*user, organization).is_none())
            .filter(|user| self.collaborator_role(row.project, *user).is_some())
    }
}

/// A policy from its id or its document.
fn read_policy(value: &Value<'_>, path: &Path<'_>) -> Result<Policy, Error> {
    match PolicyField::read(value, path)? {
        PolicyField::BuiltIn(id) => Policy::built_in(Some(id), path),
        PolicyField::Document(document) => Policy::compile(*document, value, path),
    }
}
