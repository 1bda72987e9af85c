//! Pages of a search. A token is a cursor of the engine's listing and the page size: the standard requires both to stay the same.

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{nullable, object, string, whole_number};
use crate::input::value::Value;
use crate::listing::{Page, PageRequest};

/// The most results of one response, also if the caller names no limit or a greater one.
const LARGEST: u64 = 1_000;

/// The page that is requested.
#[derive(Clone, Copy)]
pub(super) struct PageQuery<'r> {
    /// The caller's limit, or the default.
    limit: u64,
    cursor: Option<&'r str>,
    /// Whether the request has a `page`; if so, the response has one too.
    is_requested: bool,
}

/// The page of a response.
#[derive(Serialize)]
pub(super) struct PageResponse {
    next_token: String,
    count: usize,
}

impl<'r> PageQuery<'r> {
    /// The page of a request that names none.
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
        let invalid = || Error::new(ErrorCode::CursorInvalid, &path.field("token"), "this is not the `next_token` of a page");
        let (before, cursor) = token.split_once('.').ok_or_else(invalid)?;
        let before = before.parse().ok().filter(|limit: &u64| limit.to_string() == before).ok_or_else(invalid)?;
        if cursor.is_empty() && before != 0 {
            return Err(invalid());
        }
        if limit.is_some_and(|limit| limit != before) {
            let message = "the limit differs from that of the previous page; start again without a token";
            return Err(Error::new(ErrorCode::CursorMismatch, &path.field("limit"), message));
        }
        Ok(Self { limit: before, cursor: Some(cursor).filter(|cursor| !cursor.is_empty()), is_requested: true })
    }

    /// The items of this page, from one of the engine's listings.
    pub(super) fn answer(
        &self,
        list: &dyn Fn(&PageRequest<'_>) -> Result<Page, Error>,
    ) -> Result<(Option<PageResponse>, Vec<String>), Error> {
        let limit = usize::try_from(self.limit.min(LARGEST)).unwrap_or(usize::MAX);
        // A page without items still says whether there are any.
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

    /// The page of a search that finds nothing.
    pub(super) fn nothing(&self) -> (Option<PageResponse>, Vec<String>) {
        (self.is_requested.then(|| PageResponse { next_token: String::new(), count: 0 }), Vec::new())
    }
}
