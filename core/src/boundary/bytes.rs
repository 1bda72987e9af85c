//! Bytes: the arguments of a host that are snapshots, deltas or cryptographic keys.

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;

/// An argument that should be bytes.
#[derive(Clone, Copy, Debug, Default)]
pub enum Bytes<'b> {
    /// It is absent.
    #[default]
    Absent,
    /// It is bytes.
    Given(&'b [u8]),
    /// It has another type.
    Foreign,
}

/// An argument that should be a list of bytes.
#[derive(Clone, Debug, Default)]
pub enum BytesList<'b> {
    /// It is absent.
    #[default]
    Absent,
    /// It is a list.
    Given(Vec<Bytes<'b>>),
    /// It has another type.
    Foreign,
}

impl<'b> Bytes<'b> {
    /// The bytes of a required argument.
    pub(super) fn required(self, path: &Path<'_>) -> Result<&'b [u8], Error> {
        match self {
            Self::Given(bytes) => Ok(bytes),
            Self::Absent | Self::Foreign => Err(Error::new(ErrorCode::WrongType, path, "expected bytes")),
        }
    }

    /// The 32 bytes of a required key.
    pub(super) fn required_key(self, path: &Path<'_>) -> Result<&'b [u8; 32], Error> {
        let wrong_length = || Error::new(ErrorCode::WrongType, path, "an Ed25519 key has 32 bytes");
        self.required(path)?.try_into().map_err(|_| wrong_length())
    }

    /// The 32 bytes of a key, if there is one.
    pub(super) fn key(self, path: &Path<'_>) -> Result<Option<&'b [u8; 32]>, Error> {
        if let Self::Absent = self { Ok(None) } else { self.required_key(path).map(Some) }
    }
}
