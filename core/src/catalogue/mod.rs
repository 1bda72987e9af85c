//! The catalogue: the closed lists of codes, and the plain types of answers.

pub(crate) mod attribution;
pub(crate) mod authzen_api;
pub(crate) mod change_type;
pub(crate) mod code;
pub(crate) mod decision;
pub(crate) mod error_code;
pub(crate) mod rule;
