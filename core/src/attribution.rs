//! Attribution: to which organization and project does this usage belong, and where does the platform book it? Rules B1 to B6.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use crate::access::Principal;
use crate::code::codes;
use crate::directory::{ApiKey, Directory, Home, Membership, Organization, Project, Text, User};
use crate::error::{Error, ErrorCode};
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;
use crate::policy::{Kind, Policy, Support, Surface};
use crate::table::Maybe;

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
        self.0 |= if helps { remedy.bit() } else { 0 };
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

/// What attribution needs to know of a principal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Party {
    /// The project of an API key.
    own_project: Maybe<Project>,
    /// The default project of a user's home organization.
    home_project: Maybe<Project>,
    /// The organization that a user is a member of.
    member_of: Maybe<Organization>,
    is_user: bool,
    /// Whether an external collaborator made the key (B5).
    is_made_by_external: bool,
    /// Where usage is booked that may leave the organization (B4): home.
    home: Place,
    api_key: Maybe<ApiKey>,
    /// The surface of usage that names none.
    pub(crate) surface: Surface,
}

/// What the policy says of a kind on a surface, as far as attribution goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traits {
    is_supported: bool,
    books_to_default_project: bool,
    /// Whether the kind is supported by API and the surface is another.
    helps_by_key: bool,
    is_supported_nowhere: bool,
    is_reported_by_key: bool,
}

/// Usage of which everything is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundUsage<'p> {
    pub(crate) party: &'p Party,
    pub(crate) kind: Kind,
    pub(crate) traits: Traits,
    /// The project that it names.
    pub(crate) named: Maybe<Project>,
    /// The kind and project of its resource, if it names one.
    pub(crate) resource: (Kind, Maybe<Project>),
    pub(crate) at: Instant,
}

/// Why usage cannot be attributed, and which field says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageFault {
    pub(crate) code: ErrorCode,
    field: UsageField,
}

#[derive(Clone, Copy, Debug)]
enum UsageField {
    All,
    Principal,
    Kind,
    Surface,
    Project,
    Resource,
}

/// Where usage is booked: a project, or an organization that the directory does not hold, or nobody knows where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) project: Maybe<Project>,
    /// Where there is no project: the organization.
    pub(crate) outside: Maybe<Text>,
}

impl Place {
    const UNKNOWN: Self = Self { project: Maybe::NONE, outside: Maybe::NONE };

    #[inline]
    fn in_project(project: Project) -> Self {
        Self { project: Some(project).into(), ..Self::UNKNOWN }
    }
}

/// An attribution before its names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Booked {
    pub(crate) place: Place,
    pub(crate) intended: Project,
    pub(crate) matches_intended: bool,
    pub(crate) booking: Booking,
    pub(crate) api_key: Maybe<ApiKey>,
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
        let booked = self.find_and_book(usage).map_err(|fault| fault.into_error(path))?;
        let organization_of = |project| self.organization_id(self.project_row(project).organization);
        let project = booked.place.project.get();
        let outside = booked.place.outside.get().map(|organization| self.text(organization));
        Ok(Attribution {
            organization: project.map(organization_of).or(outside),
            project: project.map(|project| self.project_id(project)),
            intended_organization: Some(organization_of(booked.intended)),
            intended_project: Some(self.project_id(booked.intended)),
            matches_intended: booked.matches_intended,
            certainty: Some(booked.booking.certainty()),
            reason: AttributionReason::Booked(booked.booking),
            api_key: booked.api_key.get().map(|key| self.api_key_id(key)),
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

    fn find_and_book(&self, usage: &Usage<'_>) -> Result<Booked, UsageFault> {
        let policy = self.policy();
        let unknown = |code, field| UsageFault { code, field };
        let principal = self.find_principal(usage.principal).ok_or(unknown(ErrorCode::UnknownPrincipal, UsageField::Principal))?;
        let kind = policy.kind(usage.kind).ok_or(unknown(ErrorCode::UnknownKind, UsageField::Kind))?;
        let party = &self.party(principal);
        let surface = match usage.surface {
            Some(name) => policy.surface(name).ok_or(unknown(ErrorCode::UnknownSurface, UsageField::Surface))?,
            None => party.surface,
        };
        let named = match usage.project {
            Some(id) => Some(self.project(id).ok_or(unknown(ErrorCode::UnknownProject, UsageField::Project))?),
            None => None,
        };
        let resource = match usage.resource {
            Some(Reference { type_name, id }) => {
                let found = self.find_in_project(type_name, id).ok_or(unknown(ErrorCode::UnknownResource, UsageField::Resource))?;
                (found.kind, Some(found.project))
            }
            None => (kind, None),
        };
        let traits = policy.traits(kind, surface);
        self.book(&FoundUsage { party, kind, traits, named: named.into(), resource: (resource.0, resource.1.into()), at: usage.at })
    }

    pub(crate) fn party(&self, principal: Principal) -> Party {
        let surface = self.default_surface(principal);
        match principal {
            Principal::User(user) => {
                let home = self.home_place(user);
                let member_of = match self.home(user) {
                    Home::Member(organization, _) => Some(organization),
                    Home::Outside(_) | Home::Unknown => None,
                };
                Party {
                    own_project: Maybe::NONE,
                    home_project: home.project,
                    member_of: member_of.into(),
                    is_user: true,
                    is_made_by_external: false,
                    home,
                    api_key: Maybe::NONE,
                    surface,
                }
            }
            Principal::ApiKey(key) => {
                let creator = self.external_creator(key);
                Party {
                    own_project: Some(self.api_key_row(key).project).into(),
                    home_project: Maybe::NONE,
                    member_of: Maybe::NONE,
                    is_user: false,
                    is_made_by_external: creator.is_some(),
                    home: creator.map_or(Place::UNKNOWN, |creator| self.home_place(creator)),
                    api_key: Some(key).into(),
                    surface,
                }
            }
        }
    }

    /// Where a user's own organization books.
    fn home_place(&self, user: User) -> Place {
        match self.home(user) {
            Home::Member(organization, _) => Place::in_project(self.organization_row(organization).default_project),
            Home::Outside(organization) => Place { outside: Some(organization).into(), ..Place::UNKNOWN },
            Home::Unknown => Place::UNKNOWN,
        }
    }

    /// Books usage: the intended project, and the first rule that applies. Written with few branches, since the rows of a table follow no pattern that
    /// a processor could guess.
    #[inline(always)]
    pub(crate) fn book(&self, usage: &FoundUsage<'_>) -> Result<Booked, UsageFault> {
        let FoundUsage { party, kind, traits, named, resource: (resource_kind, of_resource), at } = *usage;
        let stated = party.own_project.or(of_resource).or(named);
        let disagrees = |project: Maybe<Project>| project.is_some() & (project != stated);
        let intended = stated.or(party.home_project);
        let is_other_kind = of_resource.is_some() & (resource_kind != kind);
        if is_other_kind | disagrees(of_resource) | disagrees(named) | !intended.is_some() {
            return Err(misfit(is_other_kind, stated.is_some(), named.is_some()));
        }
        let Some(intended) = intended.get() else { return Err(misfit(false, false, false)) };

        let intended_organization = self.project_row(intended).organization;
        let organization = self.organization_row(intended_organization);
        let is_external_user = party.is_user & (party.member_of != Some(intended_organization).into());
        let booking = Booking::first_of([
            at.unix_milliseconds() < organization.projects_since.map_or(i64::MIN, Instant::unix_milliseconds),
            traits.books_to_default_project & !is_external_user,
            traits.is_supported,
            is_external_user | party.is_made_by_external,
        ]);
        let is_home = booking == Booking::ExternalHomeOrganization;
        let elsewhere = Maybe::choose(is_home, party.home.project, Some(organization.default_project).into());
        let place = Place {
            project: Maybe::choose(booking == Booking::ProjectScoped, Some(intended).into(), elsewhere),
            outside: Maybe::choose(is_home, party.home.outside, Maybe::NONE),
        };
        let matches_intended = place.project == Some(intended).into();
        Ok(Booked {
            place,
            intended,
            matches_intended,
            booking,
            api_key: Maybe::choose(traits.is_reported_by_key, party.api_key, Maybe::NONE),
            remedies: if matches_intended { Remedies::default() } else { remedies(traits, booking, organization.membership) },
        })
    }
}

impl Booking {
    /// The booking for every way in which the tests of B1 to B4 can come out: that of each is one bit.
    const BY_TESTS: [Self; 16] = [
        Self::of(0),
        Self::of(1),
        Self::of(2),
        Self::of(3),
        Self::of(4),
        Self::of(5),
        Self::of(6),
        Self::of(7),
        Self::of(8),
        Self::of(9),
        Self::of(10),
        Self::of(11),
        Self::of(12),
        Self::of(13),
        Self::of(14),
        Self::of(15),
    ];

    /// The first rule that applies.
    const fn of(tests: u8) -> Self {
        if tests & 1 != 0 {
            Self::PredatesProjects // B1
        } else if tests & 2 != 0 {
            Self::Playground // B2
        } else if tests & 4 != 0 {
            Self::ProjectScoped // B3
        } else if tests & 8 != 0 {
            Self::ExternalHomeOrganization // B4, B5
        } else {
            Self::DefaultProjectFallback // B6
        }
    }

    /// The first rule that applies, without a branch: whether usage predates projects, is a member's on a playground, of a supported kind, or external.
    #[inline(always)]
    fn first_of(tests: [bool; 4]) -> Self {
        let [predates, playground, supported, external] = tests.map(usize::from);
        let tests = predates | playground << 1 | supported << 2 | external << 3;
        Self::BY_TESTS.get(tests).copied().unwrap_or(Self::DefaultProjectFallback)
    }
}

#[inline(always)]
fn remedies(traits: Traits, booking: Booking, membership: Membership) -> Remedies {
    let by_membership = match membership {
        Membership::Sso => Remedy::ProvisionWithSso,
        Membership::Invitation => Remedy::InviteToOrganization,
    };
    let mut remedies = Remedies::default();
    remedies.add_if(traits.helps_by_key & (booking != Booking::PredatesProjects), Remedy::UseProjectApiKey);
    remedies.add_if(booking == Booking::ExternalHomeOrganization, by_membership);
    remedies.add_if(traits.is_supported_nowhere, Remedy::AwaitProjectSupport);
    remedies
}

/// Why found names do not make usage that can be attributed.
#[cold]
fn misfit(is_other_kind: bool, is_project_stated: bool, is_project_named: bool) -> UsageFault {
    let (code, field) = if is_other_kind {
        (ErrorCode::KindMismatch, UsageField::Resource)
    } else if is_project_stated {
        (ErrorCode::ProjectMismatch, if is_project_named { UsageField::Project } else { UsageField::Resource })
    } else {
        (ErrorCode::ProjectRequired, UsageField::All)
    };
    UsageFault { code, field }
}

impl Policy {
    /// What attribution needs to know of a kind on a surface.
    pub(crate) fn traits(&self, kind: Kind, surface: Surface) -> Traits {
        let api = self.api_key_surface();
        Traits {
            is_supported: self.support(kind, surface) == Support::Supported,
            books_to_default_project: self.books_to_default_project(surface),
            helps_by_key: surface != api && self.support(kind, api) == Support::Supported,
            is_supported_nowhere: !self.is_supported_anywhere(kind),
            is_reported_by_key: self.reports_usage_by_api_key(kind),
        }
    }
}

impl UsageFault {
    #[cold]
    fn into_error(self, path: &Path<'_>) -> Error {
        let code = self.code;
        let field = match self.field {
            UsageField::All => {
                let message = "name a project: the user has no home organization in this directory whose default project it could be";
                return Error::new(code, path, message);
            }
            UsageField::Principal => "principal",
            UsageField::Kind => "kind",
            UsageField::Surface => "surface",
            UsageField::Project => "project",
            UsageField::Resource => "resource",
        };
        let message: &dyn Display = match code {
            ErrorCode::KindMismatch => &"the resource is of another kind than the usage",
            ErrorCode::ProjectMismatch => &"principal, resource and project do not belong to one project",
            _ => &format_args!("there is no such {field}"),
        };
        Error::new(code, &path.field(field), message)
    }
}
