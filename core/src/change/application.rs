//! Applying a change: a directory at revision n becomes the one at n + 1, or stays unchanged.
//!
//! A change with an actor is authorised first, by the same rules as every other action.

use crate::access::Principal;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::Directory;
use crate::input::error::Error;
use crate::input::path::Path;

use super::delta_entry::DeltaEntry;
use super::document::Change;
use super::terms::{Origin, Terms};

impl Directory {
    /// Authorises a change, validates it and makes it. Returns the new revision; after an error the directory is unchanged.
    pub(crate) fn apply(&mut self, change: &Change<'_>, terms: &Terms<'_>) -> Result<u64, Error> {
        let origin = self.origin_of(change, terms)?;
        self.alter(|tables| tables.apply(change, &origin), || DeltaEntry::of(change, &origin).to_text())
    }

    /// The origin of a change, if the actor may make it and the directory is at the expected revision.
    pub(super) fn origin_of<'t>(&self, change: &Change<'_>, terms: &Terms<'t>) -> Result<Origin<'t>, Error> {
        match terms.actor {
            Some(actor) => self.authorise(change, actor, terms.at)?,
            None if change.by_oneself().is_some() => {
                let message = "a user joins or leaves by themselves, as the actor of the change";
                return Err(Error::new(ErrorCode::WrongType, &Path::Root.field("actor"), message));
            }
            None => {}
        }
        if terms.expected_revision.is_some_and(|expected| expected != self.revision()) {
            let message = format!("the directory is at revision {}", self.revision());
            return Err(Error::new(ErrorCode::RevisionConflict, &Path::Root.field("expected_revision"), message));
        }
        let is_user = |found| matches!(found, Some(Principal::User(_)));
        let user = terms.actor.filter(|actor| is_user(self.tables().find_principal(*actor))).map(|actor| actor.id);
        Ok(Origin { actor: terms.actor, user, at: terms.at })
    }
}
