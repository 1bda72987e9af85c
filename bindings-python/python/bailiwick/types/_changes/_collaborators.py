"""Changes of the rows that give users and groups roles in projects."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from .._shapes import Instant


class AddCollaborator(TypedDict):
    """C6: a user becomes a collaborator. Without a `role`: the policy's `collaborator_role`, or the one that is implied, if stronger."""

    type: Literal["add_collaborator"]
    project: str
    user: str
    role: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]


class AddCollaboratorGroup(TypedDict):
    """C6: a group of the organization becomes a collaborator."""

    type: Literal["add_collaborator"]
    project: str
    group: str
    role: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]


class RemoveCollaborator(TypedDict):
    """C7: a user is no longer a collaborator."""

    type: Literal["remove_collaborator"]
    project: str
    user: str


class RemoveCollaboratorGroup(TypedDict):
    """C7: a group is no longer a collaborator."""

    type: Literal["remove_collaborator"]
    project: str
    group: str


class SetCollaboratorRole(TypedDict):
    """C8: a collaborator gets another project role. Without `expires_at`, the end of the row stays; None removes it."""

    type: Literal["set_collaborator_role"]
    project: str
    user: str
    role: str
    expires_at: NotRequired[Instant | None]


class SetCollaboratorGroupRole(TypedDict):
    """C8: a group gets another project role."""

    type: Literal["set_collaborator_role"]
    project: str
    group: str
    role: str
    expires_at: NotRequired[Instant | None]


class JoinProject(TypedDict):
    """C20: a user joins a project by themselves, with the role that its visibility gives. Needs a user as actor."""

    type: Literal["join_project"]
    project: str


class LeaveProject(TypedDict):
    """A user leaves a project by themselves. Needs a user as actor."""

    type: Literal["leave_project"]
    project: str
