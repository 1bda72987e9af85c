//! AuthZEN from untyped input.

use std::cell::OnceCell;

use crate::authzen::{Options, metadata, parts};
use crate::catalogue::authzen_api::AuthzenApi;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::path::Path;
use crate::input::shape::{boolean, fields, instant, nullable, string, word};
use crate::input::surrogates::without_lone_surrogates_in_keys;
use crate::input::value::Value;

use super::document::Document;

/// Answers a request of the OpenID AuthZEN Authorization API 1.0 with the JSON text of the response. `api` is one of
/// `access_evaluation`, `access_evaluations`, `search_subject`, `search_resource`, `search_action`; options are
/// `{reasons?, trust_context_time?, at?}`.
///
/// In a request that is JSON text, the parts that the standard ignores only have to be JSON.
///
/// # Errors
/// The errors that the standard answers with 400 Bad Request: `invalid_json`, `missing_field`, `wrong_type`, `invalid_timestamp` (of a
/// `context.time` that counts), `limit_exceeded`, `cursor_invalid`, `cursor_mismatch`. Bad options: `unknown_field`, `wrong_type`,
/// `invalid_timestamp`.
pub fn authzen<'r>(
    directory: &Directory,
    api: &Value<'_>,
    request: impl Into<Document<'r>>,
    options: &Value<'_>,
    now: Instant,
) -> Result<String, Error> {
    let (api, settings) = read_options(api, options, now)?;
    let json = match request.into() {
        Document::Value(request) => return directory.answer_authzen(api, request, &settings),
        Document::Json(json) => json,
    };
    let part = parts(api, settings.trust_context_time);
    let renamed = OnceCell::new();
    let request = json::parse_part(json, part).or_else(|error| {
        let text = std::str::from_utf8(json).ok().and_then(without_lone_surrogates_in_keys).ok_or(error)?;
        json::parse_part(renamed.get_or_init(|| text).as_bytes(), part)
    })?;
    directory.answer_authzen(api, &request, &settings)
}

fn read_options(api: &Value<'_>, options: &Value<'_>, now: Instant) -> Result<(AuthzenApi, Options), Error> {
    let mut settings = Options { reasons: false, trust_context_time: false, now };
    fields!(options, &Path::Root, required [], |field, at| {
        "reasons" => settings.reasons = nullable(field, at, boolean)?.unwrap_or(false),
        "trust_context_time" => settings.trust_context_time = nullable(field, at, boolean)?.unwrap_or(false),
        "at" => settings.now = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok((word(api, &Path::Root.field("api"), AuthzenApi::ALL, AuthzenApi::as_str)?, settings))
}

/// The metadata of a decision point at an address, as JSON text.
///
/// # Errors
/// `wrong_type` if it is not an address: `https://` and a host, optionally with a path. `http://` is allowed only for the local machine.
pub fn authzen_metadata(base_url: &Value<'_>) -> Result<String, Error> {
    let path = &Path::Root.field("base_url");
    metadata(string(base_url, path)?, path)
}
