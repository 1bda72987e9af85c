//! Digests of API keys' secrets.

use serde::{Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::string;
use crate::input::value::Value;
use crate::wire::hex;

/// The SHA-256 of an API key's secret. The engine never stores the secret itself.
#[derive(Clone, Copy)]
pub(crate) struct KeyDigest([u8; 32]);

const DIGEST_PREFIX: &str = "sha256:";

/// The SHA-256 of the empty text.
const OF_NOTHING: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
    0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

impl KeyDigest {
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `None` also for the digest of the empty text, which a request without a secret would match.
    fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.strip_prefix(DIGEST_PREFIX)?)?.try_into().ok()?;
        if bytes == OF_NOTHING { None } else { Some(Self(bytes)) }
    }

    /// Compares digests in constant time.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::fmt::Display for KeyDigest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{DIGEST_PREFIX}{}", hex::encode(&self.0))
    }
}

/// A digest allows its holder to test secrets, so it is written only into documents, snapshots and deltas.
impl std::fmt::Debug for KeyDigest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("KeyDigest(…)")
    }
}

impl Serialize for KeyDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A digest in a document or change.
pub(crate) fn digest(value: &Value<'_>, path: &Path<'_>) -> Result<KeyDigest, Error> {
    // The message does not repeat the value: it may be the secret itself.
    let message =
        "a digest is `sha256:` and 64 hexadecimal digits: the SHA-256 of the secret, which is not empty, and never the secret itself";
    KeyDigest::parse(string(value, path)?).ok_or_else(|| Error::new(ErrorCode::InvalidDigest, path, message))
}
