//! Attribution: to which organization and project does this usage belong, and where does the platform book it? The question and the answer.

use serde::{Serialize, Serializer};

use crate::access::Principal;
use crate::booking::{Booked, FoundUsage, UsageFault, UsageField};
use crate::code::codes;
use crate::directory::{Directory, Project};
use crate::error::{Error, ErrorCode};
use crate::id::Reference;
use crate::instant::Instant;
use crate::path::Path;

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
    /// What gets such usage booked to the intended organization, and to the intended project where the kind is supported on the api surface. Any one of
    /// them helps as far as it goes.
    pub enum Remedy {
        /// Use the product through the API, with a key of the project.
        UseProjectApiKey = "use_project_api_key",
        /// Bring the external collaborator into the organization through its single sign-on: then it is booked to that organization.
        ProvisionWithSso = "provision_with_sso",
        /// Bring the external collaborator into the organization by invitation: then it is booked to that organization.
        InviteToOrganization = "invite_to_organization",
        /// Wait: the platform scopes this kind to projects on no surface yet.
        AwaitProjectSupport = "await_project_support",
    }
}

codes! {
    /// What to know about usage that can be attributed all the same.
    pub enum UsageCaveat {
        /// The resource is not in the directory; the API key or the project decides without it.
        UnknownResource = "unknown_resource",
        /// The user has no role in the intended project: a mistyped project, or somebody who has left.
        PrincipalWithoutAccess = "principal_without_access",
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
    /// What gets such usage booked where it was intended.
    pub remedies: Remedies,
    /// What to know about it.
    pub caveats: UsageCaveats,
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

/// Defines a set of at most eight words, which are listed in their order.
macro_rules! set_of_words {
    ($( #[$meta:meta] $set:ident of $word:ident; )+) => { $(
        #[$meta]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $set(u8);

        impl $set {
            /// The words in their order.
            pub fn iter(self) -> impl Iterator<Item = $word> {
                $word::ALL.iter().copied().filter(move |word| self.0 & 1 << *word as u8 != 0)
            }

            /// The set as bits: that of each word is its place in `ALL`.
            #[must_use]
            pub const fn bits(self) -> u8 {
                self.0
            }

            pub(crate) fn add_if(&mut self, holds: bool, word: $word) {
                self.0 |= if holds { 1 << word as u8 } else { 0 };
            }
        }

        impl Serialize for $set {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter())
            }
        }
    )+ };
}

set_of_words! {
    /// The remedies of one attribution.
    Remedies of Remedy;
    /// The caveats of one attribution.
    UsageCaveats of UsageCaveat;
}

/// The answers to a batch of usage, row for row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributions<'d> {
    /// One answer a row, in the order of the rows; none is ever left out.
    pub rows: Vec<Attribution<'d>>,
    /// How many of them could not be attributed.
    pub unattributed: usize,
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
            caveats: booked.caveats,
            policy: self.policy_id(),
            revision: self.revision(),
        })
    }

    /// What a row of a batch becomes that cannot be attributed. What is known of it may say all the same where it was meant to go.
    pub(crate) fn unattributed(&self, code: ErrorCode, intended: Option<Project>) -> Attribution<'_> {
        Attribution {
            organization: None,
            project: None,
            intended_organization: intended.map(|project| self.organization_id(self.project_row(project).organization)),
            intended_project: intended.map(|project| self.project_id(project)),
            matches_intended: false,
            certainty: None,
            reason: AttributionReason::Unattributed(code),
            api_key: None,
            remedies: Remedies::default(),
            caveats: UsageCaveats::default(),
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
        let found = usage.resource.and_then(|Reference { type_name, id }| self.find_in_project(type_name, id));
        let resource_is_unknown = usage.resource.is_some() && found.is_none();
        if resource_is_unknown && named.is_none() && matches!(principal, Principal::User(_)) {
            return Err(unknown(ErrorCode::UnknownResource, UsageField::Resource));
        }
        let resource = found.map_or((kind, None), |found| (found.kind, Some(found.project)));
        let resource = (resource.0, resource.1.into());
        let traits = policy.traits(kind, surface);
        self.book(&FoundUsage { party, kind, traits, named: named.into(), resource, resource_is_unknown, at: usage.at })
    }
}
