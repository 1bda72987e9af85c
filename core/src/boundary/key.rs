//! API keys from untyped input.

use crate::authentication::ApiKeySecret;
use crate::directory::{Directory, digest as key_digest};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::path::Path;
use crate::input::shape::{fields, nullable, string};
use crate::input::value::Value;

/// The default prefix of secrets.
const DEFAULT_PREFIX: &str = "bw";

/// The API key that has this secret: `{"type": "api_key", "id": …}`. `None` if no key has it, or more than one that is not revoked. A text
/// of any length gets an answer.
///
/// # Errors
/// `wrong_type` if it is not text.
pub fn authenticate<'d>(directory: &'d Directory, secret: &Value<'_>) -> Result<Option<Reference<'d>>, Error> {
    match secret {
        // It is the secret of no key.
        Value::UnusableText => Ok(None),
        secret => Ok(directory.authenticate(string(secret, &Path::Root.field("secret"))?)),
    }
}

/// The same by digest, for hosts that hash secrets with an algorithm of their own (with a salt, or an HMAC), and store that digest in the
/// directory.
///
/// # Errors
/// `wrong_type` if it is not text, `invalid_digest` if it is not `sha256:` and 64 hexadecimal digits, or is the digest of the empty text.
pub fn authenticate_digest<'d>(directory: &'d Directory, digest: &Value<'_>) -> Result<Option<Reference<'d>>, Error> {
    Ok(directory.authenticate_digest(&key_digest(digest, &Path::Root.field("digest"))?))
}

/// A new secret and its digest, from 32 bytes of the host's cryptographically secure random number generator: `{prefix?}`.
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
