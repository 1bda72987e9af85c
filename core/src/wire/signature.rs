//! Signatures: Ed25519 keys, signing and verification.

use std::sync::Arc;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::wire::hash::{Hash, hash_of};

/// A domain separator: a signature is not valid for any other protocol.
const LABEL: &[u8] = b"bailiwick/1 snapshot or delta\0";

/// The first bytes of the SHA-256 of a public key, which identify it.
pub(crate) type KeyId = [u8; 8];

/// The key that signs snapshots and deltas: an Ed25519 seed. It is never written.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// Signs a hash.
    pub(super) fn sign(&self, hash: &Hash) -> [u8; 64] {
        self.0.sign(&labelled(hash)).to_bytes()
    }

    /// The public key that verifies its signatures.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// The key that verifies signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// A key from its 32 bytes. Bytes that are not a point of the curve verify nothing.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the key.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    pub(crate) fn id(&self) -> KeyId {
        hash_of(&self.0).first_chunk().copied().unwrap_or_default()
    }

    fn verifies(&self, signed: &Hash, signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(&labelled(signed), &signature).is_ok())
    }
}

fn labelled(signed: &Hash) -> Vec<u8> {
    [LABEL, signed].concat()
}

/// One or more public keys, any of which verifies. So a signing key can be rotated without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeys(Arc<[PublicKey]>);

impl PublicKeys {
    /// `None` for an empty list: it must not turn verification off.
    #[must_use]
    pub fn new(keys: Vec<PublicKey>) -> Option<Self> {
        if keys.is_empty() { None } else { Some(Self(keys.into())) }
    }

    /// The keys, in the order in which they were given.
    #[must_use]
    pub fn as_slice(&self) -> &[PublicKey] {
        &self.0
    }
}

impl From<PublicKey> for PublicKeys {
    fn from(key: PublicKey) -> Self {
        Self([key].into())
    }
}

/// Verifies that one of these keys has signed this hash.
pub(super) fn verify(keys: &PublicKeys, key_id: Option<KeyId>, signed: &Hash, signature: Option<&[u8; 64]>) -> Result<(), Error> {
    let (Some(key_id), Some(signature)) = (key_id, signature) else {
        return Err(Error::new(ErrorCode::SignatureMissing, &Path::Root, "a signature is required, but there is none"));
    };
    let mut named = keys.as_slice().iter().filter(|key| key.id() == key_id).peekable();
    if named.peek().is_none() {
        return Err(Error::new(ErrorCode::SignatureInvalid, &Path::Root, "it was signed with another key"));
    }
    if named.any(|key| key.verifies(signed, signature)) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::SignatureInvalid, &Path::Root, "the signature is not valid"))
}
