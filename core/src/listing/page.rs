//! Pages: the part of a listing that is requested, and its items.

use serde::Serialize;

use crate::input::error::Error;

use super::cursor::Fingerprint;

/// One page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The items in byte order: ids, references or actions.
    pub items: Vec<String>,
    /// The cursor of the next page; none if this is the last one.
    pub next_cursor: Option<String>,
}

/// The page of a listing that is requested.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageRequest<'p> {
    /// The greatest number of items; all of them by default.
    pub(crate) limit: Option<usize>,
    /// The cursor of the previous page.
    pub(crate) cursor: Option<&'p str>,
}

impl PageRequest<'_> {
    /// The item after which the page begins.
    pub(super) fn after(&self, fingerprint: Fingerprint) -> Result<Option<String>, Error> {
        self.cursor.map(|cursor| fingerprint.last(cursor)).transpose()
    }

    /// Takes the page from an iterator over items, which begins after the cursor.
    pub(super) fn take(&self, fingerprint: Fingerprint, items: &mut dyn Iterator<Item = String>) -> Page {
        let page: Vec<_> = items.take(self.limit.unwrap_or(usize::MAX)).collect();
        let next_cursor = match (page.last(), items.next()) {
            (Some(last), Some(_)) => Some(fingerprint.cursor(last)),
            _ => None,
        };
        Page { items: page, next_cursor }
    }
}
