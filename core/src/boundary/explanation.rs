//! Explanations of untyped questions.

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::value::Value;
use crate::insight::{Explanation, UsageExplanation};

use super::access::read_request;
use super::attribution::read_usage;

/// Why a decision is what it is, and which changes would allow what is denied. The request is that of [`check_access`](super::check_access). The
/// directory is the same afterwards.
///
/// Explanations are for administrators: they name people, rows and permissions that the one who asks may not know of.
///
/// # Errors
/// As [`check_access`](super::check_access).
pub fn explain<'d>(directory: &'d mut Directory, request: &Value<'_>, now: Instant) -> Result<Explanation<'d>, Error> {
    let request = read_request(directory, request, now, &Path::Root)?;
    Ok(directory.explain(&request))
}

/// Why usage is booked where it is, and what each remedy would lead to. The usage is that of [`attribute`](super::attribute). The directory is the
/// same afterwards.
///
/// # Errors
/// As [`attribute`](super::attribute).
pub fn explain_usage<'d>(directory: &'d mut Directory, usage: &Value<'_>, now: Instant) -> Result<UsageExplanation<'d>, Error> {
    directory.explain_usage(&read_usage(usage, now, &Path::Root)?)
}
