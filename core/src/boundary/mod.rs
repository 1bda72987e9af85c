//! The boundary: untyped input in, typed answers out. Every binding calls it, so each rule about input exists once. There is one function
//! for each question, in whatever form a host has it.
//!
//! `now` is the default of `at` in requests.

mod access;
mod attribution;
mod authzen;
mod bytes;
mod change;
mod clock;
mod document;
#[cfg(feature = "insight")]
mod explanation;
#[cfg(feature = "all-faults")]
mod faults;
#[cfg(feature = "feed")]
mod feed;
#[cfg(feature = "insight")]
mod impact;
mod key;
mod listing;
mod ordinal;
#[cfg(feature = "insight")]
mod policy;
#[cfg(feature = "insight")]
mod remedies;
#[cfg(feature = "insight")]
mod review;
mod snapshot;
#[cfg(feature = "timeline")]
mod timeline;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
pub use access::{AccessQuestion, check_access, check_many, freshness, is_allowed, is_stale};
pub use attribution::{attribute, attribute_many};
pub use authzen::{authzen, authzen_metadata};
pub use bytes::{Bytes, BytesList};
pub use change::{apply, apply_many, preview, reconcile};
pub use clock::Clock;
pub use document::{DirectoryInput, Document, MOST_BYTES, MOST_VALUES, load_directory, load_directory_with};
#[cfg(feature = "insight")]
pub use explanation::{explain, explain_usage};
#[cfg(feature = "all-faults")]
pub use faults::{Fault, MOST_FAULTS, find_faults, find_faults_with};
#[cfg(feature = "feed")]
pub use feed::{feed_reader, feed_writer};
#[cfg(feature = "insight")]
pub use impact::{impact, impact_rows};
pub use key::{authenticate, authenticate_digest, new_api_key};
pub use listing::{list_actions, list_principals, list_projects, list_resources};
pub use ordinal::{Field, OrdinalRequest, SCOPED, TIMED, UNKNOWN, ordinal_of, outcome};
#[cfg(feature = "insight")]
pub use policy::{analyse_policy, built_in_policy, policy_document, with_policy};
#[cfg(feature = "insight")]
pub use remedies::try_remedies;
#[cfg(all(feature = "insight", feature = "timeline"))]
pub use remedies::try_remedies_by_time;
#[cfg(feature = "insight")]
pub use review::{findings, review, review_in_parts};
pub use snapshot::{VerifyingKeys, apply_delta, directory_from_snapshot, inspect_snapshot, public_key_of, state, to_delta, to_snapshot};
#[cfg(feature = "timeline")]
pub use timeline::{
    append_to_journal, append_to_timeline, apply_to_journal, apply_to_timeline, compact_journal, new_journal, timeline_at,
    timeline_from_journal, timeline_from_snapshot, timeline_from_snapshots, timeline_to_journal,
};

/// `unknown_field` for an option that a language does not have, with its binding's message.
#[must_use]
pub fn unknown_option(name: &str, message: &str) -> Error {
    Error::new(ErrorCode::UnknownField, &Path::Root.field(name), message)
}
