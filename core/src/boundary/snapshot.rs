//! Snapshots and deltas from untyped input.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, Excerpt};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::input::shape::{boolean, fields, id, instant, list, nullable, whole_number};
use crate::input::value::Value;
use crate::snapshot::{Inspection, Seal};
use crate::wire::signature::{PublicKey, PublicKeys, SecretKey};
use crate::wire::trust::Trust;

use super::bytes::{Bytes, BytesList};

/// Loads a snapshot: `{at?}`, where `at` is the present. With public keys, one of them must have signed it. `seed` is as for
/// [`load_directory`](super::load_directory).
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_timestamp`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`,
/// `issued_in_future`.
pub fn directory_from_snapshot(
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    seed: Option<u64>,
    now: Instant,
) -> Result<Directory, Error> {
    let (now, public_keys) = (read_present(options, now)?, keys.read()?);
    let trust = Trust { public_keys: public_keys.as_ref(), now: Some(now) };
    Directory::from_snapshot(bytes.required(&Path::Root)?, trust, seed)
}

/// The header of a snapshot or delta, without a key and without loading it. The checksum is verified, but anyone may have made it.
///
/// # Errors
/// `wrong_type`, `snapshot_corrupt`, `snapshot_version`.
pub fn inspect_snapshot(bytes: Bytes<'_>) -> Result<Inspection, Error> {
    Inspection::of(bytes.required(&Path::Root)?)
}

/// The hash of the state, in hexadecimal digits: equal for equal directories, whatever their way. The revision and the age are not state.
#[must_use]
pub fn state(directory: &Directory) -> String {
    crate::wire::hex::encode(&directory.state_hash())
}

/// The directory as a snapshot: `{organizations?, issued_at?, max_age_seconds?, digests?}`.
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_timestamp`, `limit_exceeded`.
pub fn to_snapshot(directory: &Directory, options: &Value<'_>, signing_key: Bytes<'_>) -> Result<Vec<u8>, Error> {
    let (mut seal, mut excerpt) = (Seal::default(), Excerpt { organizations: None, digests: true });
    fields!(options, &Path::Root, required [], |field, at| {
        "issued_at" => seal.issued_at = nullable(field, at, instant)?,
        "max_age_seconds" => seal.max_age_seconds = nullable(field, at, whole_number)?,
        // Null is refused: an unset variable must not stand for all organizations.
        "organizations" => excerpt.organizations = Some(list(field, at, id)?),
        "digests" => excerpt.digests = boolean(field, at)?,
    });
    let signing_key = read_secret_key(signing_key)?;
    seal.signing_key = signing_key.as_ref();
    if excerpt.organizations.is_none() && excerpt.digests {
        return Ok(directory.to_snapshot(&seal));
    }
    directory.excerpt(&excerpt).map(|part| part.to_snapshot(&seal))
}

/// The changes since a revision as a delta: `{issued_at?, max_age_seconds?}`.
///
/// # Errors
/// As [`to_snapshot`], and `delta_gap` if the history does not reach back to that revision.
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

/// Applies a delta completely or not at all: `{at?}`, where `at` is the present. Returns the new revision.
///
/// # Errors
/// `wrong_type`, `unknown_field`, `invalid_timestamp`, `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`,
/// `signature_invalid`, `issued_in_future`.
pub fn apply_delta(
    directory: &mut Directory,
    bytes: Bytes<'_>,
    options: &Value<'_>,
    keys: &VerifyingKeys<'_>,
    now: Instant,
) -> Result<u64, Error> {
    let (now, public_keys) = (read_present(options, now)?, keys.read()?);
    let trust = Trust { public_keys: public_keys.as_ref(), now: Some(now) };
    directory.apply_delta(bytes.required(&Path::Root)?, trust)
}

/// The public key of a signing key.
///
/// # Errors
/// `wrong_type`.
pub fn public_key_of(signing_key: Bytes<'_>) -> Result<[u8; 32], Error> {
    Ok(SecretKey::from_bytes(signing_key.required_key(&Path::Root.field("signing_key"))?).public_key().to_bytes())
}

/// The public keys that verify signatures, as a host passes them: one, or a list of which any verifies.
#[derive(Clone, Debug, Default)]
pub struct VerifyingKeys<'b> {
    /// `public_key`.
    pub one: Bytes<'b>,
    /// `public_keys`.
    pub several: BytesList<'b>,
}

impl<'b> From<Bytes<'b>> for VerifyingKeys<'b> {
    fn from(one: Bytes<'b>) -> Self {
        Self { one, ..Self::default() }
    }
}

impl VerifyingKeys<'_> {
    /// `None` if neither is given. A value that is not a key is refused: it must not turn verification off.
    pub(super) fn read(&self) -> Result<Option<PublicKeys>, Error> {
        let one = self.one.key(&Path::Root.field("public_key"))?.map(|key| PublicKey::from_bytes(*key));
        let path = &Path::Root.field("public_keys");
        let wrong = |message| Err(Error::new(ErrorCode::WrongType, path, message));
        match (&self.several, one) {
            (BytesList::Absent, one) => Ok(one.map(PublicKeys::from)),
            (BytesList::Given(_), Some(_)) => wrong("expected one key or a list of keys, not both"),
            (BytesList::Foreign, _) => wrong("expected a list of keys"),
            (BytesList::Given(keys), None) => {
                let key = |(number, key): (usize, &Bytes<'_>)| key.required_key(&path.item(number)).map(|key| PublicKey::from_bytes(*key));
                let keys: Vec<_> = keys.iter().enumerate().map(key).collect::<Result<_, _>>()?;
                PublicKeys::new(keys).map_or_else(|| wrong("expected at least one key"), |keys| Ok(Some(keys)))
            }
        }
    }
}

pub(super) fn read_present(options: &Value<'_>, now: Instant) -> Result<Instant, Error> {
    let mut present = now;
    fields!(options, &Path::Root, required [], |field, at| {
        "at" => present = nullable(field, at, instant)?.unwrap_or(now),
    });
    Ok(present)
}

pub(super) fn read_secret_key(bytes: Bytes<'_>) -> Result<Option<SecretKey>, Error> {
    Ok(bytes.key(&Path::Root.field("signing_key"))?.map(SecretKey::from_bytes))
}
