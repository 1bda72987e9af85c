//! AuthZEN from untyped input.

use crate::authzen::{AuthzenApi, Terms, metadata};
use crate::directory::Directory;
use crate::error::Error;
use crate::instant::Instant;
use crate::json;
use crate::path::Path;
use crate::shape::{boolean, fields, instant, nullable, string, word};
use crate::value::Value;

/// Answers a request of the OpenID AuthZEN Authorization API 1.0 with the JSON text of the response. `api` is one of
/// `access_evaluation`, `access_evaluations`, `search_subject`, `search_resource`, `search_action`; options are
/// `{reasons?, trust_context_time?, at?}`.
///
/// # Errors
/// What the standard answers with 400 Bad Request: `missing_field`, `wrong_type`, `invalid_timestamp` (of a `context.time` that counts),
/// `limit_exceeded`, `cursor_invalid`, `cursor_mismatch`. Bad options: `unknown_field`, `wrong_type`, `invalid_timestamp`.
pub fn authzen(directory: &Directory, api: &Value<'_>, request: &Value<'_>, options: &Value<'_>, now: Instant) -> Result<String, Error> {
    let mut terms = Terms { reasons: false, trust_context_time: false, now };
    fields!(options, &Path::Root, required [], |field, at| {
        "reasons" => terms.reasons = nullable(field, at, boolean)?.unwrap_or(false),
        "trust_context_time" => terms.trust_context_time = nullable(field, at, boolean)?.unwrap_or(false),
        "at" => terms.now = nullable(field, at, instant)?.unwrap_or(now),
    });
    directory.answer_authzen(word(api, &Path::Root.field("api"), AuthzenApi::ALL, AuthzenApi::as_str)?, request, &terms)
}

/// The same for a request that is still JSON text.
///
/// # Errors
/// `invalid_json`, and everything that [`authzen`] fails with.
pub fn authzen_json(directory: &Directory, api: &Value<'_>, request: &[u8], options: &Value<'_>, now: Instant) -> Result<String, Error> {
    authzen(directory, api, &json::parse(request)?, options, now)
}

/// The metadata of a decision point at an address, as JSON text.
///
/// # Errors
/// `wrong_type` where it is no address: `https://` and a host, perhaps with a path. `http://` only for the machine itself.
pub fn authzen_metadata(base_url: &Value<'_>) -> Result<String, Error> {
    let path = &Path::Root.field("base_url");
    metadata(string(base_url, path)?, path)
}
