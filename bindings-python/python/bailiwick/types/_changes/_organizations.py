"""Changes of organizations and projects, and suspensions."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from .._shapes import Instant


class UpdateOrganization(TypedDict):
    """Facts of an organization are replaced. What is left out stays; None clears. `suspended_at` is the platform's."""

    type: Literal["update_organization"]
    organization: str
    name: NotRequired[str | None]
    membership: NotRequired[Literal["invitation", "sso"]]
    multi_project: NotRequired[bool]
    projects_since: NotRequired[Instant | None]
    suspended_at: NotRequired[Instant | None]


class RemoveOrganization(TypedDict):
    """C14: an organization is removed, with everything in it."""

    type: Literal["remove_organization"]
    organization: str


class CreateProject(TypedDict):
    """C4: an organization gets another project. A user as actor gets the strongest role there."""

    type: Literal["create_project"]
    organization: str
    project: str
    name: str


class UpdateProject(TypedDict):
    """Facts of a project are replaced. What is left out stays; None clears. All but `name` are the platform's."""

    type: Literal["update_project"]
    project: str
    name: NotRequired[str | None]
    suspended_at: NotRequired[Instant | None]
    allow_external_collaborators: NotRequired[bool]
    visibility: NotRequired[str]


class RemoveProject(TypedDict):
    """C16: a project is removed, with everything in it."""

    type: Literal["remove_project"]
    project: str


class SetExternalCollaborators(TypedDict):
    """C5: a project allows external collaborators, or no longer does."""

    type: Literal["set_external_collaborators"]
    project: str
    allowed: bool


class SetVisibility(TypedDict):
    """A project gets another visibility of the policy."""

    type: Literal["set_visibility"]
    project: str
    visibility: str


class Suspend(TypedDict):
    """C19: an organization, or with `user` a member of it, is suspended from `at` on."""

    type: Literal["suspend"]
    organization: str
    user: NotRequired[str]


class SuspendProject(TypedDict):
    """C19: a project is suspended from `at` on."""

    type: Literal["suspend"]
    project: str


class SuspendUser(TypedDict):
    """C19: a user is suspended everywhere from `at` on. Only the platform may do it."""

    type: Literal["suspend"]
    user: str


class Resume(TypedDict):
    """C19: the suspension of an organization ends, or with `user` that of a member of it."""

    type: Literal["resume"]
    organization: str
    user: NotRequired[str]


class ResumeProject(TypedDict):
    """C19: the suspension of a project ends."""

    type: Literal["resume"]
    project: str


class ResumeUser(TypedDict):
    """C19: the suspension of a user ends. Only the platform may do it."""

    type: Literal["resume"]
    user: str
