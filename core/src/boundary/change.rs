//! Changes from untyped input.

use crate::change::{Change, Preview, Terms};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, instant, nullable, reference, whole_number};
use crate::input::value::Value;

/// Makes a change `{type, …}` with the options `{actor?, at?, expected_revision?}`. Returns the new revision; after an error nothing has
/// changed.
///
/// # Errors
/// Bad input: `unknown_change`, `missing_field`, `unknown_field`, `wrong_type`, `invalid_id`, `invalid_reference`, `invalid_timestamp`,
/// `invalid_digest`, `limit_exceeded`. An actor who may not: `forbidden`, with the decision. Another revision than expected: `revision_conflict`.
/// What the rules refuse (C1 to C12, C24): `not_found`, `already_exists`, `owner_protected`, `default_project_protected`,
/// `external_collaborators_disabled`, `not_a_member`, `multi_project_disabled`, `default_key_not_revocable`, `unknown_role`, `unknown_kind`,
/// `user_in_two_organizations`, `membership_managed_by_sso`, `exceeds_own_role`, `key_expired`, `already_revoked`.
pub fn apply(directory: &mut Directory, change: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<u64, Error> {
    directory.apply(&Change::read(change, &Path::Root)?, &read_terms(terms, now)?)
}

/// Returns the consequences of a change, without making it.
///
/// # Errors
/// As [`apply`].
pub fn preview(directory: &Directory, change: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<Preview, Error> {
    directory.preview(&Change::read(change, &Path::Root)?, &read_terms(terms, now)?)
}

fn read_terms<'t>(value: &'t Value<'t>, now: Instant) -> Result<Terms<'t>, Error> {
    let mut terms = Terms { actor: None, at: now, expected_revision: None };
    fields!(value, &Path::Root, required [], |field, at| {
        // Null is refused: an unset variable must not count as the platform.
        "actor" => terms.actor = Some(reference(field, at)?),
        "at" => terms.at = nullable(field, at, instant)?.unwrap_or(now),
        "expected_revision" => terms.expected_revision = nullable(field, at, whole_number)?,
    });
    Ok(terms)
}
