//! The directory: organizations, users, projects, collaborators, keys and resources at one revision, indexed for answering.

mod compaction;
#[cfg(feature = "insight")]
mod dated_rows;
mod digest;
mod document;
mod edit;
mod entries;
mod entry;
#[cfg(feature = "insight")]
mod everything;
mod excerpt;
mod from_document;
mod from_payload;
mod from_tables;
mod history;
mod indexer;
mod indices;
mod journal;
mod lists;
mod put;
mod quarantine;
mod read_document;
mod relations;
mod rows;
mod set_policy;
mod state;
mod tables;
mod to_document;
mod to_payload;
mod versioned;

pub(crate) use digest::{KeyDigest, digest};
pub(crate) use document::KeyProjects;
pub use document::{KeyKind, Membership};
pub(crate) use edit::{NewApiKey, NewMember, NewProject, NewResource};
pub(crate) use entry::{Difference, Entry, EntryIndex, Images, Key, read_entry};
#[cfg(feature = "insight")]
pub(crate) use everything::RowsByUser;
pub(crate) use excerpt::Excerpt;
#[cfg(any(feature = "all-faults", feature = "insight"))]
pub(crate) use from_document::replacement_policy;
pub(crate) use from_document::{Loaded, TablePolicy};
pub use from_tables::{Cell, ColumnRule, ColumnType, DirectoryTables, TableName};
pub(crate) use history::{LoggedChange, Since};
pub(crate) use indices::{ApiKey, Group, Organization, Project, Resource, Text, User};
pub(crate) use put::Put;
pub(crate) use quarantine::FaultyOrganizations;
pub use quarantine::Quarantined;
pub(crate) use rows::{ApiKeyRow, Home, KeyLimits, PeriodRow, Reach, ResourceRow};
pub(crate) use set_policy::NewPolicy;
pub(crate) use tables::Tables;
pub(crate) use versioned::Altered;
pub use versioned::Directory;
