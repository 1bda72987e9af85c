//! Types of change: the closed list of what a change can do.

use std::fmt::Display;

use super::code::codes;

codes! {
    /// What a change does.
    pub enum ChangeType {
        /// C1: a user becomes a member.
        AddMember = "add_member",
        /// C2: a member leaves, with every collaborator row in the organization.
        RemoveMember = "remove_member",
        /// C3: a member gets another organization role.
        SetMemberRole = "set_member_role",
        /// C4: an organization gets another project.
        CreateProject = "create_project",
        /// C5: a project begins or ceases to allow external collaborators.
        SetExternalCollaborators = "set_external_collaborators",
        /// C6: a user becomes a collaborator.
        AddCollaborator = "add_collaborator",
        /// C7: a collaborator leaves a project.
        RemoveCollaborator = "remove_collaborator",
        /// C8: a collaborator gets another project role.
        SetCollaboratorRole = "set_collaborator_role",
        /// C9: a project gets another API key.
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

/// Types that a policy may name among its `changes`, and that this release does not make.
const NOT_YET_MADE: [&str; 17] = [
    "remove_organization",
    "update_organization",
    "transfer_ownership",
    "remove_project",
    "update_project",
    "set_visibility",
    "move_resource",
    "suspend_organization",
    "suspend_project",
    "suspend_member",
    "add_group",
    "remove_group",
    "add_group_member",
    "remove_group_member",
    "update_api_key",
    "remove_api_key",
    UPDATE_RESOURCE,
];

const UPDATE_RESOURCE: &str = "update_resource";

/// A type of change in a policy: whether the permission that it needs is a verb of the resource's kind. `None` if there is no such type.
pub(crate) fn needs_verb(word: &str) -> Option<bool> {
    let made = ChangeType::ALL.iter().find(|known| known.as_str() == word);
    let is_planned = || NOT_YET_MADE.contains(&word).then(|| word == UPDATE_RESOURCE);
    made.map(|change| change.needs_verb()).or_else(is_planned)
}

impl ChangeType {
    /// The message for a word that is no type of change.
    pub(crate) fn unknown_message(word: impl Display) -> String {
        let types: Vec<_> = Self::ALL.iter().map(|change| change.as_str()).collect();
        format!("there is no change {}; there are {}", word, types.join(", "))
    }

    /// Whether the permission that it needs is a verb of the resource's kind.
    const fn needs_verb(self) -> bool {
        matches!(self, Self::AddResource | Self::RemoveResource)
    }
}
