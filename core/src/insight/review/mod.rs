//! Reviews: who has what, why, and since when. One row for each source that gives a principal something in an organization or a project, or
//! would give it.

mod place;
mod powers;
mod row;
mod sources;

use std::ops::Deref;

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, Tables};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;

use place::{Place, Places};
use powers::Powers;
pub use row::ReviewRow;
use row::SourceRow;

/// The most rows that are told at once.
const MOST_ROWS: usize = 1_000_000;

/// The rows of a review that have not been told yet, whichever directory holds the names.
struct Plan {
    at: Instant,
    powers: Powers,
    places: Places,
    place: Option<Place>,
    /// The rest of the rows of this place.
    rows: std::vec::IntoIter<SourceRow>,
}

impl Plan {
    /// # Errors
    /// `not_found` for an organization that is not in the directory.
    fn new(tables: &Tables, organization: Option<&str>, at: Instant) -> Result<Self, Error> {
        let organizations = match organization {
            None => tables.organizations_by_id().to_vec(),
            Some(id) => {
                let unknown = || Error::new(ErrorCode::NotFound, &Path::Root.field("organization"), "there is no such organization");
                vec![tables.organization(id).ok_or_else(unknown)?]
            }
        };
        let powers = Powers::of(tables.policy());
        Ok(Self { at, powers, places: Places::of(organizations), place: None, rows: Vec::new().into_iter() })
    }

    fn next_row<'d>(&mut self, tables: &'d Tables) -> Option<ReviewRow<'d>> {
        loop {
            if let Some(place) = self.place
                && let Some(row) = self.rows.next()
            {
                return Some(row.told(tables, place));
            }
            let place = self.places.next(tables, self.at)?;
            self.rows = self.rows_of(tables, place).into_iter();
            self.place = Some(place);
        }
    }
}

/// A review whose rows are read a few at a time. It holds the rows of one organization or project at most, not those of the directory.
pub struct Review<D> {
    directory: D,
    plan: Plan,
}

impl<D: Deref<Target = Directory>> Review<D> {
    pub(crate) fn new(directory: D, organization: Option<&str>, at: Instant) -> Result<Self, Error> {
        let plan = Plan::new(directory.tables(), organization, at)?;
        Ok(Self { directory, plan })
    }

    /// The next rows, at most so many; none after the last.
    pub fn next_rows(&mut self, most: usize) -> Vec<ReviewRow<'_>> {
        let tables = self.directory.tables();
        std::iter::from_fn(|| self.plan.next_row(tables)).take(most).collect()
    }
}

impl Directory {
    /// Who has what in an organization, or in all of them, in byte order of organization, project (the organization itself first), principal,
    /// source and group or user.
    ///
    /// # Errors
    /// `not_found` for an organization that is not in the directory; `limit_exceeded` at `/organization` for more than a million rows.
    pub(crate) fn review(&self, organization: Option<&str>, at: Instant) -> Result<Vec<ReviewRow<'_>>, Error> {
        self.review_up_to(MOST_ROWS, organization, at)
    }

    fn review_up_to(&self, most: usize, organization: Option<&str>, at: Instant) -> Result<Vec<ReviewRow<'_>>, Error> {
        let mut plan = Plan::new(self.tables(), organization, at)?;
        let rows: Vec<_> = std::iter::from_fn(|| plan.next_row(self.tables())).take(most.saturating_add(1)).collect();
        if rows.len() > most {
            let message = format_args!("there are more than {most} rows; review one organization at a time, or as a table");
            return Err(Error::new(ErrorCode::LimitExceeded, &Path::Root.field("organization"), message));
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
