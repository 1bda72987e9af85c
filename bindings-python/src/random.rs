//! Random numbers. The core has none.

use std::hash::{BuildHasher, RandomState};

use pyo3::prelude::*;

/// A random number that keys a hash.
pub(crate) fn seed() -> Option<u64> {
    Some(RandomState::new().hash_one(0))
}

/// Random bytes that serve as a secret, from the operating system.
pub(crate) fn secret_bytes(py: Python<'_>) -> PyResult<[u8; 32]> {
    py.import("os")?.call_method1("urandom", (32,))?.extract()
}
