//! The payload of a snapshot: the directory as columns. The one place that knows bincode.
//!
//! Every list of the directory is a few columns of bytes, numbers little-endian, texts one behind the other. Reading borrows all of them from
//! the input: it allocates nothing, however long a damaged length claims to be.

use bincode::config::{Configuration, standard};
use bincode::{BorrowDecode, Encode};

const ENCODING: Configuration = standard();

/// A directory and its policy, without revision and age. Numbers refer to users in byte order of their ids, to everything else in document order.
#[derive(BorrowDecode, Encode)]
pub(crate) struct Payload<'p> {
    /// The policy document as JSON.
    pub(crate) policy: &'p str,
    /// Ids in byte order.
    pub(crate) users: Strings<'p>,
    pub(crate) listed_users: ListedUsers<'p>,
    pub(crate) organizations: Organizations<'p>,
    pub(crate) projects: Projects<'p>,
    pub(crate) members: Rows<'p>,
    pub(crate) collaborators: Rows<'p>,
    pub(crate) api_keys: ApiKeys<'p>,
    pub(crate) resources: Resources<'p>,
}

/// Texts one behind the other, and the length of each in bytes (u16). In an optional column, 65,535 stands for none, and a column of nothing
/// but none is empty.
#[derive(Clone, Copy, BorrowDecode, Encode)]
pub(crate) struct Strings<'p> {
    pub(crate) text: &'p str,
    pub(crate) lengths: &'p [u8],
}

#[derive(BorrowDecode, Encode)]
pub(crate) struct ListedUsers<'p> {
    /// u32 each.
    pub(crate) users: &'p [u8],
    /// Optional.
    pub(crate) emails: Strings<'p>,
    /// Optional: home organizations outside the directory.
    pub(crate) homes: Strings<'p>,
}

#[derive(BorrowDecode, Encode)]
pub(crate) struct Organizations<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// The number of a user, u32 each.
    pub(crate) owners: &'p [u8],
    /// One byte each: 1 single sign-on, 2 more than one project.
    pub(crate) flags: &'p [u8],
    /// Instants, i64 each.
    pub(crate) projects_since: &'p [u8],
    /// u32 each.
    pub(crate) member_counts: &'p [u8],
    /// u32 each.
    pub(crate) project_counts: &'p [u8],
}

#[derive(BorrowDecode, Encode)]
pub(crate) struct Projects<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// One byte each: 1 default, 2 allows externals.
    pub(crate) flags: &'p [u8],
    /// u32 each.
    pub(crate) collaborator_counts: &'p [u8],
    /// u32 each.
    pub(crate) api_key_counts: &'p [u8],
    /// u32 each.
    pub(crate) resource_counts: &'p [u8],
}

/// Members of one organization after the other, or collaborators of one project after the other.
#[derive(BorrowDecode, Encode)]
pub(crate) struct Rows<'p> {
    /// u32 each.
    pub(crate) users: &'p [u8],
    /// The number of a role in the policy, one byte each.
    pub(crate) roles: &'p [u8],
}

#[derive(BorrowDecode, Encode)]
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
    /// 32 bytes for each key that has one.
    pub(crate) digests: &'p [u8],
}

#[derive(BorrowDecode, Encode)]
pub(crate) struct Resources<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// The number of a kind in the policy, u16 each.
    pub(crate) kinds: &'p [u8],
    /// u32 each; `u32::MAX` for none. Empty where all are none.
    pub(crate) created_by: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none. Empty where all are none.
    pub(crate) created_at: &'p [u8],
    /// The order by kind and id of the resources of one project after the other: which of the project's comes first, second, … u32 each.
    pub(crate) sorted: &'p [u8],
}

impl<'p> Payload<'p> {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // INVARIANT: bincode fails on nothing that is made of texts and bytes alone.
        bincode::encode_to_vec(self, ENCODING).unwrap_or_default()
    }

    /// `None` where these bytes are no payload, or more than one.
    pub(crate) fn from_bytes(bytes: &'p [u8]) -> Option<Self> {
        let (payload, length) = bincode::borrow_decode_from_slice(bytes, ENCODING).ok()?;
        (length == bytes.len()).then_some(payload)
    }
}
