//! Wire: what snapshots and deltas are as bytes. The envelope, the payload and its columns, hashes, and the keys for signing.

pub(crate) mod column;
pub(crate) mod envelope;
pub(crate) mod hash;
pub(crate) mod hex;
pub(crate) mod payload;
pub(crate) mod signature;
pub(crate) mod trust;
