//! Changes from untyped input.

use crate::change::{Change, Preview, Terms};
use crate::directory::{Directory, FaultyOrganizations};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{boolean, fields, instant, list, nullable, reference, whole_number};
use crate::input::value::Value;
use crate::reconcile::Reconciliation;

use super::document::{DEFAULT_LIMITS, DirectoryInput, MOST_BYTES, MOST_VALUES, most};

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
    directory.apply_many(&read_changes(changes)?, &read_terms(terms, now)?)
}

/// Returns the consequences of a change, or of a list of changes, without making it. The directory is the same afterwards.
///
/// # Errors
/// As [`apply`], and as [`apply_many`].
pub fn preview(directory: &mut Directory, changes: &Value<'_>, terms: &Value<'_>, now: Instant) -> Result<Preview, Error> {
    match changes {
        Value::List(_) => directory.preview(&read_changes(changes)?, &read_terms(terms, now)?),
        change => directory.preview_one(Change::read(change, &Path::Root)?, &read_terms(terms, now)?),
    }
}

/// Turns the directory into that of a document, by the changes that are needed: `{dry_run?, quarantine?,
/// max_bytes?, max_values?}`. All of them are made, or none. With
/// `dry_run`, they are only told. The document's revision is not read; its age is taken over as far as it has one.
///
/// With `quarantine`, an organization that has a fault stays as it is, and is listed in [`Directory::quarantined`]; so it is without the option if the
/// directory was loaded like that.
///
/// # Errors
/// As [`load_directory`](super::load_directory); `wrong_type`, `unknown_field` for the options.
pub fn reconcile<'d>(
    directory: &mut Directory,
    document: impl Into<DirectoryInput<'d>>,
    options: &Value<'_>,
    now: Instant,
) -> Result<Reconciliation, Error> {
    let (mut dry_run, mut quarantine, mut limits) = (false, directory.quarantined().is_some(), DEFAULT_LIMITS);
    fields!(options, &Path::Root, required [], |field, at| {
        "dry_run" => dry_run = boolean(field, at)?,
        "quarantine" => quarantine = boolean(field, at)?,
        "max_bytes" => limits.bytes = most(field, at, MOST_BYTES)?,
        "max_values" => limits.values = most(field, at, MOST_VALUES)?,
    });
    let last_good = Some(directory.tables());
    let faulty = if quarantine { FaultyOrganizations::LeaveOut { last_good } } else { FaultyOrganizations::Refuse };
    let target = document.into().load(None, last_good, None, faulty, limits)?;
    directory.reconcile(target, dry_run, now)
}

fn read_changes<'c>(value: &'c Value<'c>) -> Result<Vec<Change<'c>>, Error> {
    list(value, &Path::Root, |change, at| Change::read(change, &Path::Root).map_err(|error| error.below(at)))
}

pub(super) fn read_terms<'t>(value: &'t Value<'t>, now: Instant) -> Result<Terms<'t>, Error> {
    let mut terms = Terms { actor: None, at: now, expected_revision: None };
    fields!(value, &Path::Root, required [], |field, at| {
        // Null is refused: an unset variable must not count as the platform.
        "actor" => terms.actor = Some(reference(field, at)?),
        "at" => terms.at = nullable(field, at, instant)?.unwrap_or(now),
        "expected_revision" => terms.expected_revision = nullable(field, at, whole_number)?,
    });
    Ok(terms)
}
