//! Attribution of many rows at once.

use std::mem::take;

use crate::catalogue::attribution::{Booking, Certainty};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
use crate::directory::{Directory, Project, Tables};

use super::cells::{InstantCell, KindCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
use super::dictionary::{Dictionary, NONE};
use super::memo::Memo;
use super::parties::{BookedRow, Parties, UsageRow};

/// Usages in columns of one length; rows beyond the shortest column are ignored.
#[derive(Clone, Copy, Debug)]
pub struct UsageColumns<'c> {
    /// The principal.
    pub principal: &'c [PrincipalCell],
    /// The kind.
    pub kind: &'c [KindCell],
    /// The surface.
    pub surface: &'c [SurfaceCell],
    /// The project.
    pub project: &'c [ProjectCell],
    /// The resource.
    pub resource: &'c [ResourceCell],
    /// The instant.
    pub at: &'c [InstantCell],
}

/// Attributions in columns, one per usage, in order. None is left out: a row that cannot be attributed has an error code as its reason.
#[derive(Debug)]
pub struct AttributionColumns {
    /// The organization to which the usage is booked: an index into `organizations`, or [`NONE`].
    pub organization: Vec<u32>,
    /// The project to which the usage is booked: an index into `projects`, or [`NONE`].
    pub project: Vec<u32>,
    /// The organization for which the principal worked, likewise.
    pub intended_organization: Vec<u32>,
    /// The project in which the principal worked, likewise.
    pub intended_project: Vec<u32>,
    /// Whether the usage is booked where it was intended.
    pub matches_intended: Vec<bool>,
    /// The rule that applied, or the error code of the row: an index into [`reasons`](Self::reasons).
    pub reason: Vec<u8>,
    /// The API key, if the kind reports usage by API key: an index into `api_keys`, or [`NONE`].
    pub api_key: Vec<u32>,
    /// The remedies: the bit of each is its index in [`Remedy::ALL`](crate::Remedy::ALL).
    pub remedies: Vec<u8>,
    /// The caveats: the bit of each is its index in [`UsageCaveat::ALL`](crate::UsageCaveat::ALL).
    pub caveats: Vec<u8>,
    /// The ids of organizations.
    pub organizations: Dictionary,
    /// The ids of projects.
    pub projects: Dictionary,
    /// The ids of API keys.
    pub api_keys: Dictionary,
    numbers: Numbers,
    parties: Parties,
    booked: Vec<BookedRow>,
}

impl AttributionColumns {
    /// No rows, for answers of this directory.
    #[must_use]
    pub fn new(directory: &Directory) -> Self {
        Self {
            organization: Vec::new(),
            project: Vec::new(),
            intended_organization: Vec::new(),
            intended_project: Vec::new(),
            matches_intended: Vec::new(),
            reason: Vec::new(),
            api_key: Vec::new(),
            remedies: Vec::new(),
            caveats: Vec::new(),
            organizations: Dictionary::new(directory),
            projects: Dictionary::new(directory),
            api_keys: Dictionary::new(directory),
            numbers: Numbers::new(),
            parties: Parties::new(directory.tables()),
            booked: Vec::new(),
        }
    }

    /// All reasons that a row can have: the rules, then the error codes.
    pub fn reasons() -> impl Iterator<Item = &'static str> {
        Booking::ALL.iter().map(|booking| booking.as_str()).chain(ErrorCode::ALL.iter().map(|code| code.as_str()))
    }

    /// How many of the [`reasons`](Self::reasons) are rules; the rest are errors.
    pub const RULES: usize = Booking::ALL.len();

    /// How certain a booking for a reason is; `None` if the usage cannot be attributed.
    #[must_use]
    pub fn certainty(reason: u8) -> Option<Certainty> {
        Booking::ALL.get(usize::from(reason)).map(|booking| booking.certainty())
    }

    /// Clears the dictionaries if they have more words than there are rows, so that they never cost more than the rows. For answers that
    /// are returned in batches. Call it before [`clear`](Self::clear).
    pub fn bound_dictionaries(&mut self) {
        let rows = self.reason.len();
        if self.organizations.len().max(self.projects.len()) > rows {
            self.organizations.clear();
            self.projects.clear();
            self.numbers.forget_places();
        }
        if self.api_keys.len() > rows {
            self.api_keys.clear();
            self.numbers.api_keys.forget();
        }
    }

    /// Removes the rows, and keeps the dictionaries.
    pub fn clear(&mut self) {
        self.organization.clear();
        self.project.clear();
        self.intended_organization.clear();
        self.intended_project.clear();
        self.matches_intended.clear();
        self.reason.clear();
        self.api_key.clear();
        self.remedies.clear();
        self.caveats.clear();
    }

    /// Reserves memory for this many more rows, so that no column is moved while it grows.
    pub fn reserve(&mut self, rows: usize) {
        self.organization.reserve_exact(rows);
        self.project.reserve_exact(rows);
        self.intended_organization.reserve_exact(rows);
        self.intended_project.reserve_exact(rows);
        self.matches_intended.reserve_exact(rows);
        self.reason.reserve_exact(rows);
        self.api_key.reserve_exact(rows);
        self.remedies.reserve_exact(rows);
        self.caveats.reserve_exact(rows);
    }

    /// Adds the answers to some rows, by the directory that these columns were made for.
    pub fn attribute(&mut self, directory: &Directory, usage: &UsageColumns<'_>) {
        let tables = directory.tables();
        let Self { parties, booked, .. } = self;
        booked.clear();
        booked.extend(usage.rows().map(|row| parties.book(tables, &row)));
        let (mut numbers, booked) = (take(&mut self.numbers), take(&mut self.booked));
        self.write(tables, &mut numbers, &booked);
        (self.numbers, self.booked) = (numbers, booked);
    }

    /// Writes bookings by these tables, column by column. `numbers` are those of the tables.
    pub(crate) fn write(&mut self, tables: &Tables, numbers: &mut Numbers, booked: &[BookedRow]) {
        self.write_places(tables, numbers, booked);
        let Self { matches_intended, reason, api_key, api_keys, remedies, caveats, .. } = self;
        matches_intended.extend(booked.iter().map(|row| row.matches_intended));
        remedies.extend(booked.iter().map(|row| row.remedies));
        caveats.extend(booked.iter().map(|row| row.caveats));
        reason.extend(booked.iter().map(|row| row.reason));
        api_key.extend(
            booked
                .iter()
                .map(|row| row.api_key.get().map_or(NONE, |key| numbers.api_keys.of(key, || api_keys.intern(tables.api_key_id(key))))),
        );
    }

    fn write_places(&mut self, tables: &Tables, numbers: &mut Numbers, booked: &[BookedRow]) {
        let Self { organizations, projects, .. } = self;
        for row in booked {
            let place = numbers.places.of(row.project, tables, organizations, projects);
            let intended = numbers.places.of(row.intended, tables, organizations, projects);
            self.organization.push(place.0);
            self.project.push(place.1);
            self.intended_organization.push(intended.0);
            self.intended_project.push(intended.1);
        }
        let start = self.organization.len().saturating_sub(booked.len());
        let written = self.organization.get_mut(start..).unwrap_or_default();
        let written_projects = self.project.get_mut(start..).unwrap_or_default();
        for ((organization, project), row) in written.iter_mut().zip(written_projects).zip(booked) {
            if let Some(text) = row.outside.get() {
                (*organization, *project) = numbers.outside.of(text, || {
                    let (organization, project) = tables.outside_ids(row.outside);
                    (organization.map_or(NONE, |id| organizations.intern(id)), project.map_or(NONE, |id| projects.intern(id)))
                });
            }
        }
    }
}

impl UsageColumns<'_> {
    /// The cells of each row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = UsageRow> {
        let names = self.principal.iter().zip(self.kind).zip(self.surface);
        let places = self.project.iter().zip(self.resource).zip(self.at);
        names.zip(places).map(|(((principal, kind), surface), ((project, resource), at))| UsageRow {
            principal: *principal,
            kind: *kind,
            surface: *surface,
            project: *project,
            resource: *resource,
            at: *at,
        })
    }
}

/// The dictionary numbers of what the indices of some tables stand for.
#[derive(Debug)]
pub(crate) struct Numbers {
    outside: Memo<(u32, u32)>,
    places: ProjectNumbers,
    api_keys: Memo<u32>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self::new()
    }
}

impl Numbers {
    pub(crate) const fn new() -> Self {
        let places = ProjectNumbers { organizations: Memo::new(), projects: Memo::new() };
        Self { outside: Memo::new(), places, api_keys: Memo::new() }
    }

    fn forget_places(&mut self) {
        self.outside.forget();
        self.places.organizations.forget();
        self.places.projects.forget();
    }

    /// Forgets all numbers: the dictionaries have been cleared, or the indices are others.
    #[cfg(feature = "timeline")]
    pub(crate) fn forget(&mut self) {
        self.forget_places();
        self.api_keys.forget();
    }
}

/// The dictionary numbers of organizations and projects, by their indices.
#[derive(Debug)]
struct ProjectNumbers {
    organizations: Memo<u32>,
    projects: Memo<(u32, u32)>,
}

impl ProjectNumbers {
    /// The dictionary numbers of a project's organization and of the project.
    #[inline(always)]
    fn of(&mut self, project: Maybe<Project>, tables: &Tables, organizations: &mut Dictionary, projects: &mut Dictionary) -> (u32, u32) {
        let Some(project) = project.get() else { return (NONE, NONE) };
        self.projects.of(project, || {
            let organization = tables.project_row(project).organization;
            let organization = self.organizations.of(organization, || organizations.intern(tables.organization_id(organization)));
            (organization, projects.intern(tables.project_id(project)))
        })
    }
}
