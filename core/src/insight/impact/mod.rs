//! Impact: what differs between two states, exactly and for every principal. Who may do what, and where usage is booked.
//!
//! Nothing is decided here: the rules of access and attribution are asked, once for each case that they tell apart. A principal is looked at with
//! all objects of an organization at once, but for those where rows of the principal make a difference.

mod actions;
mod answer;
mod bookings;
mod both;
mod comparison;
mod evaluator;
mod indices;
mod interner;
mod objects;
mod position;
mod profile;
mod rows;
mod ties;

use std::ops::Deref;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::listing::{Fingerprint, PageRequest};

pub use answer::{AccessImpact, BookedAt, BookingImpact, Impact, ImpactCounts, ImpactRow};
use position::Position;
pub use rows::ImpactRows;

/// The most rows that are told at once.
const MOST_ROWS: u64 = 1_000_000;

/// A page of what differs between two directories.
pub(crate) fn impact<D: Deref<Target = Directory>>(before: D, after: D, at: Instant, page: &PageRequest<'_>) -> Result<Impact, Error> {
    let fingerprint = Fingerprint::new("impact", &[]);
    let invalid = || Error::new(ErrorCode::CursorInvalid, &Path::Root.field("cursor"), "this is not the `next_cursor` of a page");
    let last = page.cursor.map(|cursor| Position::parse(&fingerprint.last(cursor)?).ok_or_else(invalid)).transpose()?;
    let mut rows = ImpactRows::new(before, after, at);
    let limit = page.limit.unwrap_or(usize::MAX);
    if (limit as u64).min(rows.total()) > MOST_ROWS {
        let message = format_args!("there are more than {MOST_ROWS} rows; give a `limit` of at most that");
        return Err(Error::new(ErrorCode::LimitExceeded, &Path::Root.field("limit"), message));
    }
    let mut impact = Impact { counts: rows.counts(), widens: rows.widens(), ..Impact::default() };
    if limit == 0 {
        return Ok(impact);
    }
    if let Some(last) = &last {
        rows.go_behind(last);
    }
    let mut last = None;
    for row in rows.by_ref().take(limit) {
        last = Some(Position::of(&row));
        match row {
            ImpactRow::Access(row) => impact.access.push(row),
            ImpactRow::Booking(row) => impact.bookings.push(row),
        }
    }
    impact.next_cursor = last.filter(|_| rows.next().is_some()).map(|last| fingerprint.cursor(&last.to_text()));
    Ok(impact)
}
