//! Rows: the columns for each user, organization, project, API key and resource.

use crate::collections::hasher::Hasher;
use crate::collections::order;
use crate::collections::slots::Slot;
use crate::collections::table::Maybe;
use crate::input::instant::{Instant, MaybeInstant};
use crate::policy::{Kind, OrganizationRole, ProjectRole, Scope, Visibility};

use super::digest::KeyDigest;
use super::document::{KeyKind, Membership};
use super::indices::{ApiKey, Group, Limits, Organization, Period, Project, Resource, Text, User};

/// A user's home organization at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// No organization is known.
    Unknown,
    /// An organization outside the directory, by its id. Of one that an excerpt leaves out, the default project's id follows, after a zero character.
    Outside(Text),
    /// An organization of this directory, of which the user is a member.
    Member(Organization),
}

#[derive(Clone, Debug)]
pub(super) struct UserRow {
    /// The organization of the first membership; most users have one.
    pub(super) organization: Maybe<Organization>,
    pub(super) period: Maybe<Period>,
    /// The home outside the directory, by its id.
    pub(super) outside: Maybe<Text>,
    /// The project of the user's latest collaborator row: the head of a linked list.
    pub(super) last_project: Maybe<Project>,
    pub(super) email: Maybe<Text>,
    /// The organization role of the first membership.
    pub(super) role: SmallRole,
    /// Whether the document has an entry for this user that says nothing else.
    pub(super) is_bare: bool,
    /// What few users have.
    pub(super) extra: Option<Box<UserExtra>>,
}

/// An organization role in one byte. INVARIANT: a policy has at most 64.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmallRole(u8);

impl From<OrganizationRole> for SmallRole {
    fn from(role: OrganizationRole) -> Self {
        Self(u8::try_from(u32::from(role)).unwrap_or(u8::MAX))
    }
}

impl From<SmallRole> for OrganizationRole {
    #[inline]
    fn from(role: SmallRole) -> Self {
        Self::from(u32::from(role.0))
    }
}

/// The facts about a user that most users do not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct UserExtra {
    pub(super) suspended_at: Option<Instant>,
    /// The suspension of the first membership.
    pub(super) member_suspended_at: Option<Instant>,
    /// The home among several organizations of the directory.
    pub(super) home: Maybe<Organization>,
    /// The memberships after the first, sorted by the organization's index.
    pub(super) others: Vec<MemberRow>,
    /// Sorted by the group's index.
    pub(super) groups: Vec<InGroup>,
    /// Memberships of organizations that an excerpt leaves out.
    pub(super) elsewhere: Vec<Elsewhere>,
}

/// A membership of an organization that an excerpt of a directory leaves out: what remains of it is a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Elsewhere {
    /// The ids of the organization and of its default project, with a zero character between them.
    pub(super) home: Text,
    /// Whether the user's entry names it as the home among several.
    pub(super) is_named: bool,
    pub(super) period: Maybe<Period>,
}

impl UserExtra {
    /// The place of a further membership, or where it would be inserted.
    pub(super) fn place_of_membership(&self, organization: Organization) -> Result<usize, usize> {
        self.others.binary_search_by_key(&organization, |row| row.organization)
    }

    /// The place of a row in a group, or where it would be inserted.
    pub(super) fn place_in_group(&self, group: Group) -> Result<usize, usize> {
        self.groups.binary_search_by_key(&group, |row| row.group)
    }
}

/// The row of a member in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberRow {
    pub(crate) organization: Organization,
    pub(crate) role: OrganizationRole,
    pub(crate) period: Maybe<Period>,
    pub(crate) suspended_at: Option<Instant>,
}

/// The row of a user in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InGroup {
    pub(super) group: Group,
    pub(super) period: Maybe<Period>,
}

/// When a row was added, and when it ends (A27).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PeriodRow {
    /// Decides nothing.
    pub(crate) added_at: MaybeInstant,
    /// From this instant on, the row counts as not there.
    pub(crate) expires_at: MaybeInstant,
}

impl UserRow {
    pub(super) const NOTHING: Self = Self {
        organization: Maybe::NONE,
        period: Maybe::NONE,
        outside: Maybe::NONE,
        last_project: Maybe::NONE,
        email: Maybe::NONE,
        role: SmallRole(0),
        is_bare: false,
        extra: None,
    };

    /// False for a user without any row, who may still be named as a creator.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.is_mentioned() || self.is_bare || self.says_something()
    }

    /// Whether a row names the user.
    #[inline]
    pub(super) fn is_mentioned(&self) -> bool {
        self.organization.is_some() || self.last_project.is_some()
    }

    /// Whether the user's entry in `users` says something.
    pub(super) fn says_something(&self) -> bool {
        self.email.is_some()
            || self.outside.is_some()
            || self.extra.as_ref().is_some_and(|extra| extra.suspended_at.is_some() || extra.home.is_some())
    }

    /// Forgets a bare entry of a user whom something else mentions.
    pub(super) fn forget_bare_entry(&mut self) {
        self.is_bare &= !self.is_mentioned() && !self.says_something();
    }

    /// The first membership.
    pub(super) fn first_membership(&self) -> Option<MemberRow> {
        let suspended_at = self.extra.as_ref().and_then(|extra| extra.member_suspended_at);
        let row = |organization| MemberRow { organization, role: self.role.into(), period: self.period, suspended_at };
        self.organization.get().map(row)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct OrganizationRow {
    pub(crate) owner: User,
    pub(crate) default_project: Project,
    pub(crate) membership: Membership,
    pub(crate) multi_project: bool,
    pub(crate) projects_since: Option<Instant>,
    pub(crate) default_key: Option<ApiKey>,
    pub(crate) suspended_at: Option<Instant>,
    pub(super) name: Maybe<Text>,
    /// Sorted by id.
    pub(crate) members: Vec<User>,
    /// Sorted by id.
    pub(crate) projects: Vec<Project>,
    /// Sorted by id.
    pub(super) groups: Vec<Group>,
    /// The API keys that reach further than their own project, sorted by id.
    pub(crate) wide_keys: Vec<ApiKey>,
}

#[derive(Clone, Debug)]
pub(crate) struct GroupRow {
    pub(super) organization: Organization,
    pub(super) name: Maybe<Text>,
    /// Sorted by id.
    pub(super) members: Vec<User>,
    /// The projects in which the group has a row.
    pub(super) projects: Vec<Project>,
}

/// The columns of a project that decisions read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProjectRow {
    pub(crate) organization: Organization,
    pub(crate) visibility: Visibility,
    /// Whether organization roles imply project roles here, by the visibility.
    pub(crate) implies_roles: bool,
    pub(crate) allows_externals: bool,
    pub(crate) is_default: bool,
    /// Whether a group has a row in the project.
    pub(crate) has_groups: bool,
}

/// The contents of a project.
#[derive(Clone, Debug)]
pub(crate) struct ProjectContents {
    pub(super) name: Maybe<Text>,
    pub(crate) suspended_at: Option<Instant>,
    /// Sorted by the users' ids.
    pub(crate) collaborators: Vec<User>,
    /// The groups with a row, sorted by id.
    pub(super) groups: Vec<Group>,
    /// Sorted by id.
    pub(crate) api_keys: Vec<ApiKey>,
    /// Sorted by reference.
    pub(super) resources: Vec<Resource>,
}

/// The columns of an API key that decisions read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiKeyRow {
    pub(crate) project: Project,
    pub(crate) kind: KeyKind,
    /// The creator; the user may have been removed.
    pub(crate) created_by: Option<User>,
    pub(crate) expires_at: Option<Instant>,
    pub(crate) revoked_at: Option<Instant>,
    pub(crate) limits: Maybe<Limits>,
}

/// The limits of an API key (A22, A29, A30).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyLimits {
    /// Sorted by name. With an empty list, the key may do nothing; without a list, the scopes do not matter.
    pub(crate) scopes: Option<Vec<Scope>>,
    /// The user whose access the key ends with; the user may have been removed.
    pub(crate) acts_as: Option<User>,
    pub(crate) reach: Reach,
}

/// The projects that an API key reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Its own, and these further ones, sorted by index.
    Listed(Vec<Project>),
    /// Every project of its organization, and the organization itself.
    All,
}

impl Default for Reach {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Reach {
    /// An own project, and further ones in any order.
    pub(crate) fn of(mut further: Vec<Project>, own: Project) -> Self {
        further.retain(|project| *project != own);
        order::as_set(&mut further);
        Self::Listed(further)
    }

    pub(crate) fn is_own_project_alone(&self) -> bool {
        matches!(self, Self::Listed(further) if further.is_empty())
    }
}

/// The other columns of an API key.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApiKeyFacts {
    pub(super) name: Maybe<Text>,
    pub(super) created_at: Option<Instant>,
    pub(super) digest: Option<KeyDigest>,
}

/// The columns of a resource that decisions read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResourceRow {
    pub(crate) project: Project,
    pub(crate) kind: Kind,
}

/// A collaborator row, found by project and user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Collaborator {
    pub(super) project: Project,
    pub(super) user: User,
    pub(super) role: ProjectRole,
    pub(super) period: Maybe<Period>,
    /// The project of the user's previous row: the next entry of the linked list.
    pub(super) earlier_project: Maybe<Project>,
}

/// The row of a group in a project, found by both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    pub(super) project: Project,
    pub(super) group: Group,
    pub(super) role: ProjectRole,
    pub(super) period: Maybe<Period>,
}

/// A non-member with collaborator rows in an organization.
#[derive(Clone, Copy, Debug)]
pub(super) struct External {
    pub(super) organization: Organization,
    pub(super) user: User,
    /// How many rows without an end there are.
    pub(super) rows: u32,
    /// How many of these are in projects that allow external collaborators (A21).
    pub(super) effective_rows: u32,
    /// How many rows have an end: whether they count depends on the instant.
    pub(super) ending_rows: u32,
}

/// A number that is no index of any table.
const NOBODY: u32 = u32::MAX;

impl Collaborator {
    #[inline]
    pub(super) fn is_of(&self, project: Project, user: User) -> bool {
        self.user == user && self.project == project
    }
}

impl Slot for Collaborator {
    fn empty() -> Self {
        Self {
            project: Project::from(0),
            user: NOBODY.into(),
            role: ProjectRole::STRONGEST,
            period: Maybe::NONE,
            earlier_project: Maybe::NONE,
        }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.user == NOBODY.into()
    }

    fn hash(&self, hasher: &Hasher) -> u32 {
        hasher.pair(self.project.into(), self.user.into())
    }
}

impl Grant {
    #[inline]
    pub(super) fn is_of(&self, project: Project, group: Group) -> bool {
        self.group == group && self.project == project
    }
}

impl Slot for Grant {
    fn empty() -> Self {
        Self { project: Project::from(0), group: NOBODY.into(), role: ProjectRole::STRONGEST, period: Maybe::NONE }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.group == NOBODY.into()
    }

    fn hash(&self, hasher: &Hasher) -> u32 {
        hasher.pair(self.project.into(), self.group.into())
    }
}

impl External {
    pub(super) fn is_of(&self, organization: Organization, user: User) -> bool {
        self.user == user && self.organization == organization
    }
}

impl Slot for External {
    fn empty() -> Self {
        Self { organization: Organization::from(0), user: NOBODY.into(), rows: 0, effective_rows: 0, ending_rows: 0 }
    }

    fn is_empty(&self) -> bool {
        self.user == NOBODY.into()
    }

    fn hash(&self, hasher: &Hasher) -> u32 {
        hasher.pair(self.organization.into(), self.user.into())
    }
}

/// An API key, found by its digest.
#[derive(Clone, Copy, Debug)]
pub(super) struct DigestSlot {
    pub(super) hash: u32,
    pub(super) key: ApiKey,
}

impl Slot for DigestSlot {
    fn empty() -> Self {
        Self { hash: 0, key: NOBODY.into() }
    }

    fn is_empty(&self) -> bool {
        self.key == NOBODY.into()
    }

    fn hash(&self, _: &Hasher) -> u32 {
        self.hash
    }
}
