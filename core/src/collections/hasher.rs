//! The hash by which names, rows and digests are found, and that nobody outside can aim at.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};
use sha2::{Digest, Sha256};

/// A keyed hash of ids, of pairs of indices, and of digests.
///
/// Customers choose ids, so the key must be unknown to them. A host passes random numbers for it (the core has none). Where it does not, the key
/// is drawn from the document itself: whoever picks one id to collide with another changes the key by picking it. No answer and no byte that
/// is written depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    secrets: RapidSecrets,
    /// For pairs of indices, which are hashed most often of all, and of which nobody chooses more than the order.
    pair_keys: [u64; 2],
}

impl Hasher {
    pub(crate) fn keyed_by(key: u64) -> Self {
        let secrets = RapidSecrets::seed(key);
        let pair_keys = [b"first", b"other"].map(|name| rapidhash_v3_nano_inline::<true, true>(name, &secrets));
        Self { secrets, pair_keys }
    }

    /// A hash whose key is drawn from these texts.
    pub(crate) fn keyed_by_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut digest = Sha256::new();
        for text in texts {
            digest.update(text.as_bytes());
            // No id has this byte, so that no two lists of ids read alike.
            digest.update([0]);
        }
        Self::keyed_by(digest.finalize().first_chunk().copied().map_or(0, u64::from_le_bytes))
    }

    #[inline]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> u32 {
        (rapidhash_v3_nano_inline::<true, true>(bytes, &self.secrets) >> 32) as u32
    }

    /// Two rounds of a secret, a multiplication and a fold: without a product of 128 bits, for which WebAssembly would need a call.
    #[inline]
    pub(crate) fn pair(&self, first: u32, second: u32) -> u32 {
        let [first_key, other_key] = self.pair_keys;
        let mixed = (u64::from(first) << 32 | u64::from(second)) ^ first_key;
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ mixed >> 32 ^ other_key).wrapping_mul(0xd6e8_feb8_6659_fd93);
        ((mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32
    }
}
