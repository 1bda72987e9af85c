//! Access: may this principal do this action on this resource? Rules A1 to A24.

mod admission;
mod evaluation;
mod question;
mod rules;
mod verdict;

pub use admission::Freshness;
pub(crate) use admission::{Conditions, Live};
pub use question::AccessRequest;
pub(crate) use question::{FoundQuestion, InProject, Object, Principal, ResourceIndex};
pub(crate) use verdict::{Role, Verdict};
