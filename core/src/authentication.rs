//! API keys as bearer tokens: finds the key of a secret, and makes new secrets. The engine stores digests, never a secret.
//!
//! A new secret is `<prefix>_`, 43 base62 digits of 256 random bits, and 6 base62 digits of the CRC-32 of everything before them. The
//! checksum lets a scanner recognise a leaked secret. Secrets in any other form are found in the same way.

use crc::{CRC_32_ISO_HDLC, Crc, NoTable};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, KeyDigest};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::path::Path;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 is the first power of 62 beyond 2^256, and 62^6 is the first beyond 2^32.
const RANDOM_DIGITS: usize = 43;
const CHECK_DIGITS: usize = 6;
const LONGEST_PREFIX: usize = 32;
/// A longer secret belongs to no key, so it is not hashed.
const LONGEST_SECRET: usize = 1 << 20;

/// A new secret and its digest. The directory stores the digest. The host shows the secret once and does not keep it.
#[derive(Clone, Serialize)]
pub struct ApiKeySecret {
    /// The bearer token of the API key.
    pub secret: String,
    /// What `create_api_key` takes.
    pub digest: String,
}

impl std::fmt::Debug for ApiKeySecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ApiKeySecret").field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl ApiKeySecret {
    /// Makes a secret from 32 bytes of a cryptographically secure random number generator. The bytes must serve for nothing else.
    ///
    /// # Errors
    /// `wrong_type` for a prefix that is not 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`.
    pub fn from_random_bytes(prefix: &str, random: [u8; 32]) -> Result<Self, Error> {
        if !is_prefix(prefix) {
            let message = "a prefix is 1 to 32 of `a` to `z`, `0` to `9` and, inside, `-` and `_`";
            return Err(Error::new(ErrorCode::WrongType, &Path::Root.field("prefix"), message));
        }
        let body = format!("{prefix}_{}", base62::<RANDOM_DIGITS>(&random));
        let secret = format!("{body}{}", check_digits(&body));
        let digest = digest_of(&secret).to_string();
        Ok(Self { secret, digest })
    }
}

fn is_prefix(text: &str) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST_PREFIX
        && bytes.first().is_some_and(is_plain)
        && bytes.last().is_some_and(is_plain)
        && bytes.iter().all(|byte| is_plain(byte) || matches!(byte, b'-' | b'_'))
}

fn digest_of(secret: &str) -> KeyDigest {
    KeyDigest::from_bytes(Sha256::digest(secret.as_bytes()).into())
}

fn check_digits(body: &str) -> String {
    let checksum = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC).checksum(body.as_bytes());
    base62::<CHECK_DIGITS>(&checksum.to_be_bytes())
}

/// The base62 digits of a big-endian number.
fn base62<const DIGITS: usize>(bytes: &[u8]) -> String {
    let mut number = bytes.to_vec();
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            rest = value % 62;
        }
        *digit = BASE62.get(rest as usize).copied().unwrap_or(b'0');
    }
    digits.iter().copied().map(char::from).collect()
}

impl Directory {
    /// The API key that has this secret, live or not: the decision says why a key is denied. If several keys have the digest, it is the one
    /// without `revoked_at`. `None` if there is no such key, or more than one.
    #[must_use]
    pub fn authenticate(&self, secret: &str) -> Option<Reference<'_>> {
        // An old snapshot may contain the digest of the empty text.
        if secret.is_empty() || secret.len() > LONGEST_SECRET {
            return None;
        }
        self.authenticate_digest(&digest_of(secret))
    }

    /// The same by digest, for hosts that hash secrets with an algorithm of their own and store that digest in the directory.
    #[must_use]
    pub(crate) fn authenticate_digest(&self, digest: &KeyDigest) -> Option<Reference<'_>> {
        {
            let tables = self.tables();
            tables.api_key_by_digest(digest).map(|key| Reference::of_parts("api_key", tables.api_key_id(key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_has_the_documented_form() {
        for random in [[0; 32], [255; 32], [7; 32]] {
            let made = ApiKeySecret::from_random_bytes("bw", random).unwrap();
            assert_eq!(made.secret.len(), 2 + 1 + RANDOM_DIGITS + CHECK_DIGITS);
            let (body, check) = made.secret.split_at(made.secret.len() - CHECK_DIGITS);
            assert_eq!(check_digits(body), check);
            assert!(!format!("{made:?}").contains(&made.secret));
        }
        assert!(ApiKeySecret::from_random_bytes("bw", [0; 32]).unwrap().secret.starts_with("bw_0000000000"));
        assert_eq!(base62::<3>(&[62]), "010");
        assert_eq!(base62::<RANDOM_DIGITS>(&[255; 32]).chars().next(), Some('y'), "43 digits hold 256 bits");
    }

    #[test]
    fn a_prefix_is_short_and_plain() {
        let longest = "a".repeat(LONGEST_PREFIX);
        for good in ["b", "7", "b-w", "b_w", "b--_w", &longest] {
            let secret = ApiKeySecret::from_random_bytes(good, [0; 32]).map(|made| made.secret).unwrap();
            assert!(secret.starts_with(&format!("{good}_0000")), "{good}");
        }
        for bad in ["", "BW", "-", "_", "-b", "b-", "_b", "b_", "b w", "b.w", "é", &format!("{longest}a")] {
            assert_eq!(
                ApiKeySecret::from_random_bytes(bad, [0; 32]).map_err(|error| error.code()).err(),
                Some(ErrorCode::WrongType),
                "{bad}"
            );
        }
    }
}
