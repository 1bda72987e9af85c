//! The payload of a snapshot: the directory as columns. Only this file, that of the old version and their reader use bincode.
//!
//! Every list of the directory is stored as columns of bytes: numbers little-endian, texts concatenated. Reading borrows all of them from
//! the input, so it allocates nothing, whatever a damaged length claims.

use bincode::config::{Configuration, standard};
use bincode::{BorrowDecode, Encode};

pub(super) const ENCODING: Configuration = standard();

/// A directory and its policy, without revision and age. Everything is in byte order, and users and projects are numbered in that order.
///
/// A column that is marked as optional is empty if every value is the default.
#[derive(BorrowDecode, Encode)]
pub(crate) struct Payload<'p> {
    /// The policy document as JSON.
    pub(crate) policy: &'p str,
    /// Ids in byte order.
    pub(crate) users: Strings<'p>,
    pub(crate) listed_users: ListedUsers<'p>,
    pub(crate) organizations: Organizations<'p>,
    pub(crate) members: Rows<'p>,
    pub(crate) groups: Groups<'p>,
    /// Without roles.
    pub(crate) group_members: Rows<'p>,
    pub(crate) projects: Projects<'p>,
    pub(crate) collaborators: Rows<'p>,
    /// The rows of groups in projects.
    pub(crate) grants: Rows<'p>,
    pub(crate) api_keys: ApiKeys<'p>,
    pub(crate) resources: Resources<'p>,
    /// Memberships of organizations that are left out. The role is 1 for one that the user's entry names as the home.
    pub(crate) elsewhere: Rows<'p>,
    /// The ids of these organizations, and of their default projects.
    pub(crate) elsewhere_organizations: Strings<'p>,
    pub(crate) elsewhere_projects: Strings<'p>,
    /// The chunks of the state hash: the key of the first entry of each, and 32 bytes of hash each.
    pub(crate) chunk_keys: Strings<'p>,
    pub(crate) chunk_hashes: &'p [u8],
}

/// Concatenated texts, and the length of each in bytes (u16). In an optional column, 65,535 stands for none, and a column that has only
/// none is empty.
#[derive(Clone, Copy, Default, BorrowDecode, Encode)]
pub(crate) struct Strings<'p> {
    pub(crate) text: &'p str,
    pub(crate) lengths: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct ListedUsers<'p> {
    /// u32 each.
    pub(crate) users: &'p [u8],
    /// Optional.
    pub(crate) emails: Strings<'p>,
    /// Optional: the ids of the home organizations that the entries name.
    pub(crate) homes: Strings<'p>,
    /// Optional instants.
    pub(crate) suspended_at: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct Organizations<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// The number of a user, u32 each.
    pub(crate) owners: &'p [u8],
    /// One byte each: 1 single sign-on, 2 more than one project.
    pub(crate) flags: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none.
    pub(crate) projects_since: &'p [u8],
    /// Optional instants.
    pub(crate) suspended_at: &'p [u8],
    /// u32 each.
    pub(crate) member_counts: &'p [u8],
    /// Optional, u32 each.
    pub(crate) group_counts: &'p [u8],
    /// u32 each.
    pub(crate) project_counts: &'p [u8],
}

/// The rows of users or groups in each organization, group or project, concatenated.
#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct Rows<'p> {
    /// The number of a user or a group, u32 each.
    pub(crate) grantees: &'p [u8],
    /// The number of a role in the policy, one byte each.
    pub(crate) roles: &'p [u8],
    /// Optional instants.
    pub(crate) added_at: &'p [u8],
    /// Optional instants.
    pub(crate) expires_at: &'p [u8],
    /// Optional instants.
    pub(crate) suspended_at: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct Groups<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// u32 each.
    pub(crate) member_counts: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct Projects<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// One byte each: 1 default, 2 allows externals.
    pub(crate) flags: &'p [u8],
    /// Optional: the number of a visibility in the policy, one byte each.
    pub(crate) visibilities: &'p [u8],
    /// Optional instants.
    pub(crate) suspended_at: &'p [u8],
    /// u32 each.
    pub(crate) collaborator_counts: &'p [u8],
    /// Optional, u32 each.
    pub(crate) grant_counts: &'p [u8],
    /// u32 each.
    pub(crate) api_key_counts: &'p [u8],
    /// u32 each.
    pub(crate) resource_counts: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct ApiKeys<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// One byte each: 1 organization default key, 2 has a digest.
    pub(crate) flags: &'p [u8],
    /// u32 each; `u32::MAX` for none.
    pub(crate) created_by: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none.
    pub(crate) created_at: &'p [u8],
    pub(crate) expires_at: &'p [u8],
    pub(crate) revoked_at: &'p [u8],
    /// 32 bytes for each key that has a digest.
    pub(crate) digests: &'p [u8],
    /// Optional, u32 each; `u32::MAX` for none.
    pub(crate) acts_as: &'p [u8],
    /// Optional: how many scopes each key has, u32 each; `u32::MAX` for a key without a list.
    pub(crate) scope_counts: &'p [u8],
    /// The scopes of all keys: the number of a scope in the policy, u32 each.
    pub(crate) scopes: &'p [u8],
    /// Optional: how many further projects each key reaches, u32 each; `u32::MAX` for all.
    pub(crate) further_counts: &'p [u8],
    /// The further projects of all keys, u32 each.
    pub(crate) further: &'p [u8],
}

#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct Resources<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// The number of a kind in the policy, u16 each.
    pub(crate) kinds: &'p [u8],
    /// Optional, u32 each; `u32::MAX` for none.
    pub(crate) created_by: &'p [u8],
    /// Optional instants, i64 each; `i64::MIN` for none.
    pub(crate) created_at: &'p [u8],
}

impl Rows<'_> {
    fn has_any(&self) -> bool {
        let Self { grantees, roles, added_at, expires_at, suspended_at } = self;
        [grantees, roles, added_at, expires_at, suspended_at].iter().any(|column| !column.is_empty())
    }
}

impl ApiKeys<'_> {
    /// Whether any column says something about limits.
    pub(crate) fn has_limits(&self) -> bool {
        let Self { acts_as, scope_counts, scopes, further_counts, further, .. } = self;
        [acts_as, scope_counts, scopes, further_counts, further].iter().any(|column| !column.is_empty())
    }
}

impl<'p> Payload<'p> {
    /// Whether any column says something about groups.
    pub(crate) fn has_groups(&self) -> bool {
        let Groups { ids, names, member_counts } = &self.groups;
        let texts = [ids.text, names.text].iter().any(|text| !text.is_empty());
        let columns = [ids.lengths, names.lengths, member_counts, self.organizations.group_counts];
        texts || columns.iter().any(|column| !column.is_empty()) || self.group_members.has_any()
    }

    /// Whether any column says something about memberships of organizations that are left out.
    pub(crate) fn has_elsewhere(&self) -> bool {
        let texts = [self.elsewhere_organizations, self.elsewhere_projects];
        self.elsewhere.has_any() || texts.iter().any(|texts| !texts.text.is_empty() || !texts.lengths.is_empty())
    }

    /// Whether any column says something about the rows of groups.
    pub(crate) fn has_grants(&self) -> bool {
        !self.projects.grant_counts.is_empty() || self.grants.has_any()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // INVARIANT: encoding texts and bytes does not fail.
        bincode::encode_to_vec(self, ENCODING).unwrap_or_default()
    }
}
