//! Decisions on many rows at once.

use crate::access::{Conditions, FoundQuestion, Freshness, Role, Verdict};
use crate::catalogue::decision::Reason;
use crate::catalogue::error_code::ErrorCode;
use crate::directory::{Directory, Tables};

use super::cells::{ActionCell, InstantCell, ObjectCell, PrincipalCell, SurfaceCell};
use super::dictionary::{Dictionary, NONE};
use super::memo::Memo;

/// Questions in columns of one length; rows beyond the shortest column are ignored.
#[derive(Clone, Copy, Debug)]
pub struct AccessColumns<'c> {
    /// The principal.
    pub principal: &'c [PrincipalCell],
    /// The action.
    pub action: &'c [ActionCell],
    /// The resource.
    pub resource: &'c [ObjectCell],
    /// The surface.
    pub surface: &'c [SurfaceCell],
    /// The instant.
    pub at: &'c [InstantCell],
}

/// Decisions in columns, one per question, in order. None is left out: an invalid row is denied, with an error code as its reason.
#[derive(Debug)]
pub struct DecisionColumns {
    /// Whether the principal may do the action.
    pub allowed: Vec<bool>,
    /// The rule that applied, or the error code of the row: an index into [`reasons`](Self::reasons).
    pub reason: Vec<u8>,
    /// The role that decided: an index into `roles`, or [`NONE`].
    pub role: Vec<u32>,
    /// The resource's organization: an index into `organizations`, or [`NONE`].
    pub organization: Vec<u32>,
    /// The resource's project: an index into `projects`, or [`NONE`].
    pub project: Vec<u32>,
    /// The caveats: the bit of each is its index in [`Caveat::ALL`](crate::Caveat::ALL).
    pub caveats: Vec<u8>,
    /// The names of roles.
    pub roles: Dictionary,
    /// The ids of organizations.
    pub organizations: Dictionary,
    /// The ids of projects.
    pub projects: Dictionary,
    organization_role_numbers: Memo<u32>,
    project_role_numbers: Memo<u32>,
    organization_numbers: Memo<u32>,
    project_numbers: Memo<u32>,
}

impl DecisionColumns {
    /// No rows, for decisions of this directory.
    #[must_use]
    pub fn new(directory: &Directory) -> Self {
        Self {
            allowed: Vec::new(),
            reason: Vec::new(),
            role: Vec::new(),
            organization: Vec::new(),
            project: Vec::new(),
            caveats: Vec::new(),
            roles: Dictionary::new(directory),
            organizations: Dictionary::new(directory),
            projects: Dictionary::new(directory),
            organization_role_numbers: Memo::new(),
            project_role_numbers: Memo::new(),
            organization_numbers: Memo::new(),
            project_numbers: Memo::new(),
        }
    }

    /// All reasons that a row can have: those of decisions, then the error codes.
    pub fn reasons() -> impl Iterator<Item = &'static str> {
        Reason::ALL.iter().map(|reason| reason.as_str()).chain(ErrorCode::ALL.iter().map(|code| code.as_str()))
    }

    /// How many of the [`reasons`](Self::reasons) are those of decisions; the rest are errors.
    pub const RULES: usize = Reason::ALL.len();

    /// Clears the dictionaries as [`AttributionColumns::bound_dictionaries`](super::AttributionColumns::bound_dictionaries) does.
    pub fn bound_dictionaries(&mut self) {
        let rows = self.reason.len();
        if self.organizations.len() > rows {
            self.organizations.clear();
            self.organization_numbers.forget();
        }
        if self.projects.len() > rows {
            self.projects.clear();
            self.project_numbers.forget();
        }
    }

    /// Removes the rows, and keeps the dictionaries.
    pub fn clear(&mut self) {
        self.allowed.clear();
        self.reason.clear();
        self.role.clear();
        self.organization.clear();
        self.project.clear();
        self.caveats.clear();
    }

    /// Reserves memory for this many more rows, so that no column is moved while it grows.
    pub fn reserve(&mut self, rows: usize) {
        self.allowed.reserve_exact(rows);
        self.reason.reserve_exact(rows);
        self.role.reserve_exact(rows);
        self.organization.reserve_exact(rows);
        self.project.reserve_exact(rows);
        self.caveats.reserve_exact(rows);
    }

    /// Adds the decisions on some rows.
    pub fn decide(&mut self, directory: &Directory, questions: &AccessColumns<'_>, freshness: Freshness) {
        let names = questions.principal.iter().zip(questions.action).zip(questions.resource);
        for (((principal, action), resource), (surface, at)) in names.zip(questions.surface.iter().zip(questions.at)) {
            match read(*principal, *action, *resource, *surface, *at, freshness) {
                Ok(question) => self.push(directory.tables(), &directory.decide_on_found(&question)),
                Err(code) => self.push_fault(code),
            }
        }
    }

    #[inline]
    fn push(&mut self, tables: &Tables, verdict: &Verdict) {
        let policy = tables.policy();
        let role = match verdict.role {
            Some(Role::Organization(role)) => {
                self.organization_role_numbers.of(role, || self.roles.intern(policy.organization_role_name(role)))
            }
            Some(Role::Project(role)) => self.project_role_numbers.of(role, || self.roles.intern(policy.project_role_name(role))),
            None => NONE,
        };
        let organization = verdict.organization.map_or(NONE, |organization| {
            self.organization_numbers.of(organization, || self.organizations.intern(tables.organization_id(organization)))
        });
        let project =
            verdict.project.map_or(NONE, |project| self.project_numbers.of(project, || self.projects.intern(tables.project_id(project))));
        self.allowed.push(verdict.ground.allows());
        self.reason.push(verdict.ground.reason as u8);
        self.role.push(role);
        self.organization.push(organization);
        self.project.push(project);
        self.caveats.push(verdict.caveats.as_slice().iter().fold(0, |bits, caveat| bits | 1 << *caveat as u8));
    }

    #[cold]
    fn push_fault(&mut self, code: ErrorCode) {
        self.allowed.push(false);
        self.reason.push((Self::RULES as u8).saturating_add(code as u8));
        self.role.push(NONE);
        self.organization.push(NONE);
        self.project.push(NONE);
        self.caveats.push(0);
    }
}

/// The question of one row. A principal that is not found is not an error: the rules deny it.
#[inline]
fn read(
    principal: PrincipalCell,
    action: ActionCell,
    resource: ObjectCell,
    surface: SurfaceCell,
    at: InstantCell,
    freshness: Freshness,
) -> Result<FoundQuestion, ErrorCode> {
    let found = principal.principal();
    match principal.index.fault() {
        None | Some(ErrorCode::UnknownPrincipal) => {}
        Some(code) => return Err(code),
    }
    let (action, object) = (action.0?, resource.0?);
    let at = at.get().ok_or(ErrorCode::InvalidTimestamp)?;
    if let Some(code) = surface.surface.fault() {
        return Err(code);
    }
    let surface = surface.surface.found().get();
    Ok(FoundQuestion { principal: found, action, object, surface, conditions: Conditions { at, freshness } })
}
