//! Types of change: the closed list of what a change can do.

use std::fmt::Display;

use super::code::codes;

codes! {
    /// What a change does.
    pub enum ChangeType {
        /// C1: a user becomes a member.
        AddMember = "add_member",
        /// C2: a member leaves, with every collaborator row and group membership in the organization.
        RemoveMember = "remove_member",
        /// C3: a member gets another organization role.
        SetMemberRole = "set_member_role",
        /// C4: an organization gets another project.
        CreateProject = "create_project",
        /// C5: a project begins or ceases to allow external collaborators.
        SetExternalCollaborators = "set_external_collaborators",
        /// C6: a user or a group becomes a collaborator.
        AddCollaborator = "add_collaborator",
        /// C7: a collaborator leaves a project.
        RemoveCollaborator = "remove_collaborator",
        /// C8: a collaborator gets another project role.
        SetCollaboratorRole = "set_collaborator_role",
        /// C9, C22: a project gets another API key.
        CreateApiKey = "create_api_key",
        /// C10: an API key is revoked for good.
        RevokeApiKey = "revoke_api_key",
        /// C11: an API key gets an expiry, another one, or none.
        ExpireApiKey = "expire_api_key",
        /// C12: the organization default key gets another secret.
        RegenerateDefaultKey = "regenerate_default_key",
        /// A project gets another resource.
        AddResource = "add_resource",
        /// A resource is removed.
        RemoveResource = "remove_resource",
        /// C13: a member row alone is removed, by the platform; the user's collaborator rows stay.
        DropMember = "drop_member",
        /// C18: a user is removed with every row, by the platform.
        RemoveUser = "remove_user",
        /// Another project becomes the default one, by the platform; the organization default key goes along.
        SetDefaultProject = "set_default_project",
        /// C17: a project moves to another organization, by the platform.
        MoveProject = "move_project",
        /// C14: an organization is removed with everything in it.
        RemoveOrganization = "remove_organization",
        /// An organization gets other facts: its name, its settings.
        UpdateOrganization = "update_organization",
        /// C15: an organization gets another owner.
        TransferOwnership = "transfer_ownership",
        /// C16: a project is removed with everything in it.
        RemoveProject = "remove_project",
        /// A project gets other facts: its name, its settings.
        UpdateProject = "update_project",
        /// A project gets another visibility.
        SetVisibility = "set_visibility",
        /// C17: a resource moves to another project.
        MoveResource = "move_resource",
        /// C19: an organization, a project, a member or a user is suspended.
        Suspend = "suspend",
        /// C19: a suspension ends.
        Resume = "resume",
        /// C20: a user joins a project by themselves.
        JoinProject = "join_project",
        /// C20: a user leaves a project by themselves.
        LeaveProject = "leave_project",
        /// C21: an organization gets another group.
        AddGroup = "add_group",
        /// C21: a group is removed, with its members and its rows in projects.
        RemoveGroup = "remove_group",
        /// C21: a member of the organization joins a group.
        AddGroupMember = "add_group_member",
        /// C21: a user leaves a group.
        RemoveGroupMember = "remove_group_member",
        /// C22: an API key gets another name or other limits.
        UpdateApiKey = "update_api_key",
        /// C22: an API key is removed, and forgotten.
        RemoveApiKey = "remove_api_key",
        /// A resource gets another name.
        UpdateResource = "update_resource",
        /// C13: an organization replaces what has its id, with everything in it, or is added.
        PutOrganization = "put_organization",
        /// C13: the same for a project.
        PutProject = "put_project",
        /// C13: an entry of `users` is set.
        PutUser = "put_user",
        /// C13: a member row is set.
        PutMember = "put_member",
        /// C13: a group is set, with its members.
        PutGroup = "put_group",
        /// C13: the row of a user or a group in a project is set.
        PutCollaborator = "put_collaborator",
        /// C13: an API key is set.
        PutApiKey = "put_api_key",
        /// C13: a resource is set.
        PutResource = "put_resource",
        /// C23: the directory gets another policy.
        SetPolicy = "set_policy",
    }
}

/// What the permissions to suspend and to resume are called in a policy, by what is suspended.
const SUSPENSIONS: [&str; 3] = [ChangeType::SUSPEND_ORGANIZATION, ChangeType::SUSPEND_PROJECT, ChangeType::SUSPEND_MEMBER];

/// A word among the `changes` of a policy: whether the permission that it needs is a verb of the resource's kind. `None` if no change needs a
/// permission of that name.
pub(crate) fn needs_verb(word: &str) -> Option<bool> {
    let named = ChangeType::ALL.iter().find(|change| change.as_str() == word && change.may_be_granted());
    named.map(|change| change.needs_verb()).or_else(|| SUSPENSIONS.contains(&word).then_some(false))
}

impl ChangeType {
    /// What a policy can name among its `changes`.
    #[cfg(feature = "insight")]
    pub(crate) fn permissions() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().filter(|change| change.may_be_granted()).map(|change| change.as_str()).chain(SUSPENSIONS)
    }

    /// The permission to suspend an organization, and to resume it.
    pub(crate) const SUSPEND_ORGANIZATION: &'static str = "suspend_organization";
    /// The permission to suspend a project, and to resume it.
    pub(crate) const SUSPEND_PROJECT: &'static str = "suspend_project";
    /// The permission to suspend a member, and to resume them.
    pub(crate) const SUSPEND_MEMBER: &'static str = "suspend_member";

    /// The message for a word that is no type of change.
    pub(crate) fn unknown_message(word: impl Display) -> String {
        let types: Vec<_> = Self::ALL.iter().map(|change| change.as_str()).collect();
        format!("there is no change {}; there are {}", word, types.join(", "))
    }

    /// The message for a word that no policy can name among its `changes`.
    pub(crate) fn not_granted_message(word: impl Display) -> String {
        let types = Self::ALL.iter().filter(|change| change.may_be_granted()).map(|change| change.as_str());
        let words: Vec<_> = types.chain(SUSPENSIONS).collect();
        format!("no policy can give a permission to {}; it can to {}", word, words.join(", "))
    }

    /// Whether a policy can name it among its `changes`. The others are the platform's own, have permissions of other names, or need none.
    const fn may_be_granted(self) -> bool {
        !matches!(
            self,
            Self::DropMember
                | Self::RemoveUser
                | Self::SetDefaultProject
                | Self::MoveProject
                | Self::Suspend
                | Self::Resume
                | Self::JoinProject
                | Self::LeaveProject
                | Self::PutOrganization
                | Self::PutProject
                | Self::PutUser
                | Self::PutMember
                | Self::PutGroup
                | Self::PutCollaborator
                | Self::PutApiKey
                | Self::PutResource
                | Self::SetPolicy
        )
    }

    /// Whether the permission that it needs is a verb of the resource's kind.
    const fn needs_verb(self) -> bool {
        matches!(self, Self::AddResource | Self::RemoveResource | Self::UpdateResource)
    }
}
