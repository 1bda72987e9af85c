//! Pages of a search. A token is the cursor of our own listing, with the size of the pages before it: the standard wants both unchanged.

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{nullable, object, string, whole_number};
use crate::input::value::Value;
use crate::listing::{Page, PageRequest};

/// The most results of one response, also where a caller names no limit or a larger one.
const LARGEST: u64 = 1_000;

/// The page that a request asks for.
#[derive(Clone, Copy)]
pub(super) struct PageQuery<'r> {
    /// The limit as the caller named it, or ours.
    limit: u64,
    cursor: Option<&'r str>,
    /// Whether the request says anything about pages; if so, the response does too.
    is_requested: bool,
}

/// What a response says of its page.
#[derive(Serialize)]
pub(super) struct PageResponse {
    next_token: String,
    count: usize,
}

impl<'r> PageQuery<'r> {
    /// What a request means that says nothing about pages.
    pub(super) const FIRST: Self = Self { limit: LARGEST, cursor: None, is_requested: false };

    pub(super) fn read(value: &'r Value<'r>, path: &Path<'_>) -> Result<Self, Error> {
        let members = object(value, path, &[])?;
        let (mut limit, mut token) = (None, None);
        for (name, value) in members {
            match name.as_ref() {
                "limit" => limit = nullable(value, &path.field(name), whole_number)?,
                "token" => token = nullable(value, &path.field(name), string)?.filter(|token| !token.is_empty()),
                _ => {}
            }
        }
        let Some(token) = token else { return Ok(Self { limit: limit.unwrap_or(LARGEST), cursor: None, is_requested: true }) };
        let invalid = || Error::new(ErrorCode::CursorInvalid, &path.field("token"), "this is no `next_token` of a page");
        let (before, cursor) = token.split_once('.').ok_or_else(invalid)?;
        let before = before.parse().ok().filter(|limit: &u64| limit.to_string() == before).ok_or_else(invalid)?;
        if cursor.is_empty() && before != 0 {
            return Err(invalid());
        }
        if limit.is_some_and(|limit| limit != before) {
            let message = "the limit is another one than that of the page before; begin again without a token";
            return Err(Error::new(ErrorCode::CursorMismatch, &path.field("limit"), message));
        }
        Ok(Self { limit: before, cursor: Some(cursor).filter(|cursor| !cursor.is_empty()), is_requested: true })
    }

    /// The items of this page, from a listing of ours.
    pub(super) fn answer(
        &self,
        list: &dyn Fn(&PageRequest<'_>) -> Result<Page, Error>,
    ) -> Result<(Option<PageResponse>, Vec<String>), Error> {
        let limit = usize::try_from(self.limit.min(LARGEST)).unwrap_or(usize::MAX);
        // A page of nothing still tells whether there is something.
        let page = PageRequest { limit: Some(limit.max(1)), cursor: self.cursor };
        let Page { mut items, next_cursor } = list(&page).map_err(|error| error.at_path(&Path::Root.field("page").field("token")))?;
        let next = match limit {
            0 => (!items.is_empty()).then(|| self.cursor.unwrap_or_default().to_owned()),
            _ => next_cursor,
        };
        items.truncate(limit);
        let next_token = next.map(|cursor| format!("{}.{cursor}", self.limit));
        let is_told = self.is_requested || next_token.is_some();
        let response = is_told.then(|| PageResponse { next_token: next_token.unwrap_or_default(), count: items.len() });
        Ok((response, items))
    }

    /// The page of a search that can find nothing.
    pub(super) fn nothing(&self) -> (Option<PageResponse>, Vec<String>) {
        (self.is_requested.then(|| PageResponse { next_token: String::new(), count: 0 }), Vec::new())
    }
}
