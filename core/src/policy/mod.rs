//! The policy: roles and their permissions, and the kinds that are scoped to projects. It is data, compiled into tables.

mod action_set;
mod compile;
mod compiler;
mod document;
mod fields;
mod indices;
mod roles;
mod scopes;
mod sources;
mod suspension;
mod tables;
mod visibilities;

pub(crate) use document::PolicyDocument;
pub use document::{RoleCombination, Support};
pub(crate) use indices::{Action, Kind, OrganizationRole, ProjectRole, Scope, Surface, Target, Visibility};
pub(crate) use roles::Roles;
pub(crate) use tables::Policy;
