//! Entries: a directory as one sorted list of rows. The journal, deltas, the state hash, previews and reconciliation are all made of entries.
//!
//! Each entry is what a `put_…` change sets, without the lists below it, and has a [`Key`]. The state is the policy and all entries in the order of
//! their keys: the same facts are the same list, whatever the order of a document or the way to them.

mod about;
mod bytes;
mod codec;
mod consistency;
mod difference;
mod entry_index;
mod fields;
mod images;
mod index;
mod json;
mod key;
mod restore;
mod state;
mod walk;

pub(crate) use bytes::{read_entry, write_entry};
pub(crate) use difference::Difference;
pub(crate) use entry_index::EntryIndex;
pub(crate) use fields::Entry;
pub(crate) use images::Images;
pub(crate) use key::Key;
