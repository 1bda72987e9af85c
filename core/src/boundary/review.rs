//! Reviews and findings from untyped input.

use std::ops::Deref;

use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, id, instant, nullable};
use crate::input::value::Value;
use crate::insight::{Finding, Review, ReviewRow};

/// Who has what, why and since when: `{organization?, at?}`. All rows, in byte order of organization, project (the organization itself first),
/// principal, source and group or user.
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_id`, `invalid_timestamp`; `not_found` at `/organization` if it is not in the directory;
/// `limit_exceeded` there for more than a million rows.
pub fn review<'d>(directory: &'d Directory, options: &Value<'_>, now: Instant) -> Result<Vec<ReviewRow<'d>>, Error> {
    let (organization, at) = read(options, now)?;
    directory.review(organization, at)
}

/// The same, a few rows at a time, for reviews of any length.
///
/// # Errors
/// As [`review`], but for the limit.
pub fn review_in_parts<D: Deref<Target = Directory>>(directory: D, options: &Value<'_>, now: Instant) -> Result<Review<D>, Error> {
    let (organization, at) = read(options, now)?;
    Review::new(directory, organization, at)
}

/// What is risky or useless, and the changes that mend it: `{at?}`. In byte order of finding, subject and place.
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_timestamp`.
pub fn findings(directory: &Directory, options: &Value<'_>, now: Instant) -> Result<Vec<Finding>, Error> {
    let mut when = now;
    fields!(options, &Path::Root, required [], |field, at| {
        "at" => when = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok(directory.findings(when))
}

fn read<'o>(options: &'o Value<'o>, now: Instant) -> Result<(Option<&'o str>, Instant), Error> {
    let (mut organization, mut when) = (None, now);
    fields!(options, &Path::Root, required [], |field, at| {
        "organization" => organization = nullable(field, at, id)?,
        "at" => when = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok((organization, when))
}
