//! Attribution: to which organization and project does this usage belong, and where does the platform book it? Rules B1 to B6.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use crate::access::{InProject, Principal};
use crate::cell::Cell;
use crate::code::codes;
use crate::directory::{ApiKey, Directory, Home, Membership, Organization, Project, Text, User};
use crate::error::{Error, ErrorCode};
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;
use crate::policy::{Kind, Support, Surface};

codes! {
    /// Why usage is booked where it is: the first rule that applied.
    pub enum Booking {
        /// B1: from before the organization had projects; the default project.
        PredatesProjects = "predates_projects",
        /// B2: on a surface that is never scoped to projects; the default project.
        Playground = "playground",
        /// B3: the kind is scoped to projects; the intended project.
        ProjectScoped = "project_scoped",
        /// B4 and B5: the external collaborator's own organization.
        ExternalHomeOrganization = "external_home_organization",
        /// B6: the kind is not scoped to projects; the default project.
        DefaultProjectFallback = "default_project_fallback",
    }
}

codes! {
    /// How sure it is that usage is booked there.
    pub enum Certainty {
        /// It is.
        Certain = "certain",
        /// It may be: the platform decides by the user's own organization.
        Possible = "possible",
    }
}

codes! {
    /// What would bring usage to where it was intended.
    pub enum Remedy {
        /// Use the product through the API, with a key of the project.
        UseProjectApiKey = "use_project_api_key",
        /// Bring the external collaborator into the organization through its single sign-on.
        ProvisionWithSso = "provision_with_sso",
        /// Bring the external collaborator into the organization by invitation.
        InviteToOrganization = "invite_to_organization",
        /// Wait: the platform scopes this kind to projects on no surface yet.
        AwaitProjectSupport = "await_project_support",
    }
}

/// Usage that has happened. Whether it was allowed is not asked.
#[derive(Clone, Copy, Debug)]
pub struct Usage<'u> {
    /// `user:<id>` or `api_key:<id>`.
    pub principal: Reference<'u>,
    /// A kind of the policy.
    pub kind: &'u str,
    /// A surface of the policy; the principal's default one where it is not named.
    pub surface: Option<&'u str>,
    /// The id of the project that was worked in.
    pub project: Option<&'u str>,
    /// `<kind>:<id>`: what was used.
    pub resource: Option<Reference<'u>>,
    /// When it was used.
    pub at: Instant,
}

/// Where usage was intended, where it is booked, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attribution<'d> {
    /// The organization to which the usage is booked.
    pub organization: Option<&'d str>,
    /// The project to which the usage is booked.
    pub project: Option<&'d str>,
    /// The organization for which the principal worked.
    pub intended_organization: Option<&'d str>,
    /// The project in which the principal worked.
    pub intended_project: Option<&'d str>,
    /// Whether both are the same.
    pub matches_intended: bool,
    /// How sure the booking is; none where the usage cannot be attributed.
    pub certainty: Option<Certainty>,
    /// The rule that applied, or the code of what is wrong with the row.
    pub reason: AttributionReason,
    /// The API key, where the kind reports usage by key.
    pub api_key: Option<&'d str>,
    /// What would bring the usage to where it was intended.
    pub remedies: Remedies,
    /// The policy that was applied.
    pub policy: &'d str,
    /// The revision of the directory that answered.
    pub revision: u64,
}

/// Why an attribution is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributionReason {
    /// The usage is booked by a rule.
    Booked(Booking),
    /// The row of a batch cannot be attributed; it is kept, and says why.
    Unattributed(ErrorCode),
}

impl AttributionReason {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked(booking) => booking.as_str(),
            Self::Unattributed(code) => code.as_str(),
        }
    }
}

impl Serialize for AttributionReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The remedies of one attribution, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remedies(u8);

impl Remedies {
    /// The remedies in order.
    pub fn iter(self) -> impl Iterator<Item = Remedy> {
        Remedy::ALL.iter().copied().filter(move |remedy| self.0 & remedy.bit() != 0)
    }

    /// The remedies as a set: the bit of each is its place in [`Remedy::ALL`].
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    fn add_if(&mut self, helps: bool, remedy: Remedy) {
        if helps {
            self.0 |= remedy.bit();
        }
    }
}

impl Remedy {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Serialize for Remedies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The answers to a batch of usage, row for row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributions<'d> {
    /// One answer a row, in the order of the rows; none is ever left out.
    pub rows: Vec<Attribution<'d>>,
    /// How many of them could not be attributed.
    pub unattributed: usize,
}

/// Usage whose names have been looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageCells {
    pub(crate) principal: Cell<Principal>,
    pub(crate) kind: Cell<Kind>,
    pub(crate) surface: Cell<Surface>,
    pub(crate) project: Cell<Project>,
    pub(crate) resource: Cell<Located>,
}

/// What attribution needs of a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Located {
    pub(crate) kind: Kind,
    pub(crate) project: Project,
}

impl From<InProject> for Located {
    fn from(resource: InProject) -> Self {
        Self { kind: resource.kind, project: resource.project }
    }
}

/// Why usage cannot be attributed, and which field says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageFault {
    pub(crate) code: ErrorCode,
    field: &'static str,
}

/// Usage of which everything is found, and what was intended with it.
#[derive(Clone, Copy, Debug)]
struct Found {
    principal: Principal,
    kind: Kind,
    surface: Surface,
    project: Project,
    organization: Organization,
}

/// Where usage is booked. The home of an external collaborator may lie outside the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Project(Project),
    Outside(Text),
    Unknown,
}

/// An attribution before its names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Booked {
    pub(crate) place: Place,
    pub(crate) intended: Project,
    pub(crate) intended_organization: Organization,
    pub(crate) matches_intended: bool,
    pub(crate) booking: Booking,
    pub(crate) api_key: Option<ApiKey>,
    pub(crate) remedies: Remedies,
}

impl Booking {
    /// How sure a booking by this rule is.
    pub(crate) fn certainty(self) -> Certainty {
        if self == Self::ExternalHomeOrganization { Certainty::Possible } else { Certainty::Certain }
    }
}

impl Directory {
    /// Attributes usage to an organization and a project.
    ///
    /// # Errors
    /// The first that applies of `unknown_principal`, `unknown_kind`, `unknown_surface`, `unknown_project`, `unknown_resource`,
    /// `kind_mismatch`, `project_mismatch` and `project_required`.
    pub fn attribute(&self, usage: &Usage<'_>) -> Result<Attribution<'_>, Error> {
        self.attribute_at(usage, &Path::Root)
    }

    pub(crate) fn attribute_at(&self, usage: &Usage<'_>, path: &Path<'_>) -> Result<Attribution<'_>, Error> {
        let creator = |key| self.external_creator(key);
        let booked = self.book(&self.look_up(usage), usage.at, creator).map_err(|fault| fault.into_error(path))?;
        let (organization, project) = match booked.place {
            Place::Project(project) => (Some(self.organization_id(self.project_row(project).organization)), Some(self.project_id(project))),
            Place::Outside(organization) => (Some(self.text(organization)), None),
            Place::Unknown => (None, None),
        };
        Ok(Attribution {
            organization,
            project,
            intended_organization: Some(self.organization_id(booked.intended_organization)),
            intended_project: Some(self.project_id(booked.intended)),
            matches_intended: booked.matches_intended,
            certainty: Some(booked.booking.certainty()),
            reason: AttributionReason::Booked(booked.booking),
            api_key: booked.api_key.map(|key| self.api_key_id(key)),
            remedies: booked.remedies,
            policy: self.policy_id(),
            revision: self.revision(),
        })
    }

    /// What a row of a batch becomes that cannot be attributed.
    pub(crate) fn unattributed(&self, code: ErrorCode) -> Attribution<'_> {
        Attribution {
            organization: None,
            project: None,
            intended_organization: None,
            intended_project: None,
            matches_intended: false,
            certainty: None,
            reason: AttributionReason::Unattributed(code),
            api_key: None,
            remedies: Remedies::default(),
            policy: self.policy_id(),
            revision: self.revision(),
        }
    }

    fn look_up(&self, usage: &Usage<'_>) -> UsageCells {
        let policy = self.policy();
        let located = |Reference { type_name, id }| {
            let found = self.find_in_project(type_name, id).map(Located::from);
            Cell::found_or(found, ErrorCode::UnknownResource)
        };
        UsageCells {
            principal: Cell::found_or(self.find_principal(usage.principal), ErrorCode::UnknownPrincipal),
            kind: Cell::found_or(policy.kind(usage.kind), ErrorCode::UnknownKind),
            surface: usage.surface.map_or(Cell::Absent, |name| Cell::found_or(policy.surface(name), ErrorCode::UnknownSurface)),
            project: usage.project.map_or(Cell::Absent, |id| Cell::found_or(self.project(id), ErrorCode::UnknownProject)),
            resource: usage.resource.map_or(Cell::Absent, located),
        }
    }

    /// Books usage whose names have been looked up. `external_creator` is [`Directory::external_creator`], or something that remembers it.
    #[inline]
    pub(crate) fn book(
        &self,
        usage: &UsageCells,
        at: Instant,
        external_creator: impl FnOnce(ApiKey) -> Option<User>,
    ) -> Result<Booked, UsageFault> {
        let found = self.find_intended(usage)?;
        let (booking, place) = self.apply_rules(&found, at, external_creator);
        let matches_intended = place == Place::Project(found.project);
        Ok(Booked {
            place,
            intended: found.project,
            intended_organization: found.organization,
            matches_intended,
            booking,
            api_key: match found.principal {
                Principal::ApiKey(key) if self.policy().reports_usage_by_api_key(found.kind) => Some(key),
                _ => None,
            },
            remedies: if matches_intended { Remedies::default() } else { self.remedies(&found, booking) },
        })
    }

    /// The intended project, if everything that the usage names is known and fits together.
    #[inline]
    fn find_intended(&self, usage: &UsageCells) -> Result<Found, UsageFault> {
        let fault = |field| move |code| UsageFault { code, field };
        let principal = usage.principal.required().map_err(fault("principal"))?;
        let kind = usage.kind.required().map_err(fault("kind"))?;
        let surface = usage.surface.optional().map_err(fault("surface"))?.unwrap_or_else(|| self.default_surface(principal));
        let named = usage.project.optional().map_err(fault("project"))?;
        let resource = usage.resource.optional().map_err(fault("resource"))?;
        if resource.is_some_and(|resource| resource.kind != kind) {
            return Err(UsageFault { code: ErrorCode::KindMismatch, field: "resource" });
        }

        let own = match principal {
            Principal::ApiKey(key) => Some(self.api_key_row(key).project),
            Principal::User(_) => None,
        };
        let of_resource = resource.map(|resource| resource.project);
        let mut stated = [own, of_resource, named].into_iter().flatten();
        let project = stated.next();
        if stated.any(|other| Some(other) != project) {
            let field = if named.is_some() { "project" } else { "resource" };
            return Err(UsageFault { code: ErrorCode::ProjectMismatch, field });
        }
        let project = match (project, principal) {
            (Some(project), _) => project,
            (None, Principal::User(user)) => self.home_project(user).ok_or(UsageFault { code: ErrorCode::ProjectRequired, field: "" })?,
            // INVARIANT: a key always has its own project, found above.
            (None, Principal::ApiKey(_)) => return Err(UsageFault { code: ErrorCode::UnknownProject, field: "project" }),
        };
        Ok(Found { principal, kind, surface, project, organization: self.project_row(project).organization })
    }

    /// B1 to B6.
    #[inline]
    fn apply_rules(&self, found: &Found, at: Instant, external_creator: impl FnOnce(ApiKey) -> Option<User>) -> (Booking, Place) {
        let policy = self.policy();
        let organization = self.organization_row(found.organization);
        let default_project = Place::Project(organization.default_project);
        let external = match found.principal {
            Principal::User(user) => Some(user).filter(|user| self.membership(*user, found.organization).is_none()),
            Principal::ApiKey(_) => None,
        };
        if organization.projects_since.is_some_and(|since| at < since) {
            return (Booking::PredatesProjects, default_project); // B1
        }
        if policy.books_to_default_project(found.surface) && external.is_none() {
            return (Booking::Playground, default_project); // B2
        }
        if policy.support(found.kind, found.surface) == Support::Supported {
            return (Booking::ProjectScoped, Place::Project(found.project)); // B3
        }
        let creator = match found.principal {
            Principal::User(_) => None,
            Principal::ApiKey(key) => external_creator(key),
        };
        match external.or(creator) {
            Some(user) => (Booking::ExternalHomeOrganization, self.home_place(user)), // B4, B5
            None => (Booking::DefaultProjectFallback, default_project),               // B6
        }
    }

    /// Where an external collaborator's own organization books (B4).
    fn home_place(&self, user: User) -> Place {
        match self.home(user) {
            Home::Member(organization, _) => Place::Project(self.organization_row(organization).default_project),
            Home::Outside(organization) => Place::Outside(organization),
            Home::Unknown => Place::Unknown,
        }
    }

    fn home_project(&self, user: User) -> Option<Project> {
        match self.home(user) {
            Home::Member(organization, _) => Some(self.organization_row(organization).default_project),
            Home::Outside(_) | Home::Unknown => None,
        }
    }

    #[inline]
    fn remedies(&self, found: &Found, booking: Booking) -> Remedies {
        let policy = self.policy();
        let api = policy.api_key_surface();
        let helps_by_key =
            found.surface != api && policy.support(found.kind, api) == Support::Supported && booking != Booking::PredatesProjects;
        let by_membership = match self.organization_row(found.organization).membership {
            Membership::Sso => Remedy::ProvisionWithSso,
            Membership::Invitation => Remedy::InviteToOrganization,
        };
        let mut remedies = Remedies::default();
        remedies.add_if(helps_by_key, Remedy::UseProjectApiKey);
        remedies.add_if(booking == Booking::ExternalHomeOrganization, by_membership);
        remedies.add_if(!policy.is_supported_anywhere(found.kind), Remedy::AwaitProjectSupport);
        remedies
    }
}

impl UsageFault {
    #[cold]
    fn into_error(self, path: &Path<'_>) -> Error {
        let Self { code, field } = self;
        let message: &dyn Display = match code {
            ErrorCode::KindMismatch => &"the resource is of another kind than the usage",
            ErrorCode::ProjectMismatch => &"principal, resource and project do not belong to one project",
            ErrorCode::ProjectRequired => {
                let message = "name a project: the user has no home organization in this directory whose default project it could be";
                return Error::new(code, path, message);
            }
            _ => &format_args!("there is no such {field}"),
        };
        Error::new(code, &path.field(field), message)
    }
}
