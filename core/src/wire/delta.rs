//! The payload of a delta: the entries that differ, and the changes that led there.

use bincode::{BorrowDecode, Encode};

use super::payload::{ENCODING, Strings};

/// What a copy at the base has to put and to remove. Columns as in a snapshot.
#[derive(Default, BorrowDecode, Encode)]
pub(crate) struct DeltaPayload<'p> {
    /// The policy document as JSON; empty if the policy is the same.
    pub(crate) policy: &'p str,
    /// The keys of the entries, in order.
    pub(crate) keys: Strings<'p>,
    /// How many bytes each entry takes, u32 each; `u32::MAX` for one that is removed.
    pub(crate) lengths: &'p [u8],
    /// The bytes of all entries that are put.
    pub(crate) entries: &'p [u8],
    /// The types of the changes, one for each revision.
    pub(crate) types: Strings<'p>,
    /// Optional: the actors of the changes, as references.
    pub(crate) actors: Strings<'p>,
    /// Instants, i64 each.
    pub(crate) times: &'p [u8],
}

impl<'p> DeltaPayload<'p> {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // INVARIANT: encoding texts and bytes does not fail.
        bincode::encode_to_vec(self, ENCODING).unwrap_or_default()
    }

    /// `None` if the bytes are not exactly one payload.
    pub(crate) fn of_bytes(bytes: &'p [u8]) -> Option<Self> {
        let (payload, length) = bincode::borrow_decode_from_slice(bytes, ENCODING).ok()?;
        (length == bytes.len()).then_some(payload)
    }
}
