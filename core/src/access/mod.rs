//! Access: may this principal do this action on this resource? Rules A1 to A30.

mod admission;
mod evaluation;
mod finding;
mod joining;
mod keys;
mod objects;
mod question;
mod rules;
mod standing;
mod suspension;
mod verdict;

pub(crate) use admission::Live;
#[cfg(feature = "insight")]
pub(crate) use finding::Ground;
pub(crate) use finding::Role;
pub use question::{AccessRequest, Freshness};
pub(crate) use question::{Conditions, FoundQuestion, InProject, Object, Principal, ResourceIndex};
pub(crate) use verdict::Verdict;
