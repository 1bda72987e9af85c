//! SHA-256 of states and payloads. A host may provide a faster implementation.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// The SHA-256 of a state, of a payload or of a header.
pub(crate) type Hash = [u8; 32];

/// A host's implementation of SHA-256; `None` if it has none.
pub type HostSha256 = fn(&[u8]) -> Option<[u8; 32]>;

static HOST: OnceLock<HostSha256> = OnceLock::new();

/// For fewer bytes, a call of the host costs more than it saves.
const HOST_THRESHOLD: usize = 16_384;

/// How many bytes are hashed per call. WebAssembly engines begin with code that is compiled quickly and runs slowly, and replace it between
/// calls: one call for megabytes would never reach the fast code.
const CHUNK: usize = 4_096;

/// Sets a host's implementation of SHA-256 for long inputs. A WebAssembly module hashes at a tenth of the machine's speed. The result is
/// the same. Only the first call has effect.
pub fn lend_sha256(host: HostSha256) {
    HOST.get_or_init(|| host);
}

pub(crate) fn hash_of(bytes: &[u8]) -> Hash {
    let host = HOST.get().filter(|_| bytes.len() >= HOST_THRESHOLD);
    host.and_then(|sha256| sha256(bytes)).unwrap_or_else(|| {
        let mut digest = Sha256::new();
        bytes.chunks(CHUNK).for_each(|chunk| digest.update(chunk));
        digest.finalize().into()
    })
}
