//! SHA-256 of whole states and payloads, by which bytes are known. A host that has it in faster code may lend it.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// The SHA-256 of a state, of a payload or of a header.
pub(crate) type Hash = [u8; 32];

/// The SHA-256 of some bytes, by a host's own code; `None` where it has none.
pub type HostSha256 = fn(&[u8]) -> Option<[u8; 32]>;

static HOST: OnceLock<HostSha256> = OnceLock::new();

/// Shorter bytes are hashed sooner than a host is asked.
const HOST_THRESHOLD: usize = 16_384;

/// So many bytes are hashed at a time. WebAssembly engines begin with code that is quick to make and slow to run, and replace it while it is not
/// running: a single call for megabytes would never see the quick code.
const CHUNK: usize = 4_096;

/// Lets a host hash what is long. A WebAssembly module is a tenth as fast at it as the machine. What is hashed does not depend on who does it;
/// the first host stays.
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
