//! Cells: what came of looking up one value of a request, or of one row of a column.

use crate::error::ErrorCode;

/// Nothing was named, or something that was found, or something is wrong with the name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<T> {
    Absent,
    Found(T),
    Fault(ErrorCode),
}

impl<T> Cell<T> {
    /// What was found, if anything was named at all.
    #[inline]
    pub(crate) fn optional(self) -> Result<Option<T>, ErrorCode> {
        match self {
            Self::Absent => Ok(None),
            Self::Found(found) => Ok(Some(found)),
            Self::Fault(code) => Err(code),
        }
    }

    /// What was found, where something has to be named.
    #[inline]
    pub(crate) fn required(self) -> Result<T, ErrorCode> {
        self.optional()?.ok_or(ErrorCode::MissingField)
    }
}

impl<T> Cell<T> {
    /// What was found; the code where nothing was.
    #[inline]
    pub(crate) fn found_or(found: Option<T>, code: ErrorCode) -> Self {
        found.map_or(Self::Fault(code), Self::Found)
    }
}
