//! Impacts from untyped input.

use std::ops::Deref;

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, instant, nullable, whole_number};
use crate::input::value::Value;
use crate::insight::{self, Impact, ImpactRows};
use crate::listing::PageRequest;

use super::listing::cursor;

/// What differs from one directory to another, for every principal: `{at?, limit?, cursor?}`. Their age makes no difference. Rows of access come
/// before those of bookings. With the limit 0 nothing is told but how much there is.
///
/// # Errors
/// Bad input: `unknown_field`, `wrong_type`, `invalid_timestamp`, `cursor_invalid`, `cursor_mismatch`. More than a million rows at once:
/// `limit_exceeded` at `/limit`.
pub fn impact(before: &Directory, after: &Directory, request: &Value<'_>, now: Instant) -> Result<Impact, Error> {
    let (mut when, mut page) = (now, PageRequest::default());
    fields!(request, &Path::Root, required [], |field, at| {
        "at" => when = nullable(field, at, instant)?.unwrap_or(now),
        "limit" => page.limit = nullable(field, at, whole_number)?.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        "cursor" => page.cursor = nullable(field, at, cursor)?,
    });
    insight::impact(before, after, when, &page)
}

/// The same as rows that are worked out when they are taken, in the same order: `{at?}`. Everything is counted at first. The rows hold the
/// directories.
///
/// # Errors
/// Bad input: `unknown_field`, `wrong_type`, `invalid_timestamp`.
pub fn impact_rows<D: Deref<Target = Directory>>(before: D, after: D, request: &Value<'_>, now: Instant) -> Result<ImpactRows<D>, Error> {
    let mut when = now;
    fields!(request, &Path::Root, required [], |field, at| {
        "at" => when = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok(ImpactRows::new(before, after, when))
}
