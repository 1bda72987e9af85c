//! The directory: organizations, users, projects, collaborators, keys and resources at one revision, indexed for answering.

mod document;
mod edit;
mod entries;
mod index;
mod lists;
mod pack;
mod revision;
mod rows;
mod sweep;
mod unpack;
mod write;

use std::sync::{Arc, OnceLock};

use crate::error::Error;
use crate::hasher::Hasher;
use crate::history::History;
use crate::instant::{Instant, MaybeInstant};
use crate::json;
use crate::names::{Names, Texts};
use crate::path::Path;
use crate::policy::{Kind, OrganizationRole, Policy, ProjectRole};
use crate::shape;
use crate::slots::Slots;
use crate::snapshot::PublicKeys;
use crate::table::{Maybe, Sparse, Table, indices};
use crate::value::Value;
use document::{DirectoryDocument, PolicyField};
pub(crate) use document::{KeyDigest, digest};
pub use document::{KeyKind, Membership};
pub(crate) use edit::{NewApiKey, NewProject, NewResource};
use rows::{ApiKeyFacts, Collaborator, DigestSlot, External, UserRow};
pub(crate) use rows::{ApiKeyRow, Home, OrganizationRow, ProjectContents, ProjectRow, ResourceRow};

indices! {
    User;
    Organization;
    Project;
    ApiKey;
    Resource;
    /// A name, an e-mail address, or the id of an organization elsewhere.
    Text;
}

/// A directory and its policy, accepted whole: whatever it holds is valid, so that answering has nothing left to check.
///
/// Every string is held once; everything else is small typed indices into tables, and every look-up is one hash. Changes only let tables grow: what one
/// removes is forgotten by its name, and swept out when there is much of it. Lists hang below their organization or project and are
/// sorted by id, so that listing is a walk; the order of the document is the order in which rows came.
#[derive(Clone, Debug)]
pub struct Directory {
    revision: u64,
    issued_at: Option<Instant>,
    max_age_seconds: Option<u64>,
    /// Shared with every copy of the directory: no change alters it.
    policy: Arc<Policy>,
    hasher: Hasher,
    texts: Texts<Text>,
    users: Names<User>,
    user_rows: Table<User, UserRow>,
    /// The users that the document lists by themselves, in its order.
    listed_users: Vec<User>,
    organizations: Names<Organization>,
    organization_rows: Table<Organization, OrganizationRow>,
    projects: Names<Project>,
    project_rows: Table<Project, ProjectRow>,
    project_contents: Table<Project, ProjectContents>,
    api_keys: Names<ApiKey>,
    api_key_rows: Table<ApiKey, ApiKeyRow>,
    api_key_facts: Table<ApiKey, ApiKeyFacts>,
    digests: Slots<DigestSlot>,
    resources: Names<Resource>,
    resource_rows: Table<Resource, ResourceRow>,
    resource_names: Sparse<Resource, Maybe<Text>>,
    resource_creators: Sparse<Resource, Maybe<User>>,
    resource_times: Sparse<Resource, MaybeInstant>,
    collaborators: Slots<Collaborator>,
    externals: Slots<External>,
    /// The number of the next member or collaborator row: documents list them in this order.
    next_order: u32,
    /// How many entries of the tables may be of no use any more.
    garbage: usize,
    /// The hash of this state (revision and age apart), once somebody may have a copy of it.
    state_hash: OnceLock<[u8; 32]>,
    history: History,
    /// Whose signature every delta must bear: that of any of these.
    demanded_keys: Option<PublicKeys>,
}

impl Directory {
    /// Reads a directory document from JSON text, under its own policy.
    ///
    /// # Errors
    /// The first fault of the document, by shape and then by meaning, in document order.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        Self::from_value(&json::parse(text)?, None, None)
    }

    /// Reads a directory document; `policy` (an id or a document) stands in for the document's own, and `seed` keys the hash of ids.
    pub(crate) fn from_value(value: &Value<'_>, policy: Option<&Value<'_>>, seed: Option<u64>) -> Result<Self, Error> {
        let replacement = policy.map(|value| read_policy(value, &Path::Root.field("policy"))).transpose()?;
        Self::read(value, replacement, seed).map_err(|error| error.naming_its_entry(value))
    }

    fn read(value: &Value<'_>, replacement: Option<Policy>, seed: Option<u64>) -> Result<Self, Error> {
        let root = Path::Root;
        let at = root.field("policy");
        let document = DirectoryDocument::read(value, &root)?;
        let own = shape::object(value, &root, &[]).map(|members| shape::member(members, "policy"))?;
        let policy = match (replacement, own) {
            (Some(policy), _) => policy,
            (None, Some(own)) => read_policy(own, &at)?,
            (None, None) => Policy::built_in(None, &at)?,
        };
        index::index(document, policy, value, seed)
    }

    /// A directory with nothing in it.
    fn empty(policy: Policy, hasher: Hasher) -> Self {
        Self {
            revision: 0,
            issued_at: None,
            max_age_seconds: None,
            policy: Arc::new(policy),
            hasher,
            texts: Texts::new(),
            users: Names::new(),
            user_rows: Table::new(),
            listed_users: Vec::new(),
            organizations: Names::new(),
            organization_rows: Table::new(),
            projects: Names::new(),
            project_rows: Table::new(),
            project_contents: Table::new(),
            api_keys: Names::new(),
            api_key_rows: Table::new(),
            api_key_facts: Table::new(),
            digests: Slots::new(),
            resources: Names::new(),
            resource_rows: Table::new(),
            resource_names: Sparse::new(),
            resource_creators: Sparse::new(),
            resource_times: Sparse::new(),
            collaborators: Slots::new(),
            externals: Slots::new(),
            next_order: 0,
            garbage: 0,
            state_hash: OnceLock::new(),
            history: History::default(),
            demanded_keys: None,
        }
    }

    /// The same directory at a revision and of an age, following nobody but holders of these keys.
    pub(crate) fn at_revision(
        self,
        revision: u64,
        issued_at: Option<Instant>,
        max_age_seconds: Option<u64>,
        demanded_keys: Option<PublicKeys>,
    ) -> Self {
        Self { revision, issued_at, max_age_seconds, demanded_keys, ..self }
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

    /// The last instant at which the directory answers; after it everything is denied (A1). `None` where that never comes.
    #[must_use]
    pub fn fresh_until(&self) -> Option<Instant> {
        self.issued_at?.plus_seconds(self.max_age_seconds?)
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Whose signature every delta must bear; the keys that the snapshot was read with.
    #[must_use]
    pub fn demanded_keys(&self) -> Option<&PublicKeys> {
        self.demanded_keys.as_ref()
    }

    /// The same directory, following nobody but holders of these keys: for a copy that was handed over without a signature.
    #[must_use]
    pub fn demanding(self, demanded_keys: Option<PublicKeys>) -> Self {
        Self { demanded_keys, ..self }
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
        self.users.find(&self.hasher, id).filter(|user| self.user_rows[*user].is_known())
    }

    /// A user of whom something is left, be it only what they created.
    pub(crate) fn find_user_name(&self, id: &str) -> Option<User> {
        self.users.find(&self.hasher, id)
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

    #[inline]
    pub(crate) fn resource(&self, id: &str) -> Option<Resource> {
        self.resources.find(&self.hasher, id)
    }

    // From numbers that a host has kept to things. Whatever has no row is nothing.

    pub(crate) fn user_at(&self, number: u32) -> Option<User> {
        self.user_rows.at(number).filter(|user| self.user_rows[*user].is_known())
    }

    pub(crate) fn organization_at(&self, number: u32) -> Option<Organization> {
        self.organization_rows.at(number)
    }

    pub(crate) fn project_at(&self, number: u32) -> Option<Project> {
        self.project_rows.at(number)
    }

    pub(crate) fn api_key_at(&self, number: u32) -> Option<ApiKey> {
        self.api_key_rows.at(number)
    }

    pub(crate) fn resource_at(&self, number: u32) -> Option<Resource> {
        self.resource_rows.at(number)
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

    /// Puts keys in the order of their ids.
    pub(crate) fn sort_api_keys(&self, keys: &mut [ApiKey]) {
        self.api_keys.sort(keys);
    }

    /// Puts projects in the order of their ids.
    pub(crate) fn sort_projects(&self, projects: &mut [Project]) {
        self.projects.sort(projects);
    }

    pub(crate) fn user_id(&self, user: User) -> &str {
        self.users.name(user)
    }

    pub(crate) fn resource_id(&self, resource: Resource) -> &str {
        self.resources.name(resource)
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }

    pub(crate) fn email(&self, user: User) -> Option<&str> {
        self.user_rows[user].email.get().map(|email| self.text(email))
    }

    #[inline]
    pub(crate) fn home(&self, user: User) -> Home {
        self.user_rows[user].home
    }

    #[inline]
    pub(crate) fn organization_row(&self, organization: Organization) -> &OrganizationRow {
        &self.organization_rows[organization]
    }

    #[inline]
    pub(crate) fn project_row(&self, project: Project) -> &ProjectRow {
        &self.project_rows[project]
    }

    pub(crate) fn project_contents(&self, project: Project) -> &ProjectContents {
        &self.project_contents[project]
    }

    /// The resources of one kind in a project, by id.
    pub(crate) fn resources_of_kind(&self, project: Project, kind: Kind) -> &[Resource] {
        let resources = &self.project_contents[project].resources;
        let start = resources.partition_point(|resource| self.resource_rows[*resource].kind < kind);
        let rest = resources.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|resource| self.resource_rows[*resource].kind == kind)).unwrap_or_default()
    }

    pub(crate) fn is_default_project(&self, project: Project) -> bool {
        self.project_rows[project].is_default
    }

    #[inline]
    pub(crate) fn api_key_row(&self, key: ApiKey) -> &ApiKeyRow {
        &self.api_key_rows[key]
    }

    pub(crate) fn api_key_rows(&self) -> impl Iterator<Item = (ApiKey, &ApiKeyRow)> {
        self.api_key_rows.iter()
    }

    pub(crate) fn resource_row(&self, resource: Resource) -> &ResourceRow {
        &self.resource_rows[resource]
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
        self.collaborator(project, user).map(|row| row.role)
    }

    #[inline]
    fn collaborator(&self, project: Project, user: User) -> Option<&Collaborator> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find(hash, |row| row.is_of(project, user))
    }

    /// The projects in which a user has a row of their own.
    pub(crate) fn projects_of(&self, user: User) -> impl Iterator<Item = Project> {
        let earlier = move |project: &Project| self.collaborator(*project, user).and_then(|row| row.earlier_project.get());
        std::iter::successors(self.user_rows[user].last_project.get(), earlier)
    }

    /// The API key of that digest: of several the one without `revoked_at`, and none where that leaves more than one.
    pub(crate) fn api_key_by_digest(&self, digest: &KeyDigest) -> Option<ApiKey> {
        let only = |may_be: &dyn Fn(ApiKey) -> bool| {
            let key = self.find_digest(digest, may_be)?;
            Some(self.find_digest(digest, |other| may_be(other) && other != key).is_none().then_some(key))
        };
        only(&|key| self.api_key_rows[key].revoked_at.is_none()).or_else(|| only(&|_| true)).flatten()
    }

    /// A key of that digest of which something holds. The table is keyed, and digests are compared in constant time, so that the time that an answer
    /// takes says nothing of how much of a digest was right.
    pub(crate) fn find_digest(&self, digest: &KeyDigest, holds: impl Fn(ApiKey) -> bool) -> Option<ApiKey> {
        let hash = self.hasher.bytes(digest.as_bytes());
        let is_it = |slot: &DigestSlot| {
            slot.hash == hash && self.api_key_facts[slot.key].digest.as_ref().is_some_and(|own| own.equals(digest)) && holds(slot.key)
        };
        self.digests.find(hash, is_it).map(|slot| slot.key)
    }

    /// Whether a non-member's rows in an organization have effect (A14) or not (A15); `None` where there are none.
    pub(crate) fn external_standing(&self, organization: Organization, user: User) -> Option<bool> {
        let hash = self.hasher.pair(organization.into(), user.into());
        self.externals.find(hash, |row| row.is_of(organization, user)).map(|row| row.effective_rows > 0)
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
        PolicyField::Document(document) => Policy::from_document(document, value, path),
    }
}
