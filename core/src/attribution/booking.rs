//! Booking: where usage is booked, once its names are found. Rules B1 to B6 and their remedies, for single usages and for the rows of
//! tables.

use crate::catalogue::attribution::{Booking, Remedies, Remedy, UsageCaveat, UsageCaveats};
use crate::catalogue::error_code::ErrorCode;
use crate::collections::table::Maybe;
use crate::directory::{ApiKey, Membership, Project, Tables};
use crate::input::error::Error;
use crate::input::instant::Instant;
use crate::input::path::Path;
use crate::policy::{Kind, Policy, Support, Surface};

use super::party::Party;
use super::place::Place;

/// The attributes of a kind on a surface that attribution reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traits {
    is_supported: bool,
    books_to_default_project: bool,
    /// Whether the kind is supported on the api surface, and the surface is another.
    helps_by_key: bool,
    is_supported_nowhere: bool,
    is_reported_by_key: bool,
}

/// A usage whose names are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundUsage<'p> {
    pub(crate) party: &'p Party,
    pub(crate) kind: Kind,
    pub(crate) traits: Traits,
    /// The project that the usage names.
    pub(crate) named: Maybe<Project>,
    /// The kind and project of the resource, if the usage names one.
    pub(crate) resource: (Kind, Maybe<Project>),
    /// Whether the usage names a resource that is not in the directory.
    pub(crate) resource_is_unknown: bool,
    pub(crate) at: Instant,
}

/// Why usage cannot be attributed, and which field is the cause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BookingError {
    pub(crate) code: ErrorCode,
    pub(crate) field: UsageField,
}

/// The field that is the cause; `All` if it is a combination of fields.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UsageField {
    All,
    Principal,
    Kind,
    Surface,
    Project,
    Resource,
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
    pub(crate) caveats: UsageCaveats,
}

impl Tables {
    /// Books usage: the intended project, and the first rule that applies. Written with few branches, since the rows of a table follow no
    /// pattern that a CPU could predict.
    #[inline(always)]
    pub(crate) fn book(&self, usage: &FoundUsage<'_>) -> Result<Booked, BookingError> {
        let FoundUsage { party, kind, traits, named, resource: (resource_kind, of_resource), resource_is_unknown, at } = *usage;
        let party = if party.needs_detail { &self.party_at(party, at) } else { party };
        let stated = party.own_project.or(of_resource).or(named);
        let disagrees = |project: Maybe<Project>| project.is_some() & (project != stated);
        let intended = stated.or(party.fallback_project);
        let is_other_kind = of_resource.is_some() & (resource_kind != kind);
        if is_other_kind | disagrees(of_resource) | disagrees(named) | !intended.is_some() {
            return Err(mismatch(is_other_kind, stated.is_some(), named.is_some()));
        }
        let Some(intended) = intended.get() else { return Err(mismatch(false, false, false)) };

        let intended_organization = self.project_row(intended).organization;
        let organization = self.organization_row(intended_organization);
        let party = if party.needs_detail {
            &self.party_in(party, intended, at).ok_or_else(|| mismatch(false, true, named.is_some()))?
        } else {
            party
        };
        let is_external_user = party.is_external_user_in(intended_organization);
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
        let mut caveats = UsageCaveats::default();
        caveats.add_if(resource_is_unknown, UsageCaveat::UnknownResource);
        let has_role = !party.whose_role.is_some() | (party.has_every_project & !is_external_user);
        caveats.add_if(!has_role && self.is_without_role(party, intended, at), UsageCaveat::PrincipalWithoutAccess);
        Ok(Booked {
            place,
            intended,
            matches_intended,
            booking,
            api_key: Maybe::choose(traits.is_reported_by_key, party.api_key, Maybe::NONE),
            remedies: if matches_intended { Remedies::default() } else { remedies(traits, booking, organization.membership) },
            caveats,
        })
    }
}

impl Booking {
    /// The booking for each combination of the tests of B1 to B4, one bit each.
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

    /// The first rule that applies, without a branch. The tests are: the usage predates projects, is a member's on a playground, has a
    /// supported kind, is external.
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

/// Why the names of a usage, though found, do not fit together.
#[cold]
fn mismatch(is_other_kind: bool, is_project_stated: bool, is_project_named: bool) -> BookingError {
    let (code, field) = if is_other_kind {
        (ErrorCode::KindMismatch, UsageField::Resource)
    } else if is_project_stated {
        (ErrorCode::ProjectMismatch, if is_project_named { UsageField::Project } else { UsageField::Resource })
    } else {
        (ErrorCode::ProjectRequired, UsageField::All)
    };
    BookingError { code, field }
}

impl Traits {
    /// The same once the platform scopes the kind to projects.
    #[cfg(feature = "insight")]
    pub(crate) const fn supported(self) -> Self {
        Self { is_supported: true, ..self }
    }

    /// The traits that decide where usage is booked.
    pub(crate) const fn that_decide_the_place(self) -> (bool, bool) {
        (self.is_supported, self.books_to_default_project)
    }
}

impl Policy {
    /// The attributes of a kind on a surface that attribution reads.
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

impl BookingError {
    #[cold]
    pub(crate) fn into_error(self, path: &Path<'_>) -> Error {
        let code = self.code;
        let field = match self.field {
            UsageField::All => {
                let message = "the user has no home organization in this directory, so the usage must name a project";
                return Error::new(code, path, message);
            }
            UsageField::Principal => "principal",
            UsageField::Kind => "kind",
            UsageField::Surface => "surface",
            UsageField::Project => "project",
            UsageField::Resource => "resource",
        };
        let path = &path.field(field);
        match code {
            ErrorCode::KindMismatch => Error::new(code, path, "the resource has another kind than the usage"),
            ErrorCode::ProjectMismatch => Error::new(code, path, "principal, resource and project do not belong to one project"),
            _ => Error::new(code, path, format_args!("there is no such {field}")),
        }
    }
}
