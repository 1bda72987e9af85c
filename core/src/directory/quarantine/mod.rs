//! Quarantine: a directory without the organizations that have a fault, instead of none.
//!
//! Each organization is checked by itself first. Then those without a fault are compared: of an id that two of them claim, the organization
//! that had it in the last good state keeps it, so that nobody is evicted by somebody else's fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::catalogue::error_code::ErrorCode;
use crate::input::error::Error;
use crate::input::faults::Faults;
use crate::input::path::Path;

use super::document::OrganizationDocument;
use super::indexer::check_alone;
use super::tables::Tables;

mod claims;
mod rivals;
mod scene;

use rivals::Rivals;
pub(super) use scene::Scene;

/// What becomes of organizations that have a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FaultyOrganizations<'t> {
    /// The document is refused.
    Refuse,
    /// They are left out. Of an id that two organizations claim, the one that has it in `last_good` keeps it.
    LeaveOut { last_good: Option<&'t Tables> },
}

impl<'t> FaultyOrganizations<'t> {
    pub(super) fn last_good(self) -> Option<&'t Tables> {
        if let Self::LeaveOut { last_good } = self { last_good } else { None }
    }
}

/// An organization that is left out, and its first fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    organization: Option<String>,
    fault: Error,
}

impl Quarantined {
    /// Its id, if it has one.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// Its first fault.
    #[must_use]
    pub fn fault(&self) -> &Error {
        &self.fault
    }
}

impl Serialize for Quarantined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Quarantined", 4)?;
        entry.serialize_field("organization", &self.organization)?;
        entry.serialize_field("code", self.fault.code().as_str())?;
        entry.serialize_field("path", self.fault.path())?;
        entry.serialize_field("message", self.fault.message())?;
        entry.end()
    }
}

/// The organizations of a document: those of valid shape are in the document itself, in the same order as their `places`.
pub(super) struct Judged<'v> {
    /// The index of each organization of valid shape in the document's list.
    pub(super) places: Vec<usize>,
    /// The first fault of the others, by their indices.
    pub(super) faults: BTreeMap<usize, Error>,
    /// The ids of all organizations that have one.
    pub(super) ids: Vec<Option<&'v str>>,
}

/// Removes the organizations with a fault, and returns them in document order.
pub(super) fn leave_out<'v>(
    organizations: &mut Vec<OrganizationDocument<'v>>,
    judged: Judged<'v>,
    scene: &Scene<'_, 'v>,
) -> Result<Vec<Quarantined>, Error> {
    let Judged { places, mut faults, ids } = judged;
    let root = &Path::Root.field("organizations");
    for (organization, place) in organizations.iter().zip(&places) {
        if let Err(fault) =
            check_alone(organization, &root.item(*place), Arc::clone(scene.policy), scene.source.layout(), scene.hasher.clone())
        {
            faults.insert(*place, fault);
        }
    }
    let mut found: BTreeMap<usize, Faults<'v>> = BTreeMap::new();
    for place in repeated(&ids) {
        if !faults.contains_key(&place) {
            let fault = found.entry(place).or_insert_with(|| Faults::new(scene.source.layout(), &Path::Root));
            fault.report(ErrorCode::DuplicateId, &root.item(place).field("id"), "this id is already used");
        }
    }
    let rivals = Rivals::of(organizations, &places, |place| faults.contains_key(&place), scene)?;
    rivals.report_conflicts(&mut found);
    // Whoever is left out keeps what it had, against which others may stand that nothing stood against before.
    let mut told = BTreeSet::new();
    let mut staying: Vec<&str> = faults.keys().filter_map(|place| id_at(&ids, *place)).filter(|id| told.insert(*id)).collect();
    loop {
        for id in staying {
            rivals.report_against(id, |place| faults.contains_key(&place), &mut found);
        }
        staying = found.keys().filter_map(|place| id_at(&ids, *place)).filter(|id| told.insert(*id)).collect();
        if found.is_empty() {
            break;
        }
        for (place, found) in std::mem::take(&mut found) {
            if let Err(fault) = found.into_result(()) {
                faults.insert(place, fault);
            }
        }
    }
    let mut places = places.iter();
    organizations.retain(|_| places.next().is_some_and(|place| !faults.contains_key(place)));
    let quarantined = |(place, fault): (usize, Error)| Quarantined {
        organization: id_at(&ids, place).map(str::to_owned),
        fault: scene.source.naming_entry_of(fault),
    };
    Ok(faults.into_iter().map(quarantined).collect())
}

fn id_at<'v>(ids: &[Option<&'v str>], place: usize) -> Option<&'v str> {
    ids.get(place).copied().flatten()
}

/// The organizations whose id another one has too: under one id nobody can be told from the other.
fn repeated(ids: &[Option<&str>]) -> BTreeSet<usize> {
    let mut first = BTreeMap::new();
    let mut repeated = BTreeSet::new();
    for (place, id) in ids.iter().enumerate() {
        let Some(id) = id else { continue };
        if let Some(other) = first.insert(*id, place) {
            repeated.extend([other, place]);
        }
    }
    repeated
}

#[cfg(test)]
mod tests;
