//! Attributions: what an answer to a question of attribution says, and the closed lists of its words.

use serde::{Serialize, Serializer};

use super::code::codes;
use super::error_code::ErrorCode;

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
    pub(crate) const fn certainty(self) -> Certainty {
        match self {
            Self::ExternalHomeOrganization => Certainty::Possible,
            _ => Certainty::Certain,
        }
    }
}
