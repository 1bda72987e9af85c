//! Rivals: the organizations that claim the same.

use std::collections::BTreeMap;

use crate::catalogue::error_code::ErrorCode;
use crate::collections::names::Names;
use crate::directory::document::OrganizationDocument;
use crate::input::error::Error;
use crate::input::faults::Faults;
use crate::input::path::Path;

use super::claims::{Claim, Site};
use super::scene::Scene;

/// Who claims what, of the organizations without a fault of their own.
pub(super) struct Rivals<'s, 'v> {
    scene: &'s Scene<'s, 'v>,
    claims: Names<u32>,
    /// The first claimant of each claim.
    first: Vec<Claimant<'v>>,
    /// The others, if there are any.
    others: BTreeMap<u32, Vec<Claimant<'v>>>,
}

#[derive(Clone, Copy)]
struct Claimant<'v> {
    id: &'v str,
    /// The index of the organization in the document.
    place: usize,
    claim: Claim<'v>,
    site: Site,
}

/// The faults of this round, by the indices of the organizations.
pub(super) type Found<'v> = BTreeMap<usize, Faults<'v>>;

impl<'s, 'v> Rivals<'s, 'v> {
    pub(super) fn of(
        organizations: &[OrganizationDocument<'v>],
        places: &[usize],
        is_faulty: impl Fn(usize) -> bool,
        scene: &'s Scene<'s, 'v>,
    ) -> Result<Self, Error> {
        let mut rivals = Self { scene, claims: Names::new(), first: Vec::new(), others: BTreeMap::new() };
        for (organization, place) in organizations.iter().zip(places.iter().copied()).filter(|(_, place)| !is_faulty(*place)) {
            let mut added = Ok(());
            Claim::of_document(organization, scene.policy, |claim, site| {
                if added.is_ok() {
                    added = rivals.add(Claimant { id: organization.id, place, claim, site });
                }
            });
            added?;
        }
        Ok(rivals)
    }

    fn add(&mut self, claimant: Claimant<'v>) -> Result<(), Error> {
        // INVARIANT: an organization without a fault of its own has kinds of the policy alone.
        let Some((space, name)) = claimant.claim.name(self.scene.policy) else { return Ok(()) };
        let (number, is_new) = self.claims.intern_in(self.scene.hasher, space, &name).map_err(Error::from)?;
        if is_new {
            self.first.push(claimant);
        } else {
            self.others.entry(number).or_default().push(claimant);
        }
        Ok(())
    }

    fn first(&self, number: u32) -> Option<&Claimant<'v>> {
        self.first.get(number as usize)
    }

    /// Reports everybody who claims what another one claims too, and had it not in the last good state.
    pub(super) fn report_conflicts(&self, found: &mut Found<'v>) {
        for (number, others) in &self.others {
            let Some(first) = self.first(*number) else { continue };
            let holder = self.scene.last_good.and_then(|tables| Some(tables.organization_id(tables.holder(&first.claim)?)));
            for claimant in std::iter::once(first).chain(others).filter(|claimant| Some(claimant.id) != holder) {
                self.report(claimant, found);
            }
        }
    }

    /// Reports everybody who claims what the organization `id`, which is left out, has in the last good state and keeps.
    pub(super) fn report_against(&self, id: &str, is_faulty: impl Fn(usize) -> bool, found: &mut Found<'v>) {
        let Some((tables, organization)) = self.scene.last_good.and_then(|tables| Some((tables, tables.organization(id)?))) else { return };
        tables.claims(organization, |claim| {
            let number = claim.name(self.scene.policy).and_then(|(space, name)| self.claims.find_in(self.scene.hasher, space, &name));
            let Some(number) = number.filter(|_| tables.holder(&claim) == Some(organization)) else { return };
            let claimants = self.first(number).into_iter().chain(self.others.get(&number).into_iter().flatten());
            for claimant in claimants.filter(|claimant| claimant.id != id && !is_faulty(claimant.place)) {
                self.report(claimant, found);
            }
        });
    }

    fn report(&self, claimant: &Claimant<'v>, found: &mut Found<'v>) {
        let faults = found.entry(claimant.place).or_insert_with(|| Faults::new(self.scene.source.layout(), &Path::Root));
        let root = Path::Root.field("organizations");
        let at = root.item(claimant.place);
        let used = "this id is already used";
        match claimant.site {
            Site::Member(number) => {
                let message = "this user is already a member of another organization";
                faults.report(ErrorCode::UserInTwoOrganizations, &at.field("members").item(number).field("user"), message);
            }
            Site::Group(number) => faults.report(ErrorCode::DuplicateId, &at.field("groups").item(number).field("id"), used),
            Site::Project(number) => faults.report(ErrorCode::DuplicateId, &at.field("projects").item(number).field("id"), used),
            Site::ApiKey(number, place) => {
                let at = at.field("projects");
                let at = at.item(number);
                faults.report(ErrorCode::DuplicateId, &at.field("api_keys").item(place).field("id"), used);
            }
            Site::Digest(number, place) => {
                let at = at.field("projects");
                let at = at.item(number);
                let message = "another API key that is not revoked has this digest";
                faults.report(ErrorCode::DuplicateDigest, &at.field("api_keys").item(place).field("digest"), message);
            }
            Site::Resource(number, place) => {
                let at = at.field("projects");
                let at = at.item(number);
                faults.report(ErrorCode::DuplicateId, &at.field("resources").item(place).field("id"), used);
            }
        }
    }
}
