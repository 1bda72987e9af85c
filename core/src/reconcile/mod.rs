//! Reconciliation: the changes that turn a directory into another one, such as that of a document.
//!
//! The other directory is loaded first, so it is valid. Then the two are compared entry by entry, and what differs becomes changes of the platform,
//! which are made in one journal: all or none. A plan that fails, or that leads elsewhere, is undone, and a coarser one is tried.

mod changes;
mod count;
mod plan;

use std::sync::Arc;

use serde::Serialize;

use crate::catalogue::error_code::ErrorCode;
use crate::change::{Change, Terms};
use crate::directory::{Directory, Loaded, LoggedChange, Tables};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::json;
use crate::input::json_text::JsonText;
use crate::input::path::Path;

use plan::{Coarseness, Plan};

/// What a reconciliation did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct Reconciliation {
    /// The revision afterwards. Each change adds one.
    pub revision: u64,
    /// The changes, as `apply` takes them.
    pub changes: Vec<JsonText>,
}

impl Directory {
    /// Turns the directory into one that has been loaded, or only tells how. Organizations that loading left out stay as they are here.
    pub(crate) fn reconcile(&mut self, mut target: Loaded, is_dry_run: bool, now: Instant) -> Result<Reconciliation, Error> {
        self.free_leftovers();
        target.keep_quarantined(self.tables())?;
        let Loaded { tables, issued_at, max_age_seconds, quarantined, .. } = target;
        let reconciliation = self.turn_into(&tables, is_dry_run, now)?;
        if !is_dry_run {
            self.take_over_age(issued_at, max_age_seconds);
            // Once nothing is left out, nothing is listed; but the next reconciliation leaves out again.
            if quarantined.is_some() || self.quarantined().is_some() {
                self.set_quarantined(quarantined.unwrap_or_default());
            }
        }
        Ok(reconciliation)
    }

    fn turn_into(&mut self, target: &Tables, is_dry_run: bool, now: Instant) -> Result<Reconciliation, Error> {
        let mut outcome = Err(unreachable_state());
        for coarseness in [Coarseness::Entries, Coarseness::Organizations, Coarseness::Anew] {
            let follow = |directory: &mut Self| {
                let mut steps = Steps { directory, made: Vec::new(), log: Vec::new(), now };
                steps.follow(target, coarseness)?;
                let Steps { directory, made, log, .. } = steps;
                Ok((Reconciliation { revision: directory.revision(), changes: made }, log))
            };
            outcome = if is_dry_run { self.try_out(|directory| follow(directory).map(|(told, _)| told)) } else { self.alter(follow) };
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }
}

/// The changes that have been made so far.
struct Steps<'d> {
    directory: &'d mut Directory,
    made: Vec<JsonText>,
    log: Vec<LoggedChange>,
    now: Instant,
}

impl Steps<'_> {
    fn follow(&mut self, target: &Tables, coarseness: Coarseness) -> Result<(), Error> {
        self.set_policy(target)?;
        if coarseness == Coarseness::Entries {
            for change in Plan::of_moves(self.directory.tables(), target) {
                self.make(change)?;
            }
        }
        for change in Plan::of(self.directory.tables(), target).changes(coarseness) {
            self.make(change)?;
        }
        if self.directory.tables().differences(target).is_empty() { Ok(()) } else { Err(unreachable_state()) }
    }

    /// What does not fit the new policy is removed first, to be put again under it.
    fn set_policy(&mut self, target: &Tables) -> Result<(), Error> {
        if self.directory.tables().policy_text() == target.policy_text() {
            return Ok(());
        }
        let change = changes::set_policy(target);
        if self.make(change.clone()).is_ok() {
            return Ok(());
        }
        for change in changes::remove_organizations(self.directory.tables()) {
            self.make(change)?;
        }
        self.make(change)
    }

    fn make(&mut self, change: JsonText) -> Result<(), Error> {
        let value = json::parse(change.as_str().as_bytes())?;
        let terms = Terms { actor: None, at: self.now, expected_revision: None };
        self.log.push(self.directory.make(&Change::read(&value, &Path::Root)?, &terms)?);
        self.made.push(change);
        Ok(())
    }
}

/// INVARIANT: every state can be made of every other one, so nobody sees this.
fn unreachable_state() -> Error {
    Error::new(ErrorCode::LimitExceeded, &Path::Root, "no changes lead to this directory")
}

impl Loaded {
    /// Adds the organizations that were left out, as they are in the last good state.
    fn keep_quarantined(&mut self, last_good: &Tables) -> Result<(), Error> {
        let ids: Vec<Arc<str>> = self.quarantined.iter().flatten().filter_map(|left_out| left_out.organization().map(Arc::from)).collect();
        for id in ids {
            if self.tables.organization(&id).is_none() {
                self.tables.take_organization(last_good, &id)?;
            }
        }
        Ok(())
    }
}
