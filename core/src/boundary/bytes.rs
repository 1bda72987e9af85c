//! Bytes: what a host passes for a snapshot, a delta or a cryptographic key.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;

/// An argument that should be bytes.
#[derive(Clone, Copy, Debug, Default)]
pub enum Bytes<'b> {
    /// It was left out.
    #[default]
    Absent,
    /// It is.
    Given(&'b [u8]),
    /// It is something else.
    Foreign,
}

/// An argument that should be a list of bytes.
#[derive(Clone, Debug, Default)]
pub enum BytesList<'b> {
    /// It was left out.
    #[default]
    Absent,
    /// It is one.
    Given(Vec<Bytes<'b>>),
    /// It is something else.
    Foreign,
}

impl<'b> Bytes<'b> {
    /// The bytes of an argument that must be there.
    pub(super) fn required(self, path: &Path<'_>) -> Result<&'b [u8], Error> {
        match self {
            Self::Given(bytes) => Ok(bytes),
            Self::Absent | Self::Foreign => Err(Error::new(ErrorCode::WrongType, path, "expected bytes")),
        }
    }

    /// The 32 bytes of a key.
    pub(super) fn required_key(self, path: &Path<'_>) -> Result<&'b [u8; 32], Error> {
        let wrong_length = || Error::new(ErrorCode::WrongType, path, "an Ed25519 key has 32 bytes");
        self.required(path)?.try_into().map_err(|_| wrong_length())
    }

    /// The 32 bytes of a key, if there is one.
    pub(super) fn key(self, path: &Path<'_>) -> Result<Option<&'b [u8; 32]>, Error> {
        if let Self::Absent = self { Ok(None) } else { self.required_key(path).map(Some) }
    }
}
