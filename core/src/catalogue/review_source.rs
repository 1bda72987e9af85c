//! Sources of access: the closed list of why somebody has something, as reviews tell it.

use super::code::codes;

codes! {
    /// Why a principal has something in a project, or in the organization itself.
    pub enum ReviewSource {
        /// A23, and A17 in the organization itself: the API key reaches it.
        ApiKeyScope = "api_key_scope",
        /// A19: the role of every member in the default project, by the organization role.
        DefaultProject = "default_project",
        /// A21, and A14 in the organization itself: a row of somebody who is no member.
        ExternalCollaborator = "external_collaborator",
        /// A19: the row of a group that the user is in.
        GroupRole = "group_role",
        /// A12: a membership, in the organization itself.
        Member = "member",
        /// A19: the project role that the organization role implies.
        OrganizationRole = "organization_role",
        /// A10: the ownership, in the organization itself.
        Owner = "owner",
        /// A19: a row of the member's own.
        ProjectRole = "project_role",
        /// A28: the project's visibility gives actions to the organization role.
        ProjectVisibility = "project_visibility",
    }
}
