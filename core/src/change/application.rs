//! Applying changes: a directory at revision n becomes the one at n + 1, or stays unchanged.
//!
//! A change with an actor is authorised first, by the same rules as every other action.

use crate::access::Principal;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, LoggedChange};
use crate::input::error::Error;
use crate::input::path::Path;

use super::document::Change;
use super::terms::{Origin, Terms};

impl Directory {
    /// Authorises a change, validates it and makes it. Returns the new revision; after an error the directory is unchanged.
    pub(crate) fn apply(&mut self, change: &Change<'_>, terms: &Terms<'_>) -> Result<u64, Error> {
        self.alter(|directory| Ok(((), vec![directory.make(change, terms)?])))?;
        Ok(self.revision())
    }

    /// The same for a list of changes: all or none, each seeing the ones before.
    pub(crate) fn apply_many(&mut self, changes: &[Change<'_>], terms: &Terms<'_>) -> Result<u64, Error> {
        self.alter(|directory| Ok(((), directory.make_all(changes, terms, |_, _| {})?)))?;
        Ok(self.revision())
    }

    /// Makes a list of changes within an open journal. `before_each` sees each change and the directory that it is made to. A path begins with the
    /// position of the change; that of the expected revision, which counts before the first one, does not.
    pub(super) fn make_all<'c>(
        &mut self,
        changes: &'c [Change<'c>],
        terms: &Terms<'_>,
        mut before_each: impl FnMut(&Self, &'c Change<'c>),
    ) -> Result<Vec<LoggedChange>, Error> {
        if changes.is_empty() {
            self.ensure_expected(terms)?;
        }
        let mut log = Vec::with_capacity(changes.len());
        let mut terms = *terms;
        for (position, change) in changes.iter().enumerate() {
            before_each(self, change);
            let at = Path::Root.item(position);
            log.push(self.make(change, &terms).map_err(|error| match error.code() {
                ErrorCode::RevisionConflict => error,
                _ => error.below(&at),
            })?);
            terms.expected_revision = None;
        }
        Ok(log)
    }

    /// Makes a change within an open journal.
    pub(crate) fn make(&mut self, change: &Change<'_>, terms: &Terms<'_>) -> Result<LoggedChange, Error> {
        let origin = self.origin_of(change, terms)?;
        self.make_step(|tables| tables.apply(change, &origin))?;
        Ok(LoggedChange {
            change: change.type_of().as_str().into(),
            actor: terms.actor.map(|actor| actor.to_string().into()),
            at: terms.at,
        })
    }

    /// The origin of a change, if the actor may make it and the directory is at the expected revision.
    fn origin_of<'t>(&self, change: &Change<'_>, terms: &Terms<'t>) -> Result<Origin<'t>, Error> {
        match terms.actor {
            Some(actor) => self.authorise(change, actor, terms.at)?,
            None if change.by_oneself().is_some() => {
                let message = "a user joins or leaves by themselves, as the actor of the change";
                return Err(Error::new(ErrorCode::WrongType, &Path::Root.field("actor"), message));
            }
            None => {}
        }
        self.ensure_expected(terms)?;
        let is_user = |found| matches!(found, Some(Principal::User(_)));
        let user = terms.actor.filter(|actor| is_user(self.tables().find_principal(*actor))).map(|actor| actor.id);
        Ok(Origin { actor: terms.actor, user, at: terms.at })
    }

    fn ensure_expected(&self, terms: &Terms<'_>) -> Result<(), Error> {
        if terms.expected_revision.is_some_and(|expected| expected != self.revision()) {
            let message = format!("the directory is at revision {}", self.revision());
            return Err(Error::new(ErrorCode::RevisionConflict, &Path::Root.field("expected_revision"), message));
        }
        Ok(())
    }
}
