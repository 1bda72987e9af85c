"""The entries of directory documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypeAlias, TypedDict

from ._shapes import Instant


class UserEntry(TypedDict):
    """Facts about a user. `organization` is their home, if it is outside the directory."""

    id: str
    email: NotRequired[str | None]
    organization: NotRequired[str | None]
    suspended_at: NotRequired[Instant | None]


class MemberEntry(TypedDict):
    """A user's role in an organization."""

    user: str
    role: str
    added_at: NotRequired[Instant | None]
    expires_at: NotRequired[Instant | None]
    suspended_at: NotRequired[Instant | None]


class GroupMemberEntry(TypedDict):
    """A user in a group."""

    user: str
    added_at: NotRequired[Instant | None]
    expires_at: NotRequired[Instant | None]


class GroupEntry(TypedDict):
    """A group of members of an organization."""

    id: str
    name: NotRequired[str | None]
    members: Sequence[GroupMemberEntry]


class UserCollaboratorEntry(TypedDict):
    """The role of a user in a project."""

    user: str
    role: str
    added_at: NotRequired[Instant | None]
    expires_at: NotRequired[Instant | None]


class GroupCollaboratorEntry(TypedDict):
    """The role of a group in a project."""

    group: str
    role: str
    added_at: NotRequired[Instant | None]
    expires_at: NotRequired[Instant | None]


CollaboratorEntry: TypeAlias = UserCollaboratorEntry | GroupCollaboratorEntry
"""The role of a user or of a group in a project."""


class ApiKeyEntry(TypedDict):
    """An API key of a project. `digest` is `sha256:` and 64 hexadecimal digits. `projects` are further ones that it reaches."""

    id: str
    name: NotRequired[str | None]
    created_by: NotRequired[str | None]
    created_at: NotRequired[Instant | None]
    expires_at: NotRequired[Instant | None]
    revoked_at: NotRequired[Instant | None]
    digest: NotRequired[str | None]
    kind: NotRequired[Literal["project", "organization_default"]]
    scopes: NotRequired[Sequence[str] | None]
    acts_as: NotRequired[str | None]
    projects: NotRequired[Sequence[str] | Literal["all"]]


class ResourceEntry(TypedDict):
    """A resource of a project. `kind` is one of the policy's."""

    id: str
    kind: str
    name: NotRequired[str | None]
    created_by: NotRequired[str | None]
    created_at: NotRequired[Instant | None]


class ProjectEntry(TypedDict):
    """A project, with its collaborators, API keys and resources."""

    id: str
    name: NotRequired[str | None]
    default: NotRequired[bool]
    allow_external_collaborators: NotRequired[bool]
    visibility: NotRequired[str]
    suspended_at: NotRequired[Instant | None]
    collaborators: NotRequired[Sequence[CollaboratorEntry]]
    api_keys: NotRequired[Sequence[ApiKeyEntry]]
    resources: NotRequired[Sequence[ResourceEntry]]


class OrganizationEntry(TypedDict):
    """An organization, with its members, groups and projects."""

    id: str
    owner: str
    name: NotRequired[str | None]
    membership: NotRequired[Literal["invitation", "sso"]]
    multi_project: NotRequired[bool]
    projects_since: NotRequired[Instant | None]
    suspended_at: NotRequired[Instant | None]
    members: Sequence[MemberEntry]
    groups: NotRequired[Sequence[GroupEntry]]
    projects: Sequence[ProjectEntry]
