//! Bailiwick answers two questions for platforms whose customers are organizations with projects, people and API keys:
//!
//! - **access**: may this principal do this action on this resource? ([`Directory::check_access`])
//! - **attribution**: which organization and project does this usage belong to, and where does the platform book it?
//!   ([`Directory::attribute`])
//!
//! Data flows one way: a document is read into a [`Value`], its shape is checked, its names become indices into tables ([`Directory`]), and
//! the tables answer. The core reads no clock, draws no random numbers, and does no input or output.
//!
//! ```
//! use bailiwick::{AccessRequest, Directory, Instant, Reference};
//!
//! let directory = Directory::from_json(br#"{
//!   "format": "bailiwick/1",
//!   "organizations": [{
//!     "id": "org_acme", "owner": "usr_ada",
//!     "members": [{"user": "usr_ada", "role": "admin"}, {"user": "usr_bob", "role": "member"}],
//!     "projects": [
//!       {"id": "prj_default", "default": true},
//!       {"id": "prj_a", "collaborators": [{"user": "usr_bob", "role": "member"}]}
//!     ]
//!   }]
//! }"#)?;
//!
//! let at = Instant::parse("2026-02-01T00:00:00Z").unwrap();
//! let request = AccessRequest::new(Reference::parse("user:usr_bob")?, "file.read", Reference::parse("project:prj_a")?, at);
//! let decision = directory.check_access(&request);
//! assert!(decision.allowed);
//! assert_eq!(decision.reason.as_str(), "project_role");
//! # Ok::<(), bailiwick::Error>(())
//! ```

#![forbid(unsafe_code)]

mod access;
mod attribution;
mod authentication;
mod authzen;
pub mod boundary;
mod catalogue;
mod change;
mod collections;
pub mod columns;
mod directory;
#[cfg(feature = "feed")]
mod feed;
mod input;
#[cfg(feature = "insight")]
mod insight;
mod listing;
mod policy;
mod reconcile;
mod snapshot;
#[cfg(feature = "timeline")]
mod timeline;
mod wire;

pub use access::{AccessRequest, Freshness};
pub use attribution::Usage;
pub use authentication::ApiKeySecret;
pub use catalogue::attribution::{
    Attribution, AttributionReason, Attributions, Booking, Certainty, Remedies, Remedy, UsageCaveat, UsageCaveats,
};
pub use catalogue::authzen_api::AuthzenApi;
pub use catalogue::change_type::ChangeType;
pub use catalogue::decision::{Caveat, Caveats, Decision, Reason};
pub use catalogue::error_code::ErrorCode;
#[cfg(feature = "insight")]
pub use catalogue::finding::{FindingCode, Severity};
#[cfg(feature = "insight")]
pub use catalogue::review_source::ReviewSource;
pub use catalogue::rule::Rule;
pub use change::{AccessRow, AlteredEntry, LostProject, Preview};
pub use directory::{Cell, ColumnRule, ColumnType, Directory, DirectoryTables, KeyKind, Membership, Quarantined, TableName};
#[cfg(feature = "feed")]
pub use feed::{Condition, Found, Key, Look, Next, Reader, Reply, Report, Seen, Taken, Writer, pause};
pub use input::error::Error;
pub use input::id::Reference;
pub use input::instant::Instant;
pub use input::json_text::JsonText;
pub use input::value::{Member, Value};
#[cfg(feature = "insight")]
pub use insight::{
    AccessImpact, BookedAt, BookingImpact, BookingRules, Explanation, Fact, Finding, Impact, ImpactCounts, ImpactRow, ImpactRows,
    PolicyAnalysis, RemedyOutcome, Review, ReviewRow, SameRoles, Suggestion, UsageExplanation,
};
pub use listing::Page;
pub use policy::{RoleCombination, Support};
pub use reconcile::Reconciliation;
pub use snapshot::{Inspection, Seal};
#[cfg(feature = "timeline")]
pub use timeline::{CompactedJournal, EraNames, JournalEnd, LogEntry, LoggedStep, Part, Timeline, TimelineAttribution, TimelineNames};
pub use wire::hash::{HostSha256, lend_sha256};
pub use wire::signature::{PublicKey, PublicKeys, SecretKey};
pub use wire::trust::Trust;
