//! The payload of a snapshot: the directory as columns. This is the only file that uses bincode.
//!
//! Every list of the directory is stored as columns of bytes: numbers little-endian, texts concatenated. Reading borrows all of them from
//! the input, so it allocates nothing, whatever a damaged length claims.

use bincode::config::{Configuration, standard};
use bincode::{BorrowDecode, Encode};

const ENCODING: Configuration = standard();

/// A directory and its policy, without revision and age. Users are numbered in byte order of their ids, everything else in document order.
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

/// Concatenated texts, and the length of each in bytes (u16). In an optional column, 65,535 stands for none, and a column that has only
/// none is empty.
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
    /// Optional: the ids of home organizations outside the directory.
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

/// The members of each organization, or the collaborators of each project, concatenated.
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
    /// 32 bytes for each key that has a digest.
    pub(crate) digests: &'p [u8],
}

#[derive(BorrowDecode, Encode)]
pub(crate) struct Resources<'p> {
    pub(crate) ids: Strings<'p>,
    /// Optional.
    pub(crate) names: Strings<'p>,
    /// The number of a kind in the policy, u16 each.
    pub(crate) kinds: &'p [u8],
    /// u32 each; `u32::MAX` for none. Empty if all are none.
    pub(crate) created_by: &'p [u8],
    /// Instants, i64 each; `i64::MIN` for none. Empty if all are none.
    pub(crate) created_at: &'p [u8],
    /// The resources of each project, sorted by kind and id: for each position, the index within the project. u32 each.
    pub(crate) sorted: &'p [u8],
}

impl<'p> Payload<'p> {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // INVARIANT: encoding texts and bytes does not fail.
        bincode::encode_to_vec(self, ENCODING).unwrap_or_default()
    }

    /// `None` if the bytes are not exactly one payload.
    pub(crate) fn from_bytes(bytes: &'p [u8]) -> Option<Self> {
        let (payload, length) = bincode::borrow_decode_from_slice(bytes, ENCODING).ok()?;
        (length == bytes.len()).then_some(payload)
    }
}
