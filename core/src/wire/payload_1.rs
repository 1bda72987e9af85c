//! The payload of snapshots of version 1, which load for ever.

use bincode::BorrowDecode;

use super::payload::{self, Strings};

/// Users are numbered in byte order of their ids, everything else in document order.
#[derive(BorrowDecode)]
pub(super) struct Payload<'p> {
    /// The policy document as JSON.
    policy: &'p str,
    /// Ids in byte order.
    users: Strings<'p>,
    listed_users: ListedUsers<'p>,
    organizations: Organizations<'p>,
    projects: Projects<'p>,
    members: Rows<'p>,
    collaborators: Rows<'p>,
    api_keys: ApiKeys<'p>,
    resources: Resources<'p>,
}

#[derive(BorrowDecode)]
struct ListedUsers<'p> {
    /// u32 each.
    users: &'p [u8],
    /// Optional.
    emails: Strings<'p>,
    /// Optional: the ids of home organizations outside the directory.
    homes: Strings<'p>,
}

#[derive(BorrowDecode)]
struct Organizations<'p> {
    ids: Strings<'p>,
    /// Optional.
    names: Strings<'p>,
    /// The number of a user, u32 each.
    owners: &'p [u8],
    /// One byte each: 1 single sign-on, 2 more than one project.
    flags: &'p [u8],
    /// Instants, i64 each.
    projects_since: &'p [u8],
    /// u32 each.
    member_counts: &'p [u8],
    /// u32 each.
    project_counts: &'p [u8],
}

#[derive(BorrowDecode)]
struct Projects<'p> {
    ids: Strings<'p>,
    /// Optional.
    names: Strings<'p>,
    /// One byte each: 1 default, 2 allows externals.
    flags: &'p [u8],
    /// u32 each.
    collaborator_counts: &'p [u8],
    /// u32 each.
    api_key_counts: &'p [u8],
    /// u32 each.
    resource_counts: &'p [u8],
}

/// The members of each organization, or the collaborators of each project, concatenated.
#[derive(BorrowDecode)]
struct Rows<'p> {
    /// u32 each.
    users: &'p [u8],
    /// The number of a role in the policy, one byte each.
    roles: &'p [u8],
}

#[derive(BorrowDecode)]
struct ApiKeys<'p> {
    ids: Strings<'p>,
    /// Optional.
    names: Strings<'p>,
    /// One byte each: 1 organization default key, 2 has a digest.
    flags: &'p [u8],
    /// u32 each; `u32::MAX` for none.
    created_by: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none.
    created_at: &'p [u8],
    expires_at: &'p [u8],
    revoked_at: &'p [u8],
    /// 32 bytes for each key that has a digest.
    digests: &'p [u8],
}

#[derive(BorrowDecode)]
struct Resources<'p> {
    ids: Strings<'p>,
    /// Optional.
    names: Strings<'p>,
    /// The number of a kind in the policy, u16 each.
    kinds: &'p [u8],
    /// u32 each; `u32::MAX` for none. Empty if all are none.
    created_by: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none. Empty if all are none.
    created_at: &'p [u8],
    /// The resources of each project, sorted by kind and id: for each position, the index within the project. u32 each.
    _sorted: &'p [u8],
}

impl<'p> From<Payload<'p>> for payload::Payload<'p> {
    fn from(old: Payload<'p>) -> Self {
        let Payload { policy, users, listed_users, organizations, projects, members, collaborators, api_keys, resources } = old;
        Self {
            policy,
            users,
            listed_users: payload::ListedUsers {
                users: listed_users.users,
                emails: listed_users.emails,
                homes: listed_users.homes,
                ..Default::default()
            },
            organizations: payload::Organizations {
                ids: organizations.ids,
                names: organizations.names,
                owners: organizations.owners,
                flags: organizations.flags,
                projects_since: organizations.projects_since,
                member_counts: organizations.member_counts,
                project_counts: organizations.project_counts,
                ..Default::default()
            },
            members: members.into(),
            groups: payload::Groups::default(),
            group_members: payload::Rows::default(),
            projects: payload::Projects {
                ids: projects.ids,
                names: projects.names,
                flags: projects.flags,
                collaborator_counts: projects.collaborator_counts,
                api_key_counts: projects.api_key_counts,
                resource_counts: projects.resource_counts,
                ..Default::default()
            },
            collaborators: collaborators.into(),
            grants: payload::Rows::default(),
            api_keys: payload::ApiKeys {
                ids: api_keys.ids,
                names: api_keys.names,
                flags: api_keys.flags,
                created_by: api_keys.created_by,
                created_at: api_keys.created_at,
                expires_at: api_keys.expires_at,
                revoked_at: api_keys.revoked_at,
                digests: api_keys.digests,
                ..Default::default()
            },
            // The old order of the resources is not needed: the lists are sorted after loading.
            resources: payload::Resources {
                ids: resources.ids,
                names: resources.names,
                kinds: resources.kinds,
                created_by: resources.created_by,
                created_at: resources.created_at,
            },
            elsewhere: payload::Rows::default(),
            elsewhere_organizations: Strings::default(),
            elsewhere_projects: Strings::default(),
            chunk_keys: Strings::default(),
            chunk_hashes: &[],
        }
    }
}

impl<'p> From<Rows<'p>> for payload::Rows<'p> {
    fn from(old: Rows<'p>) -> Self {
        Self { grantees: old.users, roles: old.roles, ..Default::default() }
    }
}
