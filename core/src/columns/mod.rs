//! Columns: many rows of usage or of access at once, as tables bring them.
//!
//! What one value names is looked up into a cell ([`cells`]); a column whose values stand in a dictionary is looked up once for each of them.
//! Rows of cells are answered by the same rules as single questions, and the answers are numbers into short lists of words ([`words`]).
//! Nothing here knows where the columns come from.

mod access;
mod attribution;
mod cells;
mod dictionary;
mod memo;
mod parties;
mod times;

pub use access::{AccessColumns, DecisionColumns};
pub use attribution::{AttributionColumns, UsageColumns};
pub use cells::{ActionCell, InstantCell, KindCell, ObjectCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
pub use dictionary::{Dictionary, NONE};
pub use times::{TimeText, TimeUnit, fixed_offset};
