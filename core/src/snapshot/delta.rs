//! Deltas: the changes from one state to a later one, for copies at the first state.
//!
//! A delta names the hashes of the states that it begins and ends at. It is applied to a copy of the tables, which replaces the directory's
//! once its hash is that of the end.

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
    /// The changes since a revision at which a snapshot or delta was made or loaded here. Since the present revision there are none: such a
    /// delta renews the age of copies.
    ///
    /// # Errors
    /// `delta_gap` if the history does not reach back to that revision: make a snapshot instead.
    pub fn to_delta(&self, since: u64, seal: &Seal<'_>) -> Result<Vec<u8>, Error> {
        let (base, changes) = if since == self.revision() {
            (self.state(), Vec::new())
        } else {
            let message = "this revision is not in the history; make a snapshot instead";
            let gap = || Error::new(ErrorCode::DeltaGap, &Path::Root.field("since"), message);
            let (base, changes) = self.changes_since(since).ok_or_else(gap)?;
            (base, changes.collect())
        };
        let payload = format!("[{}]", changes.join(","));
        // Computed only once the delta is certain to be made, since it marks the state as one that copies may have.
        let state = self.state();
        Ok(self.header(Some(base), state, hash_of(payload.as_bytes()), seal).seal(payload.as_bytes(), seal.signing_key))
    }

    /// Applies a delta completely or not at all, and takes over its age. Returns the new revision.
    ///
    /// # Errors
    /// `delta_gap`, `delta_fork`, `snapshot_corrupt`, `snapshot_version`, `signature_missing`, `signature_invalid`, `issued_in_future`.
    pub fn apply_delta(&mut self, bytes: &[u8], trust: Trust<'_>) -> Result<u64, Error> {
        let public_keys = trust.public_keys.or(self.demanded_keys());
        let (header, payload) = Header::open(bytes, true, Trust { public_keys, ..trust })?;
        let base = header.base.ok_or_else(|| corrupt("the delta does not say where it begins"))?;
        if base.revision != self.revision() {
            let message = format!("the delta begins at revision {}, and the directory is at {}", base.revision, self.revision());
            return Err(Error::new(ErrorCode::DeltaGap, &Path::Root, message));
        }
        let hash = self.state_hash();
        if base.hash != hash {
            return Err(Error::new(ErrorCode::DeltaFork, &Path::Root, "the delta begins at this revision, but at another state"));
        }
        self.note_state_hash(hash);
        let value = json::parse(payload).map_err(|_| corrupt("the changes are not JSON"))?;
        let entries = list(&value, &Path::Root, DeltaEntry::read).map_err(|_| corrupt("a change has another structure"))?;
        let count = header.state.revision.checked_sub(base.revision);
        if count != Some(entries.len() as u64) {
            return Err(corrupt("the number of changes is not that of the revisions"));
        }
        if !entries.is_empty() {
            let mut tables = self.tables().clone();
            for entry in &entries {
                let (change, origin) = entry.parts();
                tables.apply(change, &origin).map_err(|_| corrupt("a change is not valid for this directory"))?;
            }
            if hash_of(&tables.to_payload(true)) != header.state.hash {
                return Err(corrupt("the changes lead to another state than the header says"));
            }
            self.replace(tables, header.state.hash, entries.iter().map(DeltaEntry::to_text));
        } else if header.state.hash != base.hash {
            return Err(corrupt("without changes, the state cannot be another"));
        }
        self.renew(header.issued_at, header.max_age_seconds);
        Ok(self.revision())
    }
}
