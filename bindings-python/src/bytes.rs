//! Bytes: snapshots, deltas and cryptographic keys.

use bailiwick::boundary::Bytes;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView};

/// An argument that should be bytes, copied so that nothing can change it meanwhile.
pub(crate) enum Argument {
    Absent,
    Given(Vec<u8>),
    Foreign,
}

impl Argument {
    /// `None` is absent.
    pub(crate) fn new(host: Option<&Bound<'_, PyAny>>) -> Self {
        let Some(host) = host else { return Self::Absent };
        if let Ok(bytes) = host.cast::<PyBytes>() {
            return Self::Given(bytes.as_bytes().to_vec());
        }
        if let Ok(bytes) = host.cast::<PyByteArray>() {
            return Self::Given(bytes.to_vec());
        }
        let view = host.cast::<PyMemoryView>().ok().and_then(|view| view.call_method0("tobytes").ok());
        match view.as_ref().and_then(|bytes| bytes.cast::<PyBytes>().ok()) {
            Some(bytes) => Self::Given(bytes.as_bytes().to_vec()),
            None => Self::Foreign,
        }
    }

    pub(crate) fn bytes(&self) -> Bytes<'_> {
        match self {
            Self::Absent => Bytes::Absent,
            Self::Given(bytes) => Bytes::Given(bytes),
            Self::Foreign => Bytes::Foreign,
        }
    }
}
