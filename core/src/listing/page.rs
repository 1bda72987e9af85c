//! Pages: which part of a listing is wanted, and what it holds.

use serde::Serialize;

use crate::input::error::Error;

use super::cursor::Fingerprint;

/// One page of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The items in byte order: ids, references or actions.
    pub items: Vec<String>,
    /// Where the next page begins; none where nothing follows.
    pub next_cursor: Option<String>,
}

/// Which page of a listing is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PageRequest<'p> {
    /// How many items at the most; all of them where it is left out.
    pub(crate) limit: Option<usize>,
    /// The cursor of the page before.
    pub(crate) cursor: Option<&'p str>,
}

impl PageRequest<'_> {
    /// The item after which the page begins.
    pub(super) fn after(&self, fingerprint: Fingerprint) -> Result<Option<String>, Error> {
        self.cursor.map(|cursor| fingerprint.last(cursor)).transpose()
    }

    /// Takes the page from items that begin where it does.
    pub(super) fn take(&self, fingerprint: Fingerprint, items: &mut dyn Iterator<Item = String>) -> Page {
        let page: Vec<_> = items.take(self.limit.unwrap_or(usize::MAX)).collect();
        let next_cursor = match (page.last(), items.next()) {
            (Some(last), Some(_)) => Some(fingerprint.cursor(last)),
            _ => None,
        };
        Page { items: page, next_cursor }
    }
}
