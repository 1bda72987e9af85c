//! Claims: everything that only one organization of a directory can have.

use std::borrow::Cow;

use crate::collections::names::Space;
use crate::directory::digest::KeyDigest;
use crate::directory::document::OrganizationDocument;
use crate::directory::indices::{ApiKey, Organization, Project};
use crate::directory::tables::Tables;
use crate::policy::Policy;

/// What an organization claims.
#[derive(Clone, Copy, Debug)]
pub(super) enum Claim<'d> {
    /// A member, where users have one organization.
    Member(&'d str),
    Group(&'d str),
    Project(&'d str),
    ApiKey(&'d str),
    /// The digest of a key that is not revoked.
    Digest(KeyDigest),
    /// A kind and an id.
    Resource(&'d str, &'d str),
}

/// Where a claim is in the document of an organization: the index in each list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Site {
    Member(usize),
    Group(usize),
    Project(usize),
    ApiKey(usize, usize),
    Digest(usize, usize),
    Resource(usize, usize),
}

impl<'d> Claim<'d> {
    /// The name of the claim, and a space for each sort of claim and each kind. `None` if the policy has no such kind.
    pub(super) fn name(&self, policy: &Policy) -> Option<(Space, Cow<'d, str>)> {
        let (space, name) = match *self {
            Self::Member(id) => (0, id),
            Self::Group(id) => (1, id),
            Self::Project(id) => (2, id),
            Self::ApiKey(id) => (3, id),
            Self::Digest(digest) => return Some((Space::of(4), Cow::Owned(digest.to_string()))),
            Self::Resource(kind, id) => (u32::from(policy.kind(kind)?).saturating_add(5), id),
        };
        Some((Space::of(space), Cow::Borrowed(name)))
    }

    /// Calls `take` with every claim of an organization, and its place.
    pub(super) fn of_document(organization: &OrganizationDocument<'d>, policy: &Policy, mut take: impl FnMut(Self, Site)) {
        if !policy.has_multiple_organizations() {
            organization.members.iter().enumerate().for_each(|(number, row)| take(Self::Member(row.user), Site::Member(number)));
        }
        organization.groups.iter().enumerate().for_each(|(number, group)| take(Self::Group(group.id), Site::Group(number)));
        for (number, project) in organization.projects.iter().enumerate() {
            take(Self::Project(project.id), Site::Project(number));
            for (place, key) in project.api_keys.iter().enumerate() {
                take(Self::ApiKey(key.id), Site::ApiKey(number, place));
                if let Some(digest) = key.digest.filter(|_| key.revoked_at.is_none()) {
                    take(Self::Digest(digest), Site::Digest(number, place));
                }
            }
            for (place, resource) in project.resources.iter().enumerate() {
                take(Self::Resource(resource.kind, resource.id), Site::Resource(number, place));
            }
        }
    }
}

impl Tables {
    /// Calls `take` with everything that an organization has and only one can have.
    pub(super) fn claims(&self, organization: Organization, mut take: impl FnMut(Claim<'_>)) {
        let row = &self.organization_rows[organization];
        row.members.iter().for_each(|user| take(Claim::Member(self.users.name(*user))));
        row.groups.iter().for_each(|group| take(Claim::Group(self.groups.name(*group))));
        for project in &row.projects {
            take(Claim::Project(self.projects.name(*project)));
            let contents = &self.project_contents[*project];
            for key in &contents.api_keys {
                take(Claim::ApiKey(self.api_keys.name(*key)));
                if let Some(digest) = self.api_key_facts[*key].digest.filter(|_| self.is_live(*key)) {
                    take(Claim::Digest(digest));
                }
            }
            for resource in &contents.resources {
                take(Claim::Resource(self.policy.kind_name(self.resource_rows[*resource].kind), self.resources.name(*resource)));
            }
        }
    }

    /// The organization that has what is claimed. Of several organizations of a member, it is the last in byte order.
    pub(super) fn holder(&self, claim: &Claim<'_>) -> Option<Organization> {
        let of_project = |project: Project| self.project_rows[project].organization;
        let of_key = |key: ApiKey| of_project(self.api_key_rows[key].project);
        match *claim {
            Claim::Member(user) => {
                let rows = self.user(user).into_iter().flat_map(|user| self.member_rows(user));
                rows.map(|row| row.organization).max_by_key(|organization| self.organizations.name(*organization))
            }
            Claim::Group(id) => self.group(id).map(|group| self.group_rows[group].organization),
            Claim::Project(id) => self.project(id).map(of_project),
            Claim::ApiKey(id) => self.api_key(id).map(of_key),
            Claim::Digest(digest) => self.find_digest(&digest, |key| self.is_live(key)).map(of_key),
            Claim::Resource(kind, id) => {
                self.resource(self.policy.kind(kind)?, id).map(|resource| of_project(self.resource_rows[resource].project))
            }
        }
    }

    fn is_live(&self, key: ApiKey) -> bool {
        self.api_key_rows[key].revoked_at.is_none()
    }
}
