//! API keys from untyped input.

use crate::authentication::ApiKeySecret;
use crate::directory::{Directory, digest as key_digest};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::path::Path;
use crate::input::shape::{fields, nullable, string};
use crate::input::value::Value;

/// What secrets begin with where nothing else is said.
const DEFAULT_PREFIX: &str = "bw";

/// The API key whose secret this is: `{"type": "api_key", "id": …}`. None where no key has it, or more than one that is not
/// revoked. Any text is answered, however long.
///
/// # Errors
/// `wrong_type` where it is no text.
pub fn authenticate<'d>(directory: &'d Directory, secret: &Value<'_>) -> Result<Option<Reference<'d>>, Error> {
    match secret {
        // Nobody's.
        Value::UnusableText => Ok(None),
        secret => Ok(directory.authenticate(string(secret, &Path::Root.field("secret"))?)),
    }
}

/// The same by a digest: for hosts that hash secrets in a way of their own (with a salt, or an HMAC), whose directory holds what they compute.
///
/// # Errors
/// `wrong_type` where it is no text, `invalid_digest` where that is not `sha256:` and 64 hexadecimal digits, or the digest of the empty text.
pub fn authenticate_digest<'d>(directory: &'d Directory, digest: &Value<'_>) -> Result<Option<Reference<'d>>, Error> {
    Ok(directory.authenticate_digest(&key_digest(digest, &Path::Root.field("digest"))?))
}

/// A new secret and its digest, from 32 bytes of the host's cryptographic source of random numbers: `{prefix?}`.
///
/// # Errors
/// `wrong_type` for a prefix that is not 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`, and `unknown_field`.
pub fn new_api_key(options: &Value<'_>, random: [u8; 32]) -> Result<ApiKeySecret, Error> {
    let mut prefix = DEFAULT_PREFIX;
    fields!(options, &Path::Root, required [], |field, at| {
        "prefix" => prefix = nullable(field, at, string)?.unwrap_or(DEFAULT_PREFIX),
    });
    ApiKeySecret::from_random_bytes(prefix, random)
}
