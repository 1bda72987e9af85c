//! Attribution: to which organization and project does this usage belong, and where does the platform book it? Rules B1 to B6.

mod booking;
mod party;
mod place;
mod sorts;
mod usage;

pub(crate) use booking::{Booked, FoundUsage, Traits};
pub(crate) use party::Party;
pub(crate) use sorts::UsageSorts;
pub use usage::Usage;
