//! Columns: many usages or questions of access at once, as tables contain them.
//!
//! Each value is looked up into a cell ([`cells`]); in a dictionary-encoded column, each dictionary value once. Rows of cells are answered
//! by the same rules as single questions, and the answers are indices into dictionaries ([`dictionary`]). Nothing here depends on the
//! source of the columns.

mod access;
mod attribution;
mod cells;
mod dictionary;
mod known_names;
mod memo;
mod parties;
mod times;
#[cfg(feature = "timeline")]
mod versions;

pub use access::{AccessColumns, DecisionColumns};
pub use attribution::{AttributionColumns, UsageColumns};
pub use cells::UsageNames;
pub use cells::{ActionCell, InstantCell, KindCell, ObjectCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
pub use dictionary::{Dictionary, NONE};
pub use known_names::{Known, KnownNames};
pub use times::{TimeText, TimeUnit, fixed_offset};
#[cfg(feature = "timeline")]
pub(crate) use {attribution::Numbers, cells::MOST_VERSIONED, parties::BookedRow, parties::Parties, parties::UsageRow, versions::Versions};
