//! Bytes: snapshots, deltas and cryptographic keys.

use bailiwick::boundary::{Bytes, BytesList, VerifyingKeys};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyList, PyMemoryView, PyTuple};

use crate::unset::MaybeUnset;

/// An argument that should be bytes, copied so that other threads cannot change it during the call.
pub(crate) enum BytesArgument {
    Absent,
    Given(Vec<u8>),
    Foreign,
}

impl BytesArgument {
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

/// The arguments `public_key` and `public_keys` of a call.
pub(crate) struct PublicKeys {
    one: BytesArgument,
    several: Option<Option<Vec<BytesArgument>>>,
}

impl PublicKeys {
    pub(crate) fn new(one: &MaybeUnset<'_>, several: &MaybeUnset<'_>) -> Self {
        Self { one: BytesArgument::new(one.given()), several: several.given().map(list_of) }
    }

    pub(crate) fn as_keys(&self) -> VerifyingKeys<'_> {
        let several = match &self.several {
            None => BytesList::Absent,
            Some(None) => BytesList::Foreign,
            Some(Some(keys)) => BytesList::Given(keys.iter().map(BytesArgument::bytes).collect()),
        };
        VerifyingKeys { one: self.one.bytes(), several }
    }
}

/// The items of a list or tuple; `None` for anything else.
fn list_of(host: &Bound<'_, PyAny>) -> Option<Vec<BytesArgument>> {
    if let Ok(list) = host.cast::<PyList>() {
        return Some(list.iter().map(|item| BytesArgument::new(Some(&item))).collect());
    }
    host.cast::<PyTuple>().ok().map(|tuple| tuple.iter().map(|item| BytesArgument::new(Some(&item))).collect())
}
