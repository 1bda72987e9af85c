//! Eras: the moments under one policy. One directory moves through them, and the cells of names stay valid meanwhile.

use crate::catalogue::error_code::ErrorCode;
use crate::columns::{KindCell, Numbers, Parties, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell, UsageNames, Versions};
use crate::directory::{Directory, Project, Tables};
use crate::input::error::Error;
use crate::input::id::Reference;
use crate::input::path::Path;
use crate::wire::column::Damage;
use crate::wire::envelope::corrupt;

use super::states::Timeline;
use super::touched::{Touched, TouchedNames};

/// The names of usage in one era, and the directory that moves through it.
///
/// INVARIANT: the directory is compacted by [`rest`](Self::rest) alone, so that indices stay what they are: those of names that no step touches stand for
/// the same at every moment, and [`Versions`] has those of the others at the present one. What was read of a principal is forgotten when a step alters it.
#[derive(Debug)]
pub struct EraNames {
    directory: Directory,
    /// The number of steps before the era, and before the moment of the directory.
    first: usize,
    position: usize,
    touched: TouchedNames,
    versions: Versions,
    pub(super) parties: Parties,
    pub(super) numbers: Numbers,
    /// Whether names have to be looked up again.
    generation: u64,
}

impl EraNames {
    /// The era of the steps from `first` to `last`, with its directory at a position between them.
    pub(super) fn new(timeline: &Timeline, first: usize, last: usize, position: usize, generation: u64) -> Result<Self, Error> {
        let directory = timeline.directory_at(position).map_err(|damage| corrupt(damage.0))?;
        let steps = timeline.steps.get(first..last).unwrap_or_default();
        let (policy, hasher) = (directory.tables().policy(), directory.tables().hasher().clone());
        let key_kind = policy.api_key_kind().map(|kind| policy.kind_name(kind));
        let touched = TouchedNames::of(steps.iter().map(|step| &**step), hasher, key_kind);
        let too_many = || Error::new(ErrorCode::LimitExceeded, &Path::Root, "the timeline alters too many entries");
        let parties = Parties::new(directory.tables()).forgetting();
        let (versions, numbers) = (Versions::default(), Numbers::new());
        let mut era = Self { directory, first, position, touched: touched.ok_or_else(too_many)?, versions, parties, numbers, generation };
        era.find_all();
        Ok(era)
    }

    /// Differs when names have to be looked up again.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn tables(&self) -> &Tables {
        self.directory.tables()
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// The directory's tables, with what names stand for now, and the attributes of principals.
    pub(super) fn booking(&mut self) -> (&Tables, &Versions, &mut Parties) {
        (self.directory.tables(), &self.versions, &mut self.parties)
    }

    /// Moves the directory to another moment of the era, step by step.
    pub(super) fn move_to(&mut self, timeline: &Timeline, position: usize) -> Result<(), Error> {
        while self.position != position {
            let is_forward = self.position < position;
            let number = if is_forward { self.position } else { self.position.saturating_sub(1) };
            self.cross(timeline, number, is_forward).map_err(|damage| corrupt(damage.0))?;
            self.position = if is_forward { self.position.saturating_add(1) } else { number };
        }
        Ok(())
    }

    fn cross(&mut self, timeline: &Timeline, number: usize, is_forward: bool) -> Result<(), Damage> {
        let Some(step) = timeline.steps.get(number) else { return Ok(()) };
        let number = number.saturating_sub(self.first);
        let before = self.global(number);
        step.cross(&mut self.directory, is_forward)?;
        let Self { directory, touched, versions, parties, .. } = self;
        for name in touched.of_step(number) {
            match *name {
                Touched::User(user) => {
                    let id = touched.users.name(user);
                    put(&mut versions.users, user.into(), directory.user_cell(Some(id)));
                    if let Some(user) = directory.tables().find_user_name(id) {
                        parties.forget_user(user);
                    }
                }
                Touched::ApiKey(key) => put(&mut versions.api_keys, key.into(), directory.api_key_cell(Some(touched.api_keys.name(key)))),
                Touched::Project(project) => {
                    put(&mut versions.projects, project.into(), directory.project_cell(Some(touched.projects.name(project))));
                }
                Touched::Resource(resource) => {
                    put(&mut versions.resources, resource.into(), directory.resource_cell(Some(touched.resources.name(resource))));
                }
                Touched::Organization(_) => {}
            }
        }
        if self.global(number) != before {
            self.parties.forget();
        }
        Ok(())
    }

    /// What a step may alter for all principals of an organization, or of the directory.
    fn global(&self, step: usize) -> (bool, Vec<Option<Project>>) {
        let tables = self.tables();
        let default_project = |touched: &Touched| match *touched {
            Touched::Organization(number) => {
                let organization = tables.organization(self.touched.organizations.name(number));
                Some(organization.map(|organization| tables.organization_row(organization).default_project))
            }
            _ => None,
        };
        (tables.depends_on_time(), self.touched.of_step(step).iter().filter_map(default_project).collect())
    }

    /// Finds what all touched names stand for now.
    fn find_all(&mut self) {
        let Self { directory, touched, versions, .. } = self;
        versions.users = touched.users.iter().map(|(_, id)| directory.user_cell(Some(id))).collect();
        versions.api_keys = touched.api_keys.iter().map(|(_, id)| directory.api_key_cell(Some(id))).collect();
        versions.projects = touched.projects.iter().map(|(_, id)| directory.project_cell(Some(id))).collect();
        versions.resources = touched.resources.iter().map(|(_, reference)| directory.resource_cell(Some(reference))).collect();
    }

    /// Compacts the directory if it is worth it. Then indices are others, and what was found by them is forgotten.
    pub(super) fn rest(&mut self, generation: u64) {
        if self.directory.compact_if_worth_it() {
            self.generation = generation;
            self.parties.forget();
            self.numbers.forget();
            self.find_all();
        }
    }
}

fn put<T>(cells: &mut [T], number: u32, cell: T) {
    if let Some(place) = cells.get_mut(number as usize) {
        *place = cell;
    }
}

impl UsageNames for EraNames {
    fn principal_cell(&self, text: Option<&str>) -> PrincipalCell {
        match text.and_then(Reference::split) {
            Some(Reference { type_name: "user", id }) if self.touched.find(&self.touched.users, id).is_some() => self.user_cell(Some(id)),
            Some(Reference { type_name: "api_key", id }) if self.touched.find(&self.touched.api_keys, id).is_some() => {
                self.api_key_cell(Some(id))
            }
            _ => self.directory.principal_cell(text),
        }
    }

    fn user_cell(&self, id: Option<&str>) -> PrincipalCell {
        let touched = id.and_then(|id| self.touched.find(&self.touched.users, id));
        touched.map_or_else(|| self.directory.user_cell(id), |number| PrincipalCell::versioned(number, false))
    }

    fn api_key_cell(&self, id: Option<&str>) -> PrincipalCell {
        let touched = id.and_then(|id| self.touched.find(&self.touched.api_keys, id));
        touched.map_or_else(|| self.directory.api_key_cell(id), |number| PrincipalCell::versioned(number, true))
    }

    fn kind_cell(&self, name: Option<&str>) -> KindCell {
        self.directory.kind_cell(name)
    }

    fn surface_cell(&self, name: Option<&str>) -> SurfaceCell {
        self.directory.surface_cell(name)
    }

    fn project_cell(&self, id: Option<&str>) -> ProjectCell {
        let touched = id.and_then(|id| self.touched.find(&self.touched.projects, id));
        touched.map_or_else(|| self.directory.project_cell(id), ProjectCell::versioned)
    }

    fn resource_cell(&self, text: Option<&str>) -> ResourceCell {
        let touched = text.and_then(|text| self.touched.find(&self.touched.resources, text));
        touched.map_or_else(|| self.directory.resource_cell(text), ResourceCell::versioned)
    }
}
