//! The keyed hash that finds names, rows and digests. Nobody outside can choose inputs that collide.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};
use sha2::{Digest, Sha256};

/// A keyed hash of ids, of pairs of indices, and of digests.
///
/// Customers choose ids, so they must not know the key. A host passes a random key (the core has no random numbers). Without one, the key
/// is derived from the document: a change of one id changes the key. No answer and no written byte depends on the key.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    secrets: RapidSecrets,
    /// The keys for pairs of indices, which are hashed most often, and of which nobody controls more than the order.
    pair_keys: [u64; 2],
}

impl Hasher {
    pub(crate) fn keyed_by(key: u64) -> Self {
        let secrets = RapidSecrets::seed(key);
        let pair_keys = [b"first", b"other"].map(|name| rapidhash_v3_nano_inline::<true, true>(name, &secrets));
        Self { secrets, pair_keys }
    }

    /// A hash whose key is derived from these texts.
    pub(crate) fn keyed_by_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut digest = Sha256::new();
        for text in texts {
            digest.update(text.as_bytes());
            // No id contains this byte, so two different lists of ids never give the same bytes.
            digest.update([0]);
        }
        Self::keyed_by(digest.finalize().first_chunk().copied().map_or(0, u64::from_le_bytes))
    }

    #[inline]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> u32 {
        (rapidhash_v3_nano_inline::<true, true>(bytes, &self.secrets) >> 32) as u32
    }

    /// Two rounds of XOR with a secret, multiplication and fold, without a 128-bit product, which in WebAssembly would be a function call.
    #[inline]
    pub(crate) fn pair(&self, first: u32, second: u32) -> u32 {
        let [first_key, other_key] = self.pair_keys;
        let mixed = (u64::from(first) << 32 | u64::from(second)) ^ first_key;
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ mixed >> 32 ^ other_key).wrapping_mul(0xd6e8_feb8_6659_fd93);
        ((mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32
    }
}
