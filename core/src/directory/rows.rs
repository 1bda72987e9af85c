//! Rows: the columns for each user, organization, project, API key and resource.

use crate::collections::hasher::Hasher;
use crate::collections::slots::Slot;
use crate::collections::table::Maybe;
use crate::input::instant::Instant;
use crate::policy::{Kind, OrganizationRole, ProjectRole};

use super::document::{KeyDigest, KeyKind, Membership};
use super::indices::{ApiKey, Organization, Project, Resource, Text, User};

/// A user's home organization. There is at most one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Home {
    /// No organization is known.
    Unknown,
    /// An organization outside the directory, by its id.
    Outside(Text),
    /// A member of an organization of this directory.
    Member(Organization, OrganizationRole),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct UserRow {
    pub(super) home: Home,
    /// The number of the member row, which gives the order of the document.
    pub(super) joined: u32,
    /// The project of the user's latest collaborator row: the head of a linked list.
    pub(super) last_project: Maybe<Project>,
    pub(super) email: Maybe<Text>,
    /// Whether the document has an entry for this user.
    pub(super) is_listed: bool,
}

impl UserRow {
    pub(super) const NOTHING: Self =
        Self { home: Home::Unknown, joined: 0, last_project: Maybe::NONE, email: Maybe::NONE, is_listed: false };

    /// False for a user without any row, who may still be named as a creator.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.is_listed || matches!(self.home, Home::Member(..)) || self.last_project.get().is_some()
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
    pub(super) name: Maybe<Text>,
    /// Sorted by id.
    pub(crate) members: Vec<User>,
    /// Sorted by id.
    pub(crate) projects: Vec<Project>,
}

/// The columns of a project that decisions read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProjectRow {
    pub(crate) organization: Organization,
    pub(crate) allows_externals: bool,
    pub(crate) is_default: bool,
}

/// The contents of a project.
#[derive(Clone, Debug)]
pub(crate) struct ProjectContents {
    pub(super) name: Maybe<Text>,
    /// Sorted by the users' ids.
    pub(crate) collaborators: Vec<User>,
    /// Sorted by id.
    pub(crate) api_keys: Vec<ApiKey>,
    /// Sorted by kind, then by id.
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
    pub(super) order: u32,
    /// The project of the user's previous row: the next entry of the linked list.
    pub(super) earlier_project: Maybe<Project>,
}

/// A non-member with collaborator rows in an organization.
#[derive(Clone, Copy, Debug)]
pub(super) struct External {
    pub(super) organization: Organization,
    pub(super) user: User,
    pub(super) rows: u32,
    /// How many of the rows are in projects that allow external collaborators (A21).
    pub(super) effective_rows: u32,
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
        Self { project: Project::from(0), user: NOBODY.into(), role: ProjectRole::STRONGEST, order: 0, earlier_project: Maybe::NONE }
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.user == NOBODY.into()
    }

    fn hash(&self, hasher: &Hasher) -> u32 {
        hasher.pair(self.project.into(), self.user.into())
    }
}

impl External {
    pub(super) fn is_of(&self, organization: Organization, user: User) -> bool {
        self.user == user && self.organization == organization
    }
}

impl Slot for External {
    fn empty() -> Self {
        Self { organization: Organization::from(0), user: NOBODY.into(), rows: 0, effective_rows: 0 }
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
