//! Snapshots and deltas from untyped input.

use crate::directory::Directory;
use crate::error::Error;
use crate::path::Path;
use crate::shape::{boolean, fields, instant, nullable, object, unknown_field, whole_number};
use crate::snapshot::{Inspection, PublicKey, Seal, SecretKey};
use crate::value::Value;

use super::bytes::Bytes;

/// Reads a snapshot; with a public key, only one that its holder has signed. There are no other options. `seed` is as for
/// [`directory_from_value`](super::directory_from_value).
///
/// # Errors
/// `wrong_type`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`.
pub fn directory_from_snapshot(
    bytes: Bytes<'_>,
    options: &Value<'_>,
    public_key: Bytes<'_>,
    seed: Option<u64>,
) -> Result<Directory, Error> {
    expect_none(options)?;
    let public_key = read_public_key(public_key)?;
    Directory::from_snapshot(bytes.required(&Path::Root)?, public_key.as_ref(), seed)
}

/// What the envelope of a snapshot or delta says, without a key and without loading it. It is whole, but anyone may have made it.
///
/// # Errors
/// `wrong_type`, `snapshot_corrupt`, `snapshot_version`.
pub fn inspect_snapshot(bytes: Bytes<'_>) -> Result<Inspection, Error> {
    Inspection::of(bytes.required(&Path::Root)?)
}

/// The directory as a snapshot: `{issued_at?, max_age_seconds?, digests?}`.
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_timestamp`, `limit_exceeded`.
pub fn to_snapshot(directory: &Directory, options: &Value<'_>, signing_key: Bytes<'_>) -> Result<Vec<u8>, Error> {
    let (mut seal, mut digests) = (Seal::default(), true);
    fields!(options, &Path::Root, required [], |field, at| {
        "issued_at" => seal.issued_at = nullable(field, at, instant)?,
        "max_age_seconds" => seal.max_age_seconds = nullable(field, at, whole_number)?,
        "digests" => digests = boolean(field, at)?,
    });
    let signing_key = read_secret_key(signing_key)?;
    seal.signing_key = signing_key.as_ref();
    Ok(directory.to_snapshot(&seal, digests))
}

/// The changes since a revision as a delta: `{issued_at?, max_age_seconds?}`.
///
/// # Errors
/// As [`to_snapshot`], and `delta_gap` where that revision is not remembered.
pub fn to_delta(directory: &Directory, since: &Value<'_>, options: &Value<'_>, signing_key: Bytes<'_>) -> Result<Vec<u8>, Error> {
    let since = whole_number(since, &Path::Root.field("since"))?;
    let mut seal = Seal::default();
    fields!(options, &Path::Root, required [], |field, at| {
        "issued_at" => seal.issued_at = nullable(field, at, instant)?,
        "max_age_seconds" => seal.max_age_seconds = nullable(field, at, whole_number)?,
    });
    let signing_key = read_secret_key(signing_key)?;
    seal.signing_key = signing_key.as_ref();
    directory.to_delta(since, &seal)
}

/// Carries out a delta, whole or not at all. Returns the new revision. Beside the public key there are no options.
///
/// # Errors
/// `wrong_type`, `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`.
pub fn apply_delta(directory: &mut Directory, bytes: Bytes<'_>, options: &Value<'_>, public_key: Bytes<'_>) -> Result<u64, Error> {
    expect_none(options)?;
    let public_key = read_public_key(public_key)?;
    directory.apply_delta(bytes.required(&Path::Root)?, public_key.as_ref())
}

/// The public key of a signing key.
///
/// # Errors
/// `wrong_type`.
pub fn public_key_of(signing_key: Bytes<'_>) -> Result<[u8; 32], Error> {
    Ok(SecretKey::from_bytes(signing_key.required_key("signing_key")?).public_key().to_bytes())
}

/// Refuses options where there are none: a misspelt `publicKey` must not pass for no key at all.
fn expect_none(options: &Value<'_>) -> Result<(), Error> {
    match object(options, &Path::Root, &[])?.first() {
        Some((name, _)) => Err(unknown_field(name, &Path::Root.field(name))),
        None => Ok(()),
    }
}

fn read_secret_key(bytes: Bytes<'_>) -> Result<Option<SecretKey>, Error> {
    Ok(bytes.key("signing_key")?.map(SecretKey::from_bytes))
}

fn read_public_key(bytes: Bytes<'_>) -> Result<Option<PublicKey>, Error> {
    Ok(bytes.key("public_key")?.copied().map(PublicKey::from_bytes))
}
