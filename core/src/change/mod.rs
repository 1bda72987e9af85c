//! Changes: their types, who may make them, and their effects on the tables. Rules C1 to C24.

mod application;
mod authority;
mod delta_entry;
mod document;
mod own_role;
mod preview;
mod reconciliation;
mod rules;
mod terms;

pub(crate) use delta_entry::DeltaEntry;
pub(crate) use document::Change;
pub use preview::{AccessRow, AlteredEntry, LostProject, Preview};
pub use reconciliation::Reconciliation;
pub(crate) use terms::Terms;
