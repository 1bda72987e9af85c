"""The shapes of changes, one for each word of `ChangeType`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from ._shapes import Instant, Reference


class AddMember(TypedDict):
    """C1: a user becomes a member."""

    type: Literal["add_member"]
    organization: str
    user: str
    email: NotRequired[str | None]
    role: NotRequired[str | None]


class RemoveMember(TypedDict):
    """C2: a user is no longer a member, nor a collaborator of any project in the organization."""

    type: Literal["remove_member"]
    organization: str
    user: str


class SetMemberRole(TypedDict):
    """C3: a member gets another organization role."""

    type: Literal["set_member_role"]
    organization: str
    user: str
    role: str


class CreateProject(TypedDict):
    """C4: an organization gets another project."""

    type: Literal["create_project"]
    organization: str
    project: str
    name: str


class SetExternalCollaborators(TypedDict):
    """C5: a project allows external collaborators, or no longer does."""

    type: Literal["set_external_collaborators"]
    project: str
    allowed: bool


class AddCollaborator(TypedDict):
    """C6: a user becomes a collaborator."""

    type: Literal["add_collaborator"]
    project: str
    user: str
    role: NotRequired[str | None]


class RemoveCollaborator(TypedDict):
    """C7: a user is no longer a collaborator."""

    type: Literal["remove_collaborator"]
    project: str
    user: str


class SetCollaboratorRole(TypedDict):
    """C8: a collaborator gets another project role."""

    type: Literal["set_collaborator_role"]
    project: str
    user: str
    role: str


class CreateApiKey(TypedDict):
    """C9: a project gets another API key. `digest` is `sha256:` and 64 hexadecimal digits, never the secret.

    The platform can say who made it and when with `created_by` and `created_at`; a key that an actor creates is theirs, made now.
    """

    type: Literal["create_api_key"]
    project: str
    key: str
    digest: str
    name: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]
    created_by: NotRequired[str | None]
    created_at: NotRequired[Instant | None]


class RevokeApiKey(TypedDict):
    """C10: an API key is revoked for ever."""

    type: Literal["revoke_api_key"]
    key: str


class ExpireApiKey(TypedDict):
    """C11: an API key gets another expiry, or none."""

    type: Literal["expire_api_key"]
    key: str
    expires_at: Instant | None


class RegenerateDefaultKey(TypedDict):
    """C12: the default key of an organization gets another secret."""

    type: Literal["regenerate_default_key"]
    organization: str
    digest: str


class AddResource(TypedDict):
    """A project gets another resource."""

    type: Literal["add_resource"]
    project: str
    resource: str
    kind: str
    name: NotRequired[str | None]


class RemoveResource(TypedDict):
    """A resource is removed. `resource` is an id or a reference."""

    type: Literal["remove_resource"]
    resource: Reference


Change: TypeAlias = (
    AddMember
    | RemoveMember
    | SetMemberRole
    | CreateProject
    | SetExternalCollaborators
    | AddCollaborator
    | RemoveCollaborator
    | SetCollaboratorRole
    | CreateApiKey
    | RevokeApiKey
    | ExpireApiKey
    | RegenerateDefaultKey
    | AddResource
    | RemoveResource
)
"""A change: the argument of `apply` and `preview`. Fields hold ids."""
