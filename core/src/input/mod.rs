//! Input: untyped values and JSON, read into ids, instants and text. An error has a code and a path.

pub(crate) mod error;
#[cfg(feature = "all-faults")]
pub(crate) mod fault_log;
pub(crate) mod faults;
pub(crate) mod id;
pub(crate) mod instant;
pub(crate) mod json;
pub(crate) mod json_text;
pub(crate) mod path;
#[cfg(feature = "all-faults")]
pub(crate) mod position;
pub(crate) mod shape;
pub(crate) mod surrogates;
pub(crate) mod value;
