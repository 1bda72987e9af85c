//! Findings: the closed list of what is risky or useless in a directory.

use super::code::codes;

codes! {
    /// What is risky or useless. "Admin" stands for the strongest role of the policy; API keys are told of only while they are live.
    pub enum FindingCode {
        /// An external collaborator has the strongest project role.
        ExternalIsAdmin = "external_is_admin",
        /// A group without anybody in it.
        GroupEmpty = "group_empty",
        /// The creator of an API key is no longer in the directory.
        KeyCreatorGone = "key_creator_gone",
        /// The creator of an API key has no role in its project (any more).
        KeyCreatorWithoutAccess = "key_creator_without_access",
        /// An API key without an end.
        KeyNeverExpires = "key_never_expires",
        /// An external collaborator made the API key, or is the user that it acts as.
        KeyOfExternal = "key_of_external",
        /// The user that an API key acts as is not in the directory.
        KeyUserGone = "key_user_gone",
        /// Less than two members have the strongest organization role and are not suspended.
        OrganizationWithOneAdmin = "organization_with_one_admin",
        /// Nobody who is not suspended has the strongest project role in the project.
        ProjectWithoutAdmin = "project_without_admin",
        /// A row that has ended, and counts as not there.
        RowExpired = "row_expired",
        /// The row of an external collaborator in a project that allows none.
        RowWithoutEffect = "row_without_effect",
    }
}

codes! {
    /// How much a finding matters.
    pub enum Severity {
        /// Somebody may have access who should not.
        High = "high",
        /// Something may go wrong later, or has too few people.
        Medium = "medium",
        /// Nothing can go wrong now: something to tidy up.
        Low = "low",
    }
}

impl FindingCode {
    /// How much it matters.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::ExternalIsAdmin | Self::KeyCreatorGone | Self::KeyCreatorWithoutAccess => Severity::High,
            Self::KeyNeverExpires | Self::KeyOfExternal | Self::OrganizationWithOneAdmin | Self::ProjectWithoutAdmin => Severity::Medium,
            Self::GroupEmpty | Self::KeyUserGone | Self::RowExpired | Self::RowWithoutEffect => Severity::Low,
        }
    }
}
