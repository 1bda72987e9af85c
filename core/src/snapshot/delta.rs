//! Deltas: the changes from one state to a later one, for copies that have the first.
//!
//! A delta names the state that it begins at and the one that it leads to by their hashes. It is carried out on a copy of the tables, which takes
//! the place of the directory once it has come to the very state that the delta names.

use crate::catalogue::error_code::ErrorCode;
use crate::change::DeltaEntry;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::json;
use crate::input::path::Path;
use crate::input::shape::list;

use crate::wire::envelope::{Header, corrupt};
use crate::wire::hash::hash_of;
use crate::wire::trust::Trust;

use super::seal::Seal;

impl Directory {
    /// The changes since a revision at which a snapshot or delta was made or read here. Since the present one: none, which renews the age of copies.
    ///
    /// # Errors
    /// `delta_gap` where that revision is not remembered: a snapshot serves such copies.
    pub fn to_delta(&self, since: u64, seal: &Seal<'_>) -> Result<Vec<u8>, Error> {
        let (base, changes) = if since == self.revision() {
            (self.state(), Vec::new())
        } else {
            let message = "this revision is not remembered; make a snapshot instead";
            let gap = || Error::new(ErrorCode::DeltaGap, &Path::Root.field("since"), message);
            let (base, changes) = self.changes_since(since).ok_or_else(gap)?;
            (base, changes.collect())
        };
        let payload = format!("[{}]", changes.join(","));
        // Not before it is certain that there will be a delta: a state that has been asked for is one that copies may have.
        let state = self.state();
        Ok(self.header(Some(base), state, hash_of(payload.as_bytes()), seal).seal(payload.as_bytes(), seal.signing_key))
    }

    /// Carries out a delta, whole or not at all, and takes over its age. Returns the new revision.
    ///
    /// # Errors
    /// `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`.
    pub fn apply_delta(&mut self, bytes: &[u8], trust: Trust<'_>) -> Result<u64, Error> {
        let public_keys = trust.public_keys.or(self.demanded_keys());
        let (header, payload) = Header::open(bytes, true, Trust { public_keys, ..trust })?;
        let base = header.base.ok_or_else(|| corrupt("a delta begins at no state"))?;
        if base.revision != self.revision() {
            let message = format!("the delta begins at revision {}, and the directory is at {}", base.revision, self.revision());
            return Err(Error::new(ErrorCode::DeltaGap, &Path::Root, message));
        }
        let hash = self.state_hash();
        if base.hash != hash {
            return Err(Error::new(ErrorCode::DeltaFork, &Path::Root, "the delta begins at this revision of another history"));
        }
        self.note_state_hash(hash);
        let value = json::parse(payload).map_err(|_| corrupt("the changes are not JSON"))?;
        let entries = list(&value, &Path::Root, DeltaEntry::read).map_err(|_| corrupt("a change has another shape"))?;
        let count = header.state.revision.checked_sub(base.revision);
        if count != Some(entries.len() as u64) {
            return Err(corrupt("there are more or fewer changes than revisions"));
        }
        if !entries.is_empty() {
            let mut tables = self.tables().clone();
            for entry in &entries {
                let (change, origin) = entry.parts();
                tables.apply(change, &origin).map_err(|_| corrupt("a change cannot be made to this directory"))?;
            }
            if hash_of(&tables.to_payload(true)) != header.state.hash {
                return Err(corrupt("the changes lead to another state than the delta says"));
            }
            self.replace(tables, header.state.hash, entries.iter().map(DeltaEntry::to_text));
        } else if header.state.hash != base.hash {
            return Err(corrupt("no change leads to another state"));
        }
        self.renew(header.issued_at, header.max_age_seconds);
        Ok(self.revision())
    }
}
