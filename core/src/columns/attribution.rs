//! Attribution of many rows at once.

use crate::attribution::{Booked, Booking, Certainty, Place, UsageCells};
use crate::directory::{ApiKey, Directory, User};
use crate::error::ErrorCode;
use crate::table::Maybe;

use super::cells::{InstantCell, KindCell, PrincipalCell, ProjectCell, ResourceCell, SurfaceCell};
use super::words::{NONE, Numbers, Words};

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
    /// What would bring the usage to where it was intended: the bit of each is its place in [`Remedy::ALL`](crate::Remedy::ALL).
    pub remedies: Vec<u8>,
    /// The ids of organizations.
    pub organizations: Words,
    /// The ids of projects.
    pub projects: Words,
    /// The ids of API keys.
    pub api_keys: Words,
    organization_numbers: Numbers,
    outside_numbers: Numbers,
    project_numbers: Numbers,
    api_key_numbers: Numbers,
    creators: Creators,
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
            organizations: Words::new(),
            projects: Words::new(),
            api_keys: Words::new(),
            organization_numbers: Numbers::new(),
            outside_numbers: Numbers::new(),
            project_numbers: Numbers::new(),
            api_key_numbers: Numbers::new(),
            creators: Creators::new(directory),
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

    /// Forgets the rows, for the next ones. The words stay as long as they are no more than the rows that they served, so that they can serve
    /// again and never cost more than the rows do.
    pub fn clear(&mut self) {
        let rows = self.reason.len();
        self.organization.clear();
        self.project.clear();
        self.intended_organization.clear();
        self.intended_project.clear();
        self.matches_intended.clear();
        self.reason.clear();
        self.api_key.clear();
        self.remedies.clear();
        if self.organizations.len() > rows {
            self.organizations.renew();
            self.organization_numbers.forget();
            self.outside_numbers.forget();
        }
        if self.projects.len() > rows {
            self.projects.renew();
            self.project_numbers.forget();
        }
        if self.api_keys.len() > rows {
            self.api_keys.renew();
            self.api_key_numbers.forget();
        }
    }

    /// Adds the answers to some rows of usage, by the directory that these columns were made for.
    pub fn attribute(&mut self, directory: &Directory, usage: &UsageColumns<'_>) {
        self.reserve(usage.principal.len());
        let names = usage.principal.iter().zip(usage.kind).zip(usage.surface);
        let places = usage.project.iter().zip(usage.resource).zip(usage.at);
        for (((principal, kind), surface), ((project, resource), at)) in names.zip(places) {
            let cells = UsageCells { principal: principal.0, kind: kind.0, surface: surface.0, project: project.0, resource: resource.0 };
            let creators = &mut self.creators;
            let booked = match at.get() {
                Some(at) => directory.book(&cells, at, |key| creators.of(key, directory)).map_err(|fault| fault.code),
                None => Err(ErrorCode::InvalidTimestamp),
            };
            match booked {
                Ok(booked) => self.push(directory, &booked),
                Err(code) => self.push_fault(cells.fault_of_shape().unwrap_or(code)),
            }
        }
    }

    fn reserve(&mut self, rows: usize) {
        self.organization.reserve(rows);
        self.project.reserve(rows);
        self.intended_organization.reserve(rows);
        self.intended_project.reserve(rows);
        self.matches_intended.reserve(rows);
        self.reason.reserve(rows);
        self.api_key.reserve(rows);
        self.remedies.reserve(rows);
    }

    #[inline]
    fn push(&mut self, directory: &Directory, booked: &Booked) {
        let Self { organizations, organization_numbers, outside_numbers, projects, project_numbers, .. } = self;
        let intended_organization = booked.intended_organization;
        let intended = (
            organization_numbers.of(intended_organization, organizations, || directory.organization_id(intended_organization)),
            project_numbers.of(booked.intended, projects, || directory.project_id(booked.intended)),
        );
        let (organization, project) = match booked.place {
            _ if booked.matches_intended => intended,
            Place::Project(project) => {
                let organization = directory.project_row(project).organization;
                (
                    organization_numbers.of(organization, organizations, || directory.organization_id(organization)),
                    project_numbers.of(project, projects, || directory.project_id(project)),
                )
            }
            Place::Outside(organization) => (outside_numbers.of(organization, organizations, || directory.text(organization)), NONE),
            Place::Unknown => (NONE, NONE),
        };
        let api_key = match booked.api_key {
            Some(key) => self.api_key_numbers.of(key, &mut self.api_keys, || directory.api_key_id(key)),
            None => NONE,
        };
        self.organization.push(organization);
        self.project.push(project);
        self.intended_organization.push(intended.0);
        self.intended_project.push(intended.1);
        self.matches_intended.push(booked.matches_intended);
        self.reason.push(booked.booking as u8);
        self.api_key.push(api_key);
        self.remedies.push(booked.remedies.bits());
    }

    #[cold]
    fn push_fault(&mut self, code: ErrorCode) {
        self.organization.push(NONE);
        self.project.push(NONE);
        self.intended_organization.push(NONE);
        self.intended_project.push(NONE);
        self.matches_intended.push(false);
        self.reason.push((Self::RULES as u8).saturating_add(code as u8));
        self.api_key.push(NONE);
        self.remedies.push(0);
    }
}

impl UsageCells {
    /// A row that is no proper usage is told before one that names what there is not, as in a request.
    #[cold]
    fn fault_of_shape(&self) -> Option<ErrorCode> {
        let faults = [
            self.principal.required().err(),
            self.kind.required().err(),
            self.surface.optional().err(),
            self.project.optional().err(),
            self.resource.optional().err(),
        ];
        faults.into_iter().flatten().find(|code| code.is_of_shape())
    }
}

/// Which external collaborator made a key, if one did (B5): asked once for each key.
#[derive(Debug)]
struct Creators(Vec<Option<Maybe<User>>>);

impl Creators {
    fn new(directory: &Directory) -> Self {
        Self(vec![None; directory.api_key_rows().count()])
    }

    #[inline]
    fn of(&mut self, key: ApiKey, directory: &Directory) -> Option<User> {
        let index = u32::from(key) as usize;
        match self.0.get(index) {
            Some(Some(creator)) => creator.get(),
            _ => self.remember(index, directory.external_creator(key)),
        }
    }

    #[cold]
    fn remember(&mut self, index: usize, creator: Option<User>) -> Option<User> {
        if let Some(place) = self.0.get_mut(index) {
            *place = Some(creator.into());
        }
        creator
    }
}
