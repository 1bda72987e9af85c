//! Attributions: the answers to questions of attribution, and the closed lists of their codes.

use serde::{Serialize, Serializer};

use super::code::codes;
use super::error_code::ErrorCode;
#[cfg(feature = "insight")]
use super::rule::Rule;

codes! {
    /// Why usage is booked where it is: the first rule that applies.
    pub enum Booking {
        /// B1: the usage is older than the organization's projects; booked to the default project.
        PredatesProjects = "predates_projects",
        /// B2: the surface is never scoped to projects; booked to the default project.
        Playground = "playground",
        /// B3: the kind is scoped to projects; booked to the intended project.
        ProjectScoped = "project_scoped",
        /// B4 and B5: booked to the external collaborator's own organization.
        ExternalHomeOrganization = "external_home_organization",
        /// B6: the kind is not scoped to projects; booked to the default project.
        DefaultProjectFallback = "default_project_fallback",
    }
}

codes! {
    /// How certain the booking is.
    pub enum Certainty {
        /// The usage is booked there.
        Certain = "certain",
        /// The usage may be booked there: the platform decides by the user's own organization.
        Possible = "possible",
    }
}

codes! {
    /// How to get such usage booked to the intended organization, and to the intended project if the kind is supported on the api surface.
    /// Each remedy works by itself.
    pub enum Remedy {
        /// Use the product through the API, with a key of the project.
        UseProjectApiKey = "use_project_api_key",
        /// Make the external collaborator a member through single sign-on: then the usage is booked to that organization.
        ProvisionWithSso = "provision_with_sso",
        /// Make the external collaborator a member by invitation: then the usage is booked to that organization.
        InviteToOrganization = "invite_to_organization",
        /// Wait: the platform does not scope this kind to projects on any surface yet.
        AwaitProjectSupport = "await_project_support",
    }
}

codes! {
    /// A warning about usage that is attributed nevertheless.
    pub enum UsageCaveat {
        /// The resource is not in the directory; the API key or the project decides without it.
        UnknownResource = "unknown_resource",
        /// The user has no role in the intended project: a mistyped project, or a user who has left.
        PrincipalWithoutAccess = "principal_without_access",
    }
}

/// The organization and project of a usage: intended, booked, and why.
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
    /// Whether the usage is booked where it was intended.
    pub matches_intended: bool,
    /// How certain the booking is; none if the usage cannot be attributed.
    pub certainty: Option<Certainty>,
    /// The rule that applied, or the error code of the row.
    pub reason: AttributionReason,
    /// The API key, if the kind reports usage by API key.
    pub api_key: Option<&'d str>,
    /// How to get such usage booked where it was intended.
    pub remedies: Remedies,
    /// Warnings about the usage.
    pub caveats: UsageCaveats,
    /// The policy that was applied.
    pub policy: &'d str,
    /// The revision of the directory that answered.
    pub revision: u64,
}

/// The reason of an attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributionReason {
    /// The usage is booked by a rule.
    Booked(Booking),
    /// The row of a batch cannot be attributed; the row is kept with this error code.
    Unattributed(ErrorCode),
}

impl AttributionReason {
    /// The code as a word.
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

/// Defines a set of at most eight codes, listed in their order.
macro_rules! set_of_words {
    ($( #[$meta:meta] $set:ident of $word:ident; )+) => { $(
        #[$meta]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $set(u8);

        impl $set {
            /// The codes in their order.
            pub fn iter(self) -> impl Iterator<Item = $word> {
                $word::ALL.iter().copied().filter(move |word| self.0 & 1 << *word as u8 != 0)
            }

            /// The set as bits: the bit of each code is its index in `ALL`.
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

/// The answers to a batch of usage, one per row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributions<'d> {
    /// One answer per row, in the order of the rows; none is left out.
    pub rows: Vec<Attribution<'d>>,
    /// How many rows could not be attributed.
    pub unattributed: usize,
}

impl Booking {
    /// The rule that books like this: usage of a user, or of an API key.
    #[cfg(feature = "insight")]
    pub(crate) const fn rule(self, is_of_key: bool) -> Rule {
        match self {
            Self::PredatesProjects => Rule::B1,
            Self::Playground => Rule::B2,
            Self::ProjectScoped => Rule::B3,
            Self::ExternalHomeOrganization if is_of_key => Rule::B5,
            Self::ExternalHomeOrganization => Rule::B4,
            Self::DefaultProjectFallback => Rule::B6,
        }
    }

    /// How certain a booking by this rule is.
    pub(crate) const fn certainty(self) -> Certainty {
        match self {
            Self::ExternalHomeOrganization => Certainty::Possible,
            _ => Certainty::Certain,
        }
    }
}
