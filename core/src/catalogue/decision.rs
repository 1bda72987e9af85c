//! Decisions: the answers to questions of access, and the closed lists of their codes.

use serde::{Serialize, Serializer};

use crate::catalogue::code::codes;

codes! {
    /// Why a decision allows or denies: the first rule that applies.
    pub enum Reason {
        /// A1, deny: the directory is older than its own limit or the caller's allows.
        SnapshotStale = "snapshot_stale",
        /// A2, deny: the policy has no such action.
        UnknownAction = "unknown_action",
        /// A3, deny: the principal is not in the directory.
        UnknownPrincipal = "unknown_principal",
        /// A4, deny: the API key is revoked.
        KeyRevoked = "key_revoked",
        /// A5, deny: the API key is expired.
        KeyExpired = "key_expired",
        /// A6, deny: the resource is not in the directory.
        UnknownResource = "unknown_resource",
        /// A7, deny: the action cannot be done to that type of resource.
        ActionNotApplicable = "action_not_applicable",
        /// A8, deny: the kind does not exist on the surface.
        SurfaceNotApplicable = "surface_not_applicable",
        /// A25, deny: the user, their membership, or the key's user, project or organization is suspended.
        PrincipalSuspended = "principal_suspended",
        /// A26, deny: the resource's organization or project is suspended.
        ScopeSuspended = "scope_suspended",
        /// A10, allow: the owner, by the policy's owner permissions.
        Owner = "owner",
        /// A11 and A24, deny: only the owner has this permission.
        OwnerOnly = "owner_only",
        /// A12 and A19, allow: by the organization role, or by the project role that it implies.
        OrganizationRole = "organization_role",
        /// A13, A19 and A21, deny: the role does not have the action.
        RoleLacksPermission = "role_lacks_permission",
        /// A14 and A21, allow: as an external collaborator.
        ExternalCollaborator = "external_collaborator",
        /// A14, deny: external collaborators do not have this action on the organization.
        ExternalNoOrganizationAccess = "external_no_organization_access",
        /// A15 and A21, deny: the project does not allow external collaborators, so the collaborator row has no effect.
        ExternalCollaboratorsDisabled = "external_collaborators_disabled",
        /// A21, deny: the role has the action, but no external collaborator has it.
        NotForExternals = "not_for_externals",
        /// A16, deny: the user is neither a member of the organization nor a collaborator in it.
        NotAMember = "not_a_member",
        /// A17 and A22, deny: an API key has no access outside its reach.
        KeyOutOfScope = "key_out_of_scope",
        /// A18, allow: the resource is the user who asks.
        Myself = "self",
        /// A18, deny: the resource is another user.
        NotSelf = "not_self",
        /// A19, allow: by the explicit collaborator row.
        ProjectRole = "project_role",
        /// A19, allow: by the row of a group that the user is in.
        GroupRole = "group_role",
        /// A19, allow: by the role that every member has in the default project.
        DefaultProject = "default_project",
        /// A19 and A20, deny: the user has no role in the project.
        NotACollaborator = "not_a_collaborator",
        /// A28, allow: the project's visibility gives the action to the user's organization role.
        ProjectVisibility = "project_visibility",
        /// A17 and A23, allow: the API key has this action here.
        ApiKeyScope = "api_key_scope",
        /// A17 and A23, deny: API keys do not have this action.
        KeyLacksPermission = "key_lacks_permission",
        /// A29, deny: the API key's own scopes do not have this action.
        KeyScopeLacksPermission = "key_scope_lacks_permission",
        /// A30, deny: the user as whom the API key acts does not have access.
        KeyUserLacksAccess = "key_user_lacks_access",
    }
}

impl Reason {
    /// Whether a decision with this reason allows.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(
            self,
            Self::Owner
                | Self::OrganizationRole
                | Self::ExternalCollaborator
                | Self::Myself
                | Self::ProjectRole
                | Self::GroupRole
                | Self::DefaultProject
                | Self::ProjectVisibility
                | Self::ApiKeyScope
        )
    }
}

codes! {
    /// A warning about an allowed action on a kind that is not scoped to projects on the surface.
    pub enum Caveat {
        /// Views and listings may show the whole organization's resources, or only the default project's.
        NotProjectAware = "not_project_aware",
        /// The usage is booked to the organization's default project.
        UsageAttributedToDefaultProject = "usage_attributed_to_default_project",
        /// The usage may be booked to the external collaborator's own organization.
        UsageMayLeaveOrganization = "usage_may_leave_organization",
    }
}

/// An answer to a question of access, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision<'d> {
    /// Whether the principal may do the action.
    pub allowed: bool,
    /// The first rule that applied.
    pub reason: Reason,
    /// The role that decided; none if no role was involved.
    pub role: Option<&'d str>,
    /// The resource's organization, once the resource is found (A7 and later).
    pub organization: Option<&'d str>,
    /// The resource's project, likewise.
    pub project: Option<&'d str>,
    /// Warnings about an allowed action on a kind that is not scoped to projects.
    pub caveats: Caveats,
    /// The policy that was applied.
    pub policy: &'d str,
    /// The revision of the directory that answered.
    pub revision: u64,
}

/// A decision that denies, independent of the directory that made it. It has no caveats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denial {
    reason: Reason,
    role: Option<String>,
    organization: Option<String>,
    project: Option<String>,
    policy: String,
    revision: u64,
}

impl From<&Decision<'_>> for Denial {
    fn from(decision: &Decision<'_>) -> Self {
        Self {
            reason: decision.reason,
            role: decision.role.map(str::to_owned),
            organization: decision.organization.map(str::to_owned),
            project: decision.project.map(str::to_owned),
            policy: decision.policy.to_owned(),
            revision: decision.revision,
        }
    }
}

impl Denial {
    pub(crate) fn as_decision(&self) -> Decision<'_> {
        Decision {
            allowed: false,
            reason: self.reason,
            role: self.role.as_deref(),
            organization: self.organization.as_deref(),
            project: self.project.as_deref(),
            caveats: Caveats::default(),
            policy: &self.policy,
            revision: self.revision,
        }
    }
}

/// The caveats of one decision, in their order: one of four possible lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caveats(u8);

/// The possible lists: for a kind that is scoped to projects; and for any other kind, in the default project, in another project, and for
/// an external collaborator.
const LISTS: [&[Caveat]; 4] = [
    &[],
    &[Caveat::NotProjectAware],
    &[Caveat::NotProjectAware, Caveat::UsageAttributedToDefaultProject],
    &[Caveat::NotProjectAware, Caveat::UsageMayLeaveOrganization],
];

impl Caveats {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const HERE: Self = Self(1);
    pub(crate) const TO_DEFAULT: Self = Self(2);
    pub(crate) const ELSEWHERE: Self = Self(3);

    /// The index of the list: two bits.
    pub(crate) fn number(self) -> u32 {
        self.0.into()
    }

    /// The caveats as a list.
    #[must_use]
    pub fn as_slice(self) -> &'static [Caveat] {
        LISTS.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}

impl Serialize for Caveats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}
