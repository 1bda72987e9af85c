//! Feeds from untyped input.

use crate::catalogue::error_code::ErrorCode;
use crate::feed::{Reader, Writer};
use crate::input::error::Error;
use crate::input::path::Path;
use crate::input::shape::{fields, nullable, whole_number};
use crate::input::value::Value;
use crate::wire::signature::SecretKey;

use super::bytes::Bytes;
use super::snapshot::VerifyingKeys;

/// A follower of a feed, which takes what one of these keys has signed.
///
/// # Errors
/// `wrong_type` for a value that is not a key; `missing_field` without a key: whoever can write to the store could publish anything.
pub fn feed_reader(keys: &VerifyingKeys<'_>) -> Result<Reader, Error> {
    let message = "a feed is followed with the public keys of its publisher";
    keys.read()?.map(Reader::new).ok_or_else(|| Error::new(ErrorCode::MissingField, &Path::Root.field("public_key"), message))
}

/// A publisher of a feed: `{max_age_seconds?}`, by default that of the directory. It goes on from what its own key or one of the older keys has signed.
///
/// # Errors
/// `wrong_type`, `unknown_field`.
pub fn feed_writer(signing_key: Bytes<'_>, older: &VerifyingKeys<'_>, options: &Value<'_>) -> Result<Writer, Error> {
    let mut max_age_seconds = None;
    fields!(options, &Path::Root, required [], |field, at| {
        "max_age_seconds" => max_age_seconds = nullable(field, at, whole_number)?,
    });
    let signing_key = SecretKey::from_bytes(signing_key.required_key(&Path::Root.field("signing_key"))?);
    let older = older.read()?;
    Ok(Writer::new(signing_key, older.as_ref().map(|keys| keys.as_slice()).unwrap_or_default(), max_age_seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::BytesList;
    use crate::input::json;

    #[test]
    fn a_reader_needs_a_key() {
        let key = [1; 32];
        assert!(feed_reader(&Bytes::Given(&key).into()).is_ok());
        for (keys, code) in [
            (VerifyingKeys::default(), ErrorCode::MissingField),
            (Bytes::Given(&key[1..]).into(), ErrorCode::WrongType),
            (Bytes::Foreign.into(), ErrorCode::WrongType),
            (VerifyingKeys { several: BytesList::Given(Vec::new()), ..VerifyingKeys::default() }, ErrorCode::WrongType),
        ] {
            assert_eq!(feed_reader(&keys).unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_writer_needs_a_signing_key_and_known_options() {
        let key = [1; 32];
        let made = |signing_key: Bytes<'_>, options: &str| {
            feed_writer(signing_key, &VerifyingKeys::default(), &json::parse(options.as_bytes()).unwrap()).map_err(|error| error.code())
        };
        assert!(made(Bytes::Given(&key), r#"{"max_age_seconds": 300}"#).is_ok() && made(Bytes::Given(&key), "{}").is_ok());
        assert_eq!(made(Bytes::Absent, "{}").unwrap_err(), ErrorCode::WrongType);
        assert_eq!(made(Bytes::Given(&key[1..]), "{}").unwrap_err(), ErrorCode::WrongType);
        assert_eq!(made(Bytes::Given(&key), r#"{"max_age_seconds": -1}"#).unwrap_err(), ErrorCode::WrongType);
        assert_eq!(made(Bytes::Given(&key), r#"{"max_age": 1}"#).unwrap_err(), ErrorCode::UnknownField);
    }
}
