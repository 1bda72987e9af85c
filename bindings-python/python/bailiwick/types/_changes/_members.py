"""Changes of members and groups."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from .._shapes import Instant


class AddMember(TypedDict):
    """C1: a user becomes a member. `role` is the weakest if left out."""

    type: Literal["add_member"]
    organization: str
    user: str
    email: NotRequired[str | None]
    role: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]


class RemoveMember(TypedDict):
    """C2: a member leaves, with all their rows in the organization's projects and groups."""

    type: Literal["remove_member"]
    organization: str
    user: str


class SetMemberRole(TypedDict):
    """C3: a member gets another organization role. Without `expires_at`, the end of the membership stays; None removes it."""

    type: Literal["set_member_role"]
    organization: str
    user: str
    role: str
    expires_at: NotRequired[Instant | None]


class TransferOwnership(TypedDict):
    """C15: another member becomes the owner, one with the strongest role. As an actor, only the present owner."""

    type: Literal["transfer_ownership"]
    organization: str
    user: str


class AddGroup(TypedDict):
    """C21: an organization gets another group."""

    type: Literal["add_group"]
    organization: str
    group: str
    name: NotRequired[str | None]


class RemoveGroup(TypedDict):
    """C21: a group is removed, with its members and its rows in projects."""

    type: Literal["remove_group"]
    group: str


class AddGroupMember(TypedDict):
    """C21: a member of the organization joins a group."""

    type: Literal["add_group_member"]
    group: str
    user: str
    expires_at: NotRequired[Instant | None]


class RemoveGroupMember(TypedDict):
    """C21: a user leaves a group."""

    type: Literal["remove_group_member"]
    group: str
    user: str
