//! Images: entries as bytes.

use std::collections::BTreeMap;

/// Entries by the text of their key: the bytes of each, or `None` for one that is not there.
pub(crate) type Images = BTreeMap<String, Option<Vec<u8>>>;
