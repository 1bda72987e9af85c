//! Bailiwick answers two questions for platforms whose customers are organizations with projects, people and API keys:
//!
//! - **access**: may this principal do this action on this resource? ([`Directory::check_access`])
//! - **attribution**: which organization and project does this usage belong to, and where does the platform book it?
//!   ([`Directory::attribute`])
//!
//! Data flows one way: a document is read into a [`Value`], its shape is checked, its names become indices into tables
//! ([`Directory`]), and the tables answer. The core has no clock, no randomness and no input or output of its own.
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
mod authzen;
mod booking;
pub mod boundary;
mod change;
mod code;
pub mod columns;
mod decision;
mod directory;
mod error;
mod faults;
mod handle;
mod hash;
mod hasher;
mod hex;
mod history;
mod id;
mod instant;
mod json;
mod key;
mod listing;
mod names;
mod order;
mod path;
#[cfg(feature = "all-faults")]
mod place;
mod policy;
mod renumbering;
mod shape;
mod slots;
mod snapshot;
mod surrogates;
mod table;
mod value;
mod watch;

pub use access::AccessRequest;
pub use attribution::{
    Attribution, AttributionReason, Attributions, Booking, Certainty, Remedies, Remedy, Usage, UsageCaveat, UsageCaveats,
};
pub use authzen::AuthzenApi;
pub use change::{ChangeType, Preview};
pub use decision::{Caveat, Caveats, Decision, Reason};
pub use directory::{Directory, KeyKind, Membership};
pub use error::{Error, ErrorCode};
pub use handle::{ActionHandle, PrincipalHandle, ResourceHandle};
pub use hash::{HostSha256, lend_sha256};
pub use id::Reference;
pub use instant::Instant;
pub use key::ApiKeySecret;
pub use listing::Page;
pub use policy::Support;
pub use snapshot::{Inspection, PublicKey, PublicKeys, Seal, SecretKey, Trust};
pub use value::{Member, Value};
