//! Changes: their types, who may make them, and their effects on the tables. Rules C1 to C24.

mod application;
mod authority;
mod document;
mod own_role;
mod preview;
mod rules;
mod terms;

pub(crate) use document::Change;
pub use preview::{AccessRow, AlteredEntry, LostProject, Preview};
pub(crate) use terms::Terms;
