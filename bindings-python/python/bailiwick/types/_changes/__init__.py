"""The shapes of changes, at least one for each word of `ChangeType`."""

from __future__ import annotations

from typing import TypeAlias

from ._collaborators import (
    AddCollaborator,
    AddCollaboratorGroup,
    JoinProject,
    LeaveProject,
    RemoveCollaborator,
    RemoveCollaboratorGroup,
    SetCollaboratorGroupRole,
    SetCollaboratorRole,
)
from ._members import (
    AddGroup,
    AddGroupMember,
    AddMember,
    RemoveGroup,
    RemoveGroupMember,
    RemoveMember,
    SetMemberRole,
    TransferOwnership,
)
from ._organizations import (
    CreateProject,
    RemoveOrganization,
    RemoveProject,
    Resume,
    ResumeProject,
    ResumeUser,
    SetExternalCollaborators,
    SetVisibility,
    Suspend,
    SuspendProject,
    SuspendUser,
    UpdateOrganization,
    UpdateProject,
)
from ._platform import (
    DropMember,
    MoveProject,
    PolicyRenames,
    PutApiKey,
    PutCollaborator,
    PutGroup,
    PutMember,
    PutOrganization,
    PutProject,
    PutResource,
    PutUser,
    RemoveUser,
    SetDefaultProject,
    SetPolicy,
)
from ._resources import (
    AddResource,
    CreateApiKey,
    ExpireApiKey,
    MoveResource,
    RegenerateDefaultKey,
    RemoveApiKey,
    RemoveResource,
    RevokeApiKey,
    UpdateApiKey,
    UpdateResource,
)

__all__ = [
    "ActorChange",
    "AddCollaborator",
    "AddCollaboratorGroup",
    "AddGroup",
    "AddGroupMember",
    "AddMember",
    "AddResource",
    "Change",
    "CreateApiKey",
    "CreateProject",
    "DropMember",
    "ExpireApiKey",
    "JoinProject",
    "LeaveProject",
    "MoveProject",
    "MoveResource",
    "PlatformChange",
    "PolicyRenames",
    "PutApiKey",
    "PutCollaborator",
    "PutGroup",
    "PutMember",
    "PutOrganization",
    "PutProject",
    "PutResource",
    "PutUser",
    "RegenerateDefaultKey",
    "RemoveApiKey",
    "RemoveCollaborator",
    "RemoveCollaboratorGroup",
    "RemoveGroup",
    "RemoveGroupMember",
    "RemoveMember",
    "RemoveOrganization",
    "RemoveProject",
    "RemoveResource",
    "RemoveUser",
    "Resume",
    "ResumeProject",
    "ResumeUser",
    "RevokeApiKey",
    "SetCollaboratorGroupRole",
    "SetCollaboratorRole",
    "SetDefaultProject",
    "SetExternalCollaborators",
    "SetMemberRole",
    "SetPolicy",
    "SetVisibility",
    "Suspend",
    "SuspendProject",
    "SuspendUser",
    "TransferOwnership",
    "UpdateApiKey",
    "UpdateOrganization",
    "UpdateProject",
    "UpdateResource",
]

ActorChange: TypeAlias = (
    AddMember
    | RemoveMember
    | SetMemberRole
    | TransferOwnership
    | AddGroup
    | RemoveGroup
    | AddGroupMember
    | RemoveGroupMember
    | UpdateOrganization
    | RemoveOrganization
    | CreateProject
    | UpdateProject
    | RemoveProject
    | SetExternalCollaborators
    | SetVisibility
    | Suspend
    | SuspendProject
    | SuspendUser
    | Resume
    | ResumeProject
    | ResumeUser
    | AddCollaborator
    | AddCollaboratorGroup
    | RemoveCollaborator
    | RemoveCollaboratorGroup
    | SetCollaboratorRole
    | SetCollaboratorGroupRole
    | JoinProject
    | LeaveProject
    | CreateApiKey
    | UpdateApiKey
    | RevokeApiKey
    | RemoveApiKey
    | ExpireApiKey
    | RegenerateDefaultKey
    | AddResource
    | UpdateResource
    | MoveResource
    | RemoveResource
)
"""A change that an actor makes with the permission that the policy demands, and the platform without one."""

PlatformChange: TypeAlias = (
    PutOrganization
    | PutProject
    | PutUser
    | PutMember
    | PutGroup
    | PutCollaborator
    | PutApiKey
    | PutResource
    | DropMember
    | RemoveUser
    | SetDefaultProject
    | MoveProject
    | SetPolicy
)
"""A change that only the platform makes. The `put_…` set one entry to what a document says of it."""

Change: TypeAlias = ActorChange | PlatformChange
"""A change: the argument of `apply`, `apply_many` and `preview`. Fields hold ids."""
