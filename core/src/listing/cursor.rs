//! Cursors: where a page ended, bound to the listing of the page. The next page begins after that item, even if items were added or removed
//! since.
//!
//! A cursor reveals nothing that its holder has not been told, and grants nothing: every item of the next page is decided anew.

use sha2::{Digest, Sha256};

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::wire::hex;

/// A hash of the name and arguments of a listing, without the instant and the page size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// The fingerprint of a listing's name and arguments.
    pub(crate) fn new(listing: &str, arguments: &[Option<&str>]) -> Self {
        let mut digest = Sha256::new();
        for argument in [Some(listing)].iter().chain(arguments) {
            // A length before each, so different lists of arguments never give the same bytes; an absent argument has the greatest length.
            digest.update(argument.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            digest.update(argument.unwrap_or_default());
        }
        Self(first(digest))
    }

    fn check(self, last: &str) -> [u8; 4] {
        first(Sha256::new().chain_update(self.0).chain_update(last))
    }

    /// The cursor of a page that ended with this item.
    pub(crate) fn cursor(self, last: &str) -> String {
        hex::encode(&[&self.0, self.check(last).as_slice(), last.as_bytes()].concat())
    }

    /// The last item of the page of this cursor.
    pub(crate) fn last(self, cursor: &str) -> Result<String, Error> {
        let path = &Path::Root.field("cursor");
        let invalid = || Error::new(ErrorCode::CursorInvalid, path, "this is not the `next_cursor` of a page");
        let bytes = hex::decode(cursor).ok_or_else(invalid)?;
        let (fingerprint, rest) = bytes.split_first_chunk::<8>().ok_or_else(invalid)?;
        let (check, last) = rest.split_first_chunk::<4>().ok_or_else(invalid)?;
        let last = std::str::from_utf8(last).map_err(|_| invalid())?;
        let own = Self(*fingerprint);
        if own.check(last) != *check || hex::encode(&bytes) != cursor {
            return Err(invalid());
        }
        if own != self {
            let message = "the cursor belongs to another listing, or to other arguments; start again without a cursor";
            return Err(Error::new(ErrorCode::CursorMismatch, path, message));
        }
        Ok(last.to_owned())
    }
}

fn first<const SIZE: usize>(digest: Sha256) -> [u8; SIZE] {
    // INVARIANT: a digest has 32 bytes, which is more than is ever taken.
    digest.finalize().first_chunk().copied().unwrap_or([0; SIZE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_valid_only_for_its_own_listing() {
        let listing = Fingerprint::new("list", &[Some("a"), None]);
        let cursor = listing.cursor("file:é");
        assert_eq!(listing.last(&cursor).as_deref(), Ok("file:é"));
        let code = |listing: Fingerprint, cursor: &str| listing.last(cursor).map_err(|error| error.code());
        for other in [("list", [Some("b"), None]), ("list", [None, Some("a")]), ("other", [Some("a"), None])] {
            assert_eq!(code(Fingerprint::new(other.0, &other.1), &cursor), Err(ErrorCode::CursorMismatch));
        }
        for index in 0..cursor.len() {
            let digit = if cursor.as_bytes()[index] == b'0' { "1" } else { "0" };
            let tampered = format!("{}{digit}{}", &cursor[..index], &cursor[index + 1..]);
            assert_eq!(code(listing, &tampered), Err(ErrorCode::CursorInvalid), "{tampered}");
        }
        for text in ["", "zz", "00", &cursor.to_uppercase(), &cursor[..cursor.len() - 2]] {
            assert_eq!(code(listing, text), Err(ErrorCode::CursorInvalid), "{text}");
        }
    }
}
