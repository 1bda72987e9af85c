"""Changes that only the platform makes, without an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from .._documents import (
    ApiKeyEntry,
    CollaboratorEntry,
    GroupEntry,
    MemberEntry,
    OrganizationEntry,
    ProjectEntry,
    ResourceEntry,
    UserEntry,
)


class PutOrganization(TypedDict):
    """C13: a whole organization is added, or replaces the one with its id, with everything in it."""

    type: Literal["put_organization"]
    organization: OrganizationEntry


class PutProject(TypedDict):
    """C13: a whole project is added, or replaces the one with its id, with everything in it."""

    type: Literal["put_project"]
    organization: str
    project: ProjectEntry


class PutUser(TypedDict):
    """C13: facts about a user are set: an entry of `users`, as a whole."""

    type: Literal["put_user"]
    user: UserEntry


class PutMember(TypedDict):
    """C13: a member's row is set, whatever it says."""

    type: Literal["put_member"]
    organization: str
    member: MemberEntry


class PutGroup(TypedDict):
    """C13: a group is set, with its members."""

    type: Literal["put_group"]
    organization: str
    group: GroupEntry


class PutCollaborator(TypedDict):
    """C13: the row of a user or group in a project is set."""

    type: Literal["put_collaborator"]
    project: str
    collaborator: CollaboratorEntry


class PutApiKey(TypedDict):
    """C13: an API key is set, with its digest, dates and limits."""

    type: Literal["put_api_key"]
    project: str
    api_key: ApiKeyEntry


class PutResource(TypedDict):
    """C13: a resource is set, whatever it says."""

    type: Literal["put_resource"]
    project: str
    resource: ResourceEntry


class DropMember(TypedDict):
    """A member's row alone goes; their other rows stay."""

    type: Literal["drop_member"]
    organization: str
    user: str


class RemoveUser(TypedDict):
    """C18: a user is forgotten, with every row and their entry in `users`."""

    type: Literal["remove_user"]
    user: str


class SetDefaultProject(TypedDict):
    """Another project becomes the default one, and gets the organization default key."""

    type: Literal["set_default_project"]
    project: str


class MoveProject(TypedDict):
    """C17: a project moves to another organization. Rows of people stay, rows of groups go."""

    type: Literal["move_project"]
    project: str
    organization: str


class PolicyRenames(TypedDict):
    """New names of a policy's words: each old name with the new one."""

    organization_roles: NotRequired[Mapping[str, str]]
    project_roles: NotRequired[Mapping[str, str]]
    kinds: NotRequired[Mapping[str, str]]
    scopes: NotRequired[Mapping[str, str]]
    visibilities: NotRequired[Mapping[str, str]]


class SetPolicy(TypedDict):
    """C23: the directory gets another policy (a document or the id of a built-in one), which it has to fit once renamed."""

    type: Literal["set_policy"]
    policy: str | dict[str, Any]
    renames: NotRequired[PolicyRenames | None]
