//! Access: may this principal do this action on this resource? Rules A1 to A24.

mod admission;
mod evaluation;
mod question;
mod rules;
mod verdict;

pub(crate) use admission::Live;
pub use question::{AccessRequest, Freshness};
pub(crate) use question::{Conditions, FoundQuestion, InProject, Object, Principal, ResourceIndex};
pub(crate) use verdict::{Role, Verdict};
