//! The catalogue: the closed lists of codes, and the plain types of answers.

pub(crate) mod attribution;
pub(crate) mod authzen_api;
pub(crate) mod change_type;
pub(crate) mod code;
pub(crate) mod decision;
pub(crate) mod error_code;
#[cfg(feature = "insight")]
pub(crate) mod finding;
#[cfg(feature = "insight")]
pub(crate) mod review_source;
pub(crate) mod rule;
