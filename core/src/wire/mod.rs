//! Wire: the byte format of snapshots and deltas. The envelope, the payload and its columns, hashes, and signing keys.

pub(crate) mod column;
pub(crate) mod delta;
pub(crate) mod envelope;
pub(crate) mod hash;
pub(crate) mod hex;
pub(crate) mod merkle;
pub(crate) mod payload;
mod payload_1;
pub(crate) mod payload_reader;
pub(crate) mod signature;
pub(crate) mod trust;
