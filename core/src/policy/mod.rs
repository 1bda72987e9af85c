//! The policy: roles and their permissions, and the kinds that are scoped to projects. It is data, compiled into tables.

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
