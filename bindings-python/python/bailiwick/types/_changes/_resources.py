"""Changes of API keys and resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from .._shapes import Instant, Reference


class CreateApiKey(TypedDict):
    """C9, C22: a project gets another API key. `digest` is `sha256:` and 64 hexadecimal digits, never the secret.

    The platform can say who made it and when with `created_by` and `created_at`; a key that an actor creates is theirs, made now.
    `projects` are further ones that it reaches; `"all"` is the platform's. `acts_as` is the actor themselves.
    """

    type: Literal["create_api_key"]
    project: str
    key: str
    digest: str
    name: NotRequired[str | None]
    expires_at: NotRequired[Instant | None]
    created_by: NotRequired[str | None]
    created_at: NotRequired[Instant | None]
    scopes: NotRequired[Sequence[str] | None]
    acts_as: NotRequired[str | None]
    projects: NotRequired[Sequence[str] | Literal["all"] | None]


class UpdateApiKey(TypedDict):
    """C22: name or limits of an API key are replaced. What is left out stays; None clears."""

    type: Literal["update_api_key"]
    key: str
    name: NotRequired[str | None]
    scopes: NotRequired[Sequence[str] | None]
    acts_as: NotRequired[str | None]
    projects: NotRequired[Sequence[str] | Literal["all"] | None]


class RevokeApiKey(TypedDict):
    """C10: an API key is revoked for ever."""

    type: Literal["revoke_api_key"]
    key: str


class RemoveApiKey(TypedDict):
    """C22: an API key is forgotten: from then on it is an `unknown_principal`."""

    type: Literal["remove_api_key"]
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


class UpdateResource(TypedDict):
    """The name of a resource is replaced. `resource` is a reference."""

    type: Literal["update_resource"]
    resource: Reference
    name: NotRequired[str | None]


class MoveResource(TypedDict):
    """C17: a resource moves to another project; as an actor, within the organization. `resource` is a reference."""

    type: Literal["move_resource"]
    resource: Reference
    project: str


class RemoveResource(TypedDict):
    """A resource is removed. `resource` is a reference."""

    type: Literal["remove_resource"]
    resource: Reference
