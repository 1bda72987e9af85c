//! Attribution of many rows at once.

use crate::catalogue::attribution::{Booking, Certainty};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
use crate::directory::{Directory, Project, Tables};

use super::cells::{InstantCell, KindCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
use super::dictionary::{Dictionary, NONE};
use super::memo::Memo;
use super::parties::{BookedRow, Parties, UsageRow};

/// Usage in columns of one length; rows beyond the shortest are not looked at.
#[derive(Clone, Copy, Debug)]
pub struct UsageColumns<'c> {
    /// Who used it.
    pub principal: &'c [PrincipalCell],
    /// What was used.
    pub kind: &'c [KindCell],
    /// How.
    pub surface: &'c [SurfaceCell],
    /// In which project.
    pub project: &'c [ProjectCell],
    /// Which one.
    pub resource: &'c [ResourceCell],
    /// When.
    pub at: &'c [InstantCell],
}

/// Attributions in columns, row for row as the usage came. None is left out: a row that cannot be attributed has an error code as its reason.
#[derive(Debug)]
pub struct AttributionColumns {
    /// The organization to which it is booked: a number into `organizations`, or [`NONE`].
    pub organization: Vec<u32>,
    /// The project to which it is booked: a number into `projects`, or [`NONE`].
    pub project: Vec<u32>,
    /// The organization for which the principal worked, likewise.
    pub intended_organization: Vec<u32>,
    /// The project in which the principal worked, likewise.
    pub intended_project: Vec<u32>,
    /// Whether both are the same.
    pub matches_intended: Vec<bool>,
    /// The rule that applied, or what is wrong with the row: a place in [`reasons`](Self::reasons).
    pub reason: Vec<u8>,
    /// The API key, where the kind reports usage by key: a number into `api_keys`, or [`NONE`].
    pub api_key: Vec<u32>,
    /// What gets such usage booked where it was intended: the bit of each is its place in [`Remedy::ALL`](crate::Remedy::ALL).
    pub remedies: Vec<u8>,
    /// What to know about it: the bit of each is its place in [`UsageCaveat::ALL`](crate::UsageCaveat::ALL).
    pub caveats: Vec<u8>,
    /// The ids of organizations.
    pub organizations: Dictionary,
    /// The ids of projects.
    pub projects: Dictionary,
    /// The ids of API keys.
    pub api_keys: Dictionary,
    outside_numbers: Memo<u32>,
    places: ProjectNumbers,
    api_key_numbers: Memo<u32>,
    parties: Parties,
    booked: Vec<BookedRow>,
}

impl AttributionColumns {
    /// No rows yet, of this directory's answers.
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
            outside_numbers: Memo::new(),
            places: ProjectNumbers { organizations: Memo::new(), projects: Memo::new() },
            api_key_numbers: Memo::new(),
            parties: Parties::new(directory.tables()),
            booked: Vec::new(),
        }
    }

    /// Every reason that a row can have: the rules, and then the error codes.
    pub fn reasons() -> impl Iterator<Item = &'static str> {
        Booking::ALL.iter().map(|booking| booking.as_str()).chain(ErrorCode::ALL.iter().map(|code| code.as_str()))
    }

    /// How many of the first [`reasons`](Self::reasons) are rules and no errors.
    pub const RULES: usize = Booking::ALL.len();

    /// How sure a booking for a reason is; none where the usage cannot be attributed.
    #[must_use]
    pub fn certainty(reason: u8) -> Option<Certainty> {
        Booking::ALL.get(usize::from(reason)).map(|booking| booking.certainty())
    }

    /// Forgets the words if they are more than the rows that they served, so that they never cost more than the rows do; for answers that are handed
    /// out as they are made. To be called before [`clear`](Self::clear).
    pub fn bound_dictionaries(&mut self) {
        let rows = self.reason.len();
        if self.organizations.len().max(self.projects.len()) > rows {
            self.organizations.clear();
            self.projects.clear();
            self.outside_numbers.forget();
            self.places.organizations.forget();
            self.places.projects.forget();
        }
        if self.api_keys.len() > rows {
            self.api_keys.clear();
            self.api_key_numbers.forget();
        }
    }

    /// Forgets the rows, for the next ones. The words stay, and so do their numbers.
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

    /// Makes room for so many more rows at once, so that their columns are never moved while they grow.
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

    /// Adds the answers to some rows of usage, by the directory that these columns were made for.
    pub fn attribute(&mut self, directory: &Directory, usage: &UsageColumns<'_>) {
        let tables = directory.tables();
        let names = usage.principal.iter().zip(usage.kind).zip(usage.surface);
        let places = usage.project.iter().zip(usage.resource).zip(usage.at);
        let Self { parties, booked, .. } = self;
        booked.clear();
        booked.extend(names.zip(places).map(|(((principal, kind), surface), ((project, resource), at))| {
            let row = UsageRow { principal: *principal, kind: *kind, surface: *surface, project: *project, resource: *resource, at: *at };
            parties.book(tables, &row)
        }));
        self.write(tables);
    }

    /// Writes what was booked, column by column.
    fn write(&mut self, tables: &Tables) {
        self.write_places(tables);
        let Self { booked, matches_intended, reason, api_key, api_keys, api_key_numbers, remedies, caveats, .. } = self;
        matches_intended.extend(booked.iter().map(|row| row.matches_intended));
        remedies.extend(booked.iter().map(|row| row.remedies));
        caveats.extend(booked.iter().map(|row| row.caveats));
        reason.extend(booked.iter().map(|row| row.reason));
        api_key.extend(
            booked
                .iter()
                .map(|row| row.api_key.get().map_or(NONE, |key| api_key_numbers.of(key, || api_keys.intern(tables.api_key_id(key))))),
        );
    }

    fn write_places(&mut self, tables: &Tables) {
        let Self { booked, organizations, outside_numbers, projects, places, .. } = self;
        for row in booked.iter() {
            let place = places.of(row.project, tables, organizations, projects);
            let intended = places.of(row.intended, tables, organizations, projects);
            self.organization.push(place.0);
            self.project.push(place.1);
            self.intended_organization.push(intended.0);
            self.intended_project.push(intended.1);
        }
        let start = self.organization.len().saturating_sub(booked.len());
        let written = self.organization.get_mut(start..).unwrap_or_default();
        for (organization, row) in written.iter_mut().zip(booked) {
            if let Some(text) = row.outside.get() {
                *organization = outside_numbers.of(text, || organizations.intern(tables.text(text)));
            }
        }
    }
}

/// The numbers of organizations, and of projects with those of their organizations.
#[derive(Debug)]
struct ProjectNumbers {
    organizations: Memo<u32>,
    projects: Memo<(u32, u32)>,
}

impl ProjectNumbers {
    /// The numbers of a project's organization and of the project.
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
