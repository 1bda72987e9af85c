"""Which entry a preview alters: its table and its ids."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict


class PolicyKey(TypedDict):
    """The policy of the directory."""

    table: Literal["policy"]


class EntryId(TypedDict):
    """An entry of a table whose entries have an id of their own."""

    table: Literal["users", "organizations", "groups", "projects", "api_keys"]
    id: str


class MemberKey(TypedDict):
    """A member's row in an organization."""

    table: Literal["members"]
    organization: str
    user: str


class GroupMemberKey(TypedDict):
    """A user's row in a group."""

    table: Literal["group_members"]
    group: str
    user: str


class UserCollaboratorKey(TypedDict):
    """A user's row in a project."""

    table: Literal["collaborators"]
    project: str
    user: str


class GroupCollaboratorKey(TypedDict):
    """A group's row in a project."""

    table: Literal["collaborators"]
    project: str
    group: str


class ResourceKey(TypedDict):
    """A resource: its id is unique among those of its kind."""

    table: Literal["resources"]
    kind: str
    id: str


EntryKey: TypeAlias = PolicyKey | EntryId | MemberKey | GroupMemberKey | UserCollaboratorKey | GroupCollaboratorKey | ResourceKey
"""Which entry: `table` says which table it is in, and so by which ids it is known."""
