//! Listings: what a principal may access, and who may access an object. Each is exactly what `check_access` allows, in byte order, in
//! pages.

mod actions;
mod by_type;
mod cursor;
mod merge;
mod page;
mod principals;
mod projects;
mod query;
mod reach;
mod resources;

#[cfg(feature = "insight")]
pub(crate) use cursor::Fingerprint;
#[cfg(feature = "insight")]
pub(crate) use merge::Merge;
pub use page::Page;
pub(crate) use page::PageRequest;
pub(crate) use query::{ActionQuery, PrincipalQuery, ProjectQuery, ResourceQuery};
