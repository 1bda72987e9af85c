//! Relations between two entries, each found by one hash.

use crate::policy::{OrganizationRole, ProjectRole};

use super::document::KeyDigest;
use super::indices::{ApiKey, Organization, Project, User};
use super::rows::{Collaborator, DigestSlot, Home};
use super::tables::Tables;

impl Tables {
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
    pub(super) fn collaborator(&self, project: Project, user: User) -> Option<&Collaborator> {
        let hash = self.hasher.pair(project.into(), user.into());
        self.collaborators.find(hash, |row| row.is_of(project, user))
    }

    /// The projects in which a user has a collaborator row.
    pub(crate) fn projects_of(&self, user: User) -> impl Iterator<Item = Project> {
        let earlier = move |project: &Project| self.collaborator(*project, user).and_then(|row| row.earlier_project.get());
        std::iter::successors(self.user_rows[user].last_project.get(), earlier)
    }

    /// The API key of that digest. Of several, it is the one without `revoked_at`; `None` if there is more than one of those.
    pub(crate) fn api_key_by_digest(&self, digest: &KeyDigest) -> Option<ApiKey> {
        let only = |may_be: &dyn Fn(ApiKey) -> bool| {
            let key = self.find_digest(digest, may_be)?;
            Some(self.find_digest(digest, |other| may_be(other) && other != key).is_none().then_some(key))
        };
        only(&|key| self.api_key_rows[key].revoked_at.is_none()).or_else(|| only(&|_| true)).flatten()
    }

    /// A key of that digest that matches. The table is keyed and digests are compared in constant time, so the time of an answer does not
    /// depend on how much of a digest is right.
    pub(crate) fn find_digest(&self, digest: &KeyDigest, holds: impl Fn(ApiKey) -> bool) -> Option<ApiKey> {
        let hash = self.hasher.bytes(digest.as_bytes());
        let is_it = |slot: &DigestSlot| {
            slot.hash == hash && self.api_key_facts[slot.key].digest.as_ref().is_some_and(|own| own.equals(digest)) && holds(slot.key)
        };
        self.digests.find(hash, is_it).map(|slot| slot.key)
    }

    /// Whether a non-member's rows in an organization have effect (A14) or not (A15); `None` if there are none.
    pub(crate) fn external_standing(&self, organization: Organization, user: User) -> Option<bool> {
        let hash = self.hasher.pair(organization.into(), user.into());
        self.externals.find(hash, |row| row.is_of(organization, user)).map(|row| row.effective_rows > 0)
    }

    /// The external collaborator of the project who created an API key, if it was one (B5).
    pub(crate) fn external_creator(&self, key: ApiKey) -> Option<User> {
        let row = &self.api_key_rows[key];
        let organization = self.project_rows[row.project].organization;
        row.created_by
            .filter(|user| self.membership(*user, organization).is_none())
            .filter(|user| self.collaborator_role(row.project, *user).is_some())
    }
}
