//! Where a journal ends, and what may follow there.

use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::path::Path;
use crate::wire::envelope::State;
use crate::wire::hash::Hash;
use crate::wire::signature::{PublicKeys, SecretKey};

use super::frame::{JournalRecord, beginning};

/// Where the records of a journal end. What is appended continues there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalEnd {
    /// How many bytes the records take, with the beginning of the journal. What follows is left of a record that was not written completely.
    pub bytes: usize,
    /// How many records there are.
    pub records: usize,
    /// The state that they lead to.
    pub(super) state: State,
    /// Whether the last one is signed.
    pub(super) is_signed: bool,
    /// The last link.
    pub(super) link: Hash,
}

impl JournalEnd {
    /// Verifies that the journal ends at the state of a directory: a record that begins at another one could not be read.
    ///
    /// # Errors
    /// `delta_fork`.
    pub(super) fn ensure_at(&self, directory: &Directory) -> Result<(), Error> {
        if self.state == directory.state() {
            return Ok(());
        }
        let message =
            "the timeline is at another state than its journal; open the journal again, and change the timeline by the journal alone";
        Err(Error::new(ErrorCode::DeltaFork, &Path::Root, message))
    }

    /// Verifies that who demands signatures of this journal can read what a key signs.
    ///
    /// # Errors
    /// As [`ensure_signer`].
    pub(super) fn ensure_signer(&self, directory: &Directory, key: Option<&SecretKey>) -> Result<(), Error> {
        ensure_signer(directory.demanded_keys(), self.is_signed, key)
    }
}

/// Verifies that a key may sign what continues a journal: one of those that are demanded, and any if the journal is signed.
///
/// # Errors
/// `signature_missing` or `signature_invalid`, at `/signing_key`.
pub(super) fn ensure_signer(demanded: Option<&PublicKeys>, is_signed: bool, key: Option<&SecretKey>) -> Result<(), Error> {
    let (code, message) = match (key.map(SecretKey::public_key), demanded) {
        (None, _) if demanded.is_some() || is_signed => {
            (ErrorCode::SignatureMissing, "the journal is signed: a signing key is required to continue it")
        }
        (Some(key), Some(demanded)) if demanded.as_slice().iter().all(|one| one.to_bytes() != key.to_bytes()) => {
            (ErrorCode::SignatureInvalid, "this key is none of those that are demanded of the journal")
        }
        _ => return Ok(()),
    };
    Err(Error::new(code, &Path::Root.field("signing_key"), message))
}

/// The records of a journal that is being written.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) bytes: Vec<u8>,
    records: usize,
    link: Hash,
}

impl Chain {
    pub(super) fn new() -> Self {
        let (bytes, link) = beginning();
        Self { bytes, records: 0, link }
    }

    pub(super) fn push(&mut self, record: JournalRecord<'_>) {
        let (bytes, link) = record.to_bytes(&self.link);
        self.bytes.extend(bytes);
        (self.records, self.link) = (self.records.saturating_add(1), link);
    }

    /// Where it ends, with a state.
    pub(super) fn end(&self, state: State, is_signed: bool) -> JournalEnd {
        JournalEnd { bytes: self.bytes.len(), records: self.records, state, is_signed, link: self.link }
    }
}
