//! Attribution: to which organization and project does this usage belong, and where does the platform book it? Rules B1 to B6.

mod booking;
mod usage;

pub(crate) use booking::{Booked, FoundUsage, Party, Traits, common_project};
pub use usage::Usage;
