//! The tables: the policy and all rows of a directory, indexed. A snapshot contains them, and the state hash covers them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::collections::hasher::Hasher;
use crate::collections::names::{Names, Space};
use crate::collections::slots::Slots;
use crate::collections::table::{Maybe, Sparse, Table};
use crate::collections::texts::Texts;
use crate::input::instant::MaybeInstant;
use crate::policy::{Kind, Policy};

use super::entry::{EntryIndex, Images};
use super::indices::{ApiKey, Group, Limits, Organization, Period, Project, Resource, Text, User};
use super::rows::{
    ApiKeyFacts, ApiKeyRow, Collaborator, DigestSlot, External, Grant, GroupRow, KeyLimits, OrganizationRow, PeriodRow, ProjectContents,
    ProjectRow, ResourceRow, UserRow,
};

/// A policy and the rows of a directory. They are valid, so that answering checks nothing.
///
/// Every string is stored once; everything else is small typed indices into tables, and every lookup is one hash. A change only appends to
/// tables: what it removes is removed from the hash of names and from all lists, and compaction frees its row later. Lists are sorted by id,
/// so that a listing only walks them, and so that equal directories are written in the same way.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    /// Shared by all copies of the tables: no change alters it.
    pub(super) policy: Arc<Policy>,
    pub(super) hasher: Hasher,
    pub(super) texts: Texts<Text>,
    pub(super) users: Names<User>,
    /// The users who have an entry of their own, sorted by id.
    pub(super) listed: Vec<User>,
    pub(super) user_rows: Table<User, UserRow>,
    pub(super) organizations: Names<Organization>,
    pub(super) organization_rows: Table<Organization, OrganizationRow>,
    /// The organizations that there are, sorted by id: every other list hangs below one of them, so removed rows are in none.
    pub(super) organization_list: Vec<Organization>,
    pub(super) projects: Names<Project>,
    pub(super) project_rows: Table<Project, ProjectRow>,
    pub(super) project_contents: Table<Project, ProjectContents>,
    pub(super) groups: Names<Group>,
    pub(super) group_rows: Table<Group, GroupRow>,
    pub(super) api_keys: Names<ApiKey>,
    pub(super) api_key_rows: Table<ApiKey, ApiKeyRow>,
    pub(super) api_key_facts: Table<ApiKey, ApiKeyFacts>,
    pub(super) api_key_limits: Table<Limits, KeyLimits>,
    pub(super) digests: Slots<DigestSlot>,
    /// In a space for each kind.
    pub(super) resources: Names<Resource>,
    pub(super) resource_rows: Table<Resource, ResourceRow>,
    pub(super) resource_names: Sparse<Resource, Maybe<Text>>,
    pub(super) resource_creators: Sparse<Resource, Maybe<User>>,
    pub(super) resource_times: Sparse<Resource, MaybeInstant>,
    pub(super) collaborators: Slots<Collaborator>,
    pub(super) grants: Slots<Grant>,
    pub(super) externals: Slots<External>,
    pub(super) periods: Table<Period, PeriodRow>,
    /// Whether anything is suspended, at any instant.
    pub(super) has_suspensions: bool,
    /// Whether any row ends.
    pub(super) has_ends: bool,
    /// Whether anybody is a member of an organization that is left out: only in excerpts.
    pub(super) has_elsewhere: bool,
    /// An upper bound of the number of unused entries.
    pub(super) garbage: usize,
    pub(super) journal: Journal,
}

/// The entries that have been touched since the journal was opened.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    /// While directories are loaded, nothing is noted.
    pub(super) is_open: bool,
    /// Whether it is being undone.
    pub(super) is_undoing: bool,
    /// By index, so valid until the next compaction.
    pub(super) touched: BTreeSet<EntryIndex>,
    /// What the entries were, by the keys that they had then, or have now.
    pub(super) before: Images,
    /// The tables under the policy before, if the policy has been replaced; their own journal says what was touched before that.
    pub(super) replaced: Option<Box<Tables>>,
}

impl Tables {
    /// Empty tables.
    pub(super) fn empty(policy: Arc<Policy>, hasher: Hasher) -> Self {
        Self {
            policy,
            hasher,
            texts: Texts::new(),
            users: Names::new(),
            listed: Vec::new(),
            user_rows: Table::new(),
            organizations: Names::new(),
            organization_rows: Table::new(),
            organization_list: Vec::new(),
            projects: Names::new(),
            project_rows: Table::new(),
            project_contents: Table::new(),
            groups: Names::new(),
            group_rows: Table::new(),
            api_keys: Names::new(),
            api_key_rows: Table::new(),
            api_key_facts: Table::new(),
            api_key_limits: Table::new(),
            digests: Slots::new(),
            resources: Names::new(),
            resource_rows: Table::new(),
            resource_names: Sparse::new(),
            resource_creators: Sparse::new(),
            resource_times: Sparse::new(),
            collaborators: Slots::new(),
            grants: Slots::new(),
            externals: Slots::new(),
            periods: Table::new(),
            has_suspensions: false,
            has_ends: false,
            has_elsewhere: false,
            garbage: 0,
            journal: Journal::default(),
        }
    }

    #[inline]
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy document as JSON, as snapshots and the state hash have it.
    pub(crate) fn policy_text(&self) -> String {
        // INVARIANT: a policy document has only texts and lists, which JSON can represent.
        serde_json::to_string(self.policy.document()).unwrap_or_default()
    }

    /// How many entries there are, roughly: those that most directories have many of.
    pub(crate) fn size(&self) -> usize {
        [self.user_rows.len(), self.api_key_rows.len(), self.resource_rows.len()].into_iter().sum()
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    // From names to indices.

    /// A user of the directory: listed, a member, or a collaborator.
    #[inline]
    pub(crate) fn user(&self, id: &str) -> Option<User> {
        self.users.find(&self.hasher, id).filter(|user| self.user_rows[*user].is_known())
    }

    /// A user who is in the directory, or is named as a creator.
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

    /// A resource. Every kind has an id space of its own.
    #[inline]
    pub(crate) fn resource(&self, kind: Kind, id: &str) -> Option<Resource> {
        self.resources.find_in(&self.hasher, Space::of(kind.into()), id)
    }

    pub(crate) fn group(&self, id: &str) -> Option<Group> {
        self.groups.find(&self.hasher, id)
    }

    // From a host's ordinals to indices. A number without a row gives `None`.

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

    // From indices to rows.

    pub(crate) fn organization_id(&self, organization: Organization) -> &str {
        self.organizations.name(organization)
    }

    pub(crate) fn project_id(&self, project: Project) -> &str {
        self.projects.name(project)
    }

    #[cfg(feature = "insight")]
    pub(crate) fn group_id(&self, group: Group) -> &str {
        self.groups.name(group)
    }

    pub(crate) fn api_key_id(&self, key: ApiKey) -> &str {
        self.api_keys.name(key)
    }

    /// Sorts projects by their ids.
    pub(crate) fn sort_projects(&self, projects: &mut [Project]) {
        self.projects.sort(projects);
    }

    /// Sorts users by their ids.
    #[cfg(feature = "insight")]
    pub(crate) fn sort_users(&self, users: &mut [User]) {
        self.users.sort(users);
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

    // Display names.

    pub(crate) fn organization_name(&self, organization: Organization) -> Option<&str> {
        self.optional_text(self.organization_rows[organization].name)
    }

    pub(crate) fn project_name(&self, project: Project) -> Option<&str> {
        self.optional_text(self.project_contents[project].name)
    }

    pub(crate) fn api_key_name(&self, key: ApiKey) -> Option<&str> {
        self.optional_text(self.api_key_facts[key].name)
    }

    pub(crate) fn resource_name(&self, resource: Resource) -> Option<&str> {
        self.optional_text(self.resource_names.get(resource))
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

    /// The resources of one kind in a project, sorted by id.
    pub(crate) fn resources_of_kind(&self, project: Project, kind: Kind) -> &[Resource] {
        let resources = &self.project_contents[project].resources;
        let rank = |resource: &Resource| self.policy.kind_rank(self.resource_rows[*resource].kind);
        let wanted = self.policy.kind_rank(kind);
        let start = resources.partition_point(|resource| rank(resource) < wanted);
        let rest = resources.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|resource| rank(resource) == wanted)).unwrap_or_default()
    }

    /// The groups with a row in a project, sorted by id.
    #[cfg(feature = "insight")]
    pub(crate) fn groups_in(&self, project: Project) -> &[Group] {
        &self.project_contents[project].groups
    }

    pub(crate) fn is_default_project(&self, project: Project) -> bool {
        self.project_rows[project].is_default
    }

    #[inline]
    pub(crate) fn api_key_row(&self, key: ApiKey) -> &ApiKeyRow {
        &self.api_key_rows[key]
    }

    /// The limits of an API key that has any.
    #[inline]
    pub(crate) fn limits(&self, key: ApiKey) -> Option<&KeyLimits> {
        self.api_key_rows[key].limits.get().map(|limits| &self.api_key_limits[limits])
    }

    /// Whether an answer may depend on the instant because a row ends, or something is suspended (A25 to A27).
    #[inline]
    pub(crate) fn depends_on_time(&self) -> bool {
        self.has_ends | self.has_suspensions
    }

    /// Whether anything is suspended, at any instant.
    #[inline]
    pub(crate) fn has_suspensions(&self) -> bool {
        self.has_suspensions
    }

    /// All groups, by organization and id.
    pub(super) fn all_groups(&self) -> impl Iterator<Item = Group> {
        self.organization_list.iter().flat_map(|organization| &self.organization_rows[*organization].groups).copied()
    }

    /// All projects, by organization and id.
    pub(crate) fn all_projects(&self) -> impl Iterator<Item = Project> {
        self.organization_list.iter().flat_map(|organization| &self.organization_rows[*organization].projects).copied()
    }

    pub(crate) fn resource_row(&self, resource: Resource) -> &ResourceRow {
        &self.resource_rows[resource]
    }
}
