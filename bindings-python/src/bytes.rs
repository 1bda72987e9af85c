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
    several: Option<BytesListArgument>,
}

impl PublicKeys {
    pub(crate) fn new(one: &MaybeUnset<'_>, several: &MaybeUnset<'_>) -> Self {
        Self { one: BytesArgument::new(one.given()), several: several.given().map(BytesListArgument::new) }
    }

    pub(crate) fn as_keys(&self) -> VerifyingKeys<'_> {
        let several = self.several.as_ref().map_or(BytesList::Absent, BytesListArgument::as_list);
        VerifyingKeys { one: self.one.bytes(), several }
    }
}

/// An argument that should be a list or tuple of bytes; `None` for anything else.
pub(crate) struct BytesListArgument(Option<Vec<BytesArgument>>);

impl BytesListArgument {
    pub(crate) fn new(host: &Bound<'_, PyAny>) -> Self {
        if let Ok(list) = host.cast::<PyList>() {
            return Self(Some(list.iter().map(|item| BytesArgument::new(Some(&item))).collect()));
        }
        Self(host.cast::<PyTuple>().ok().map(|tuple| tuple.iter().map(|item| BytesArgument::new(Some(&item))).collect()))
    }

    pub(crate) fn as_list(&self) -> BytesList<'_> {
        self.0.as_ref().map_or(BytesList::Foreign, |items| BytesList::Given(items.iter().map(BytesArgument::bytes).collect()))
    }
}
