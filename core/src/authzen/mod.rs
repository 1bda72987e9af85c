//! AuthZEN: the OpenID Authorization API 1.0, mapped to the engine's questions.
//!
//! `subject` is the principal, `action.name` the action, `resource` the resource by `type` and `id`, `context.surface` the surface, and
//! `context.time` the instant, if the host trusts its callers with the clock. Every other member is ignored, as the standard requires. A
//! name that the directory or the policy does not know is denied or not found; only a request that is malformed by the standard is an
//! error.

mod answer;
mod evaluation;
mod metadata;
mod options;
mod page;
mod parts;
mod request;
mod response;
mod search;
mod semantic;

pub(crate) use metadata::metadata;
pub(crate) use options::Options;
pub(crate) use parts::parts;
