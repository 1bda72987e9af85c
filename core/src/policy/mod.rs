//! The policy: who may do what in which role, and which kinds are scoped to projects where. Data, compiled into tables.

mod action_set;
mod compile;
mod document;
mod indices;
mod sources;
mod tables;

pub(crate) use document::PolicyDocument;
pub use document::Support;
pub(crate) use indices::{Action, Kind, OrganizationRole, ProjectRole, Surface, Target};
pub(crate) use tables::Policy;
