//! Changes from untyped input.

use crate::change::{Change, Preview, Reconciliation, Terms};
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{fields, instant, nullable, reference, whole_number};
use crate::input::value::Value;

use super::document::Document;

/// Makes a change `{type, …}` with the options `{actor?, at?, expected_revision?}`. Returns the new revision; after an error nothing has
/// changed.
///
/// # Errors
/// Bad input: `unknown_change`, `missing_field`, `unknown_field`, `wrong_type`, `invalid_id`, `invalid_reference`, `invalid_timestamp`,
/// `invalid_digest`, `limit_exceeded`. An actor who may not: `forbidden`, with the decision. Another revision than expected: `revision_conflict`.
/// What the rules refuse (C1 to C24): `not_found`, `already_exists`, `owner_protected`, `owner_not_admin`, `default_project_protected`,
/// `external_collaborators_disabled`, `not_a_member`, `multi_project_disabled`, `default_key_not_revocable`, `unknown_role`, `unknown_kind`,
/// `unknown_visibility`, `unknown_scope`, `unknown_reference`, `user_in_two_organizations`, `membership_managed_by_sso`, `exceeds_own_role`,
/// `key_expired`, `already_revoked`. A user joins and leaves a project as the actor of the change: without one, `wrong_type` at `/actor`.
pub fn apply(directory: &mut Directory, change: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<u64, Error> {
    directory.apply(&Change::read(change, &Path::Root)?, &read_terms(terms, now)?)
}

/// Makes a list of changes, all or none, with the options of [`apply`]. Each is authorised, and sees the ones before it. Returns the new
/// revision: each change adds one.
///
/// # Errors
/// As [`apply`]; a path begins with the position of the change.
pub fn apply_many(directory: &mut Directory, changes: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<u64, Error> {
    let _ = (directory, changes, terms, now);
    Err(Error::new(crate::catalogue::error_code::ErrorCode::UnknownChange, &Path::Root, "not made yet"))
}

/// Returns the consequences of a change, or of a list of changes, without making it. The directory is the same afterwards.
///
/// # Errors
/// As [`apply`], and as [`apply_many`].
pub fn preview(directory: &mut Directory, changes: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<Preview, Error> {
    directory.preview(&Change::read(changes, &Path::Root)?, &read_terms(terms, now)?)
}

/// Turns the directory into that of a document, by the changes that are needed: `{dry_run?, quarantine?}`.
///
/// # Errors
/// As [`load_directory`](super::load_directory).
pub fn reconcile<'d>(directory: &mut Directory, document: impl Into<Document<'d>>, options: &Value<'_>) -> Result<Reconciliation, Error> {
    let _ = (directory, document.into(), options);
    Err(Error::new(crate::catalogue::error_code::ErrorCode::UnknownChange, &Path::Root, "not made yet"))
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
