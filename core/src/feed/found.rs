//! Reading a store: what the host reads, and what it finds.

use super::key::Key;

/// What the host reads next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The key to read.
    pub key: Key,
    /// Whether the host may ask for it only if it has changed since it was read last (HTTP: `If-None-Match`). What was refused and may be accepted later
    /// is read in full again.
    pub if_changed: bool,
}

/// What a store has under a key.
#[derive(Clone, Copy, Debug)]
pub enum Found<'b> {
    /// These bytes.
    Bytes(&'b [u8]),
    /// Nothing.
    Absent,
    /// The same as when the host read the key last (HTTP: 304).
    Unchanged,
}
