//! Input: untyped values and JSON, read by their shape into ids, instants and text, with an error and a path for what is wrong.

pub(crate) mod error;
#[cfg(feature = "all-faults")]
pub(crate) mod fault_log;
pub(crate) mod faults;
pub(crate) mod id;
pub(crate) mod instant;
pub(crate) mod json;
pub(crate) mod path;
#[cfg(feature = "all-faults")]
pub(crate) mod position;
pub(crate) mod shape;
pub(crate) mod surrogates;
pub(crate) mod value;
