"""What a directory and its policy say, as flat rows of names: the dimension tables that one would join usage with.

All that rules B1 to B6 need of a principal, a resource, a project or a kind on a surface is worked out here, once, before any
usage is seen. So the joins have no more to do than they must.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

POLICY: Json = json.loads((Path(__file__).parents[2] / "core/policies/projects-2026-02.json").read_text("utf-8"))

BOOKINGS = ["predates_projects", "playground", "project_scoped", "external_home_organization", "default_project_fallback"]
ERRORS = [
    "unknown_principal",
    "unknown_kind",
    "unknown_surface",
    "unknown_project",
    "unknown_resource",
    "kind_mismatch",
    "project_mismatch",
    "project_required",
]
"""What can be wrong with a row, in the order in which it is told."""
REASONS = BOOKINGS + ERRORS
CERTAINTIES = ["certain", "possible"]
REMEDIES = ["use_project_api_key", "provision_with_sso", "invite_to_organization", "await_project_support"]


class PrincipalName(NamedTuple):
    """A user or an API key, with where usage of theirs goes."""

    principal: str
    api_key: str | None
    """The id of the key; None for a user."""
    surface: str
    """Where usage took place that does not say."""
    own_project: str | None
    """The project of a key."""
    home: str | None
    """The organization of the directory that a user is a member of."""
    home_project: str | None
    """Its default project, where usage of a user goes that names no project."""
    external_creator: bool
    """Whether this is a key that an external collaborator of its project made (B5)."""
    away_organization: str | None
    """Where usage is booked that goes to an external collaborator's own organization (B4, B5)."""
    away_project: str | None


class ResourceName(NamedTuple):
    """A resource or an API key as something that was used."""

    resource: str
    kind: str
    project: str


class ProjectName(NamedTuple):
    """A project, with what its organization says about bookings."""

    project: str
    organization: str
    default_project: str
    projects_since: datetime | None
    invitation: str
    """The remedy for its external collaborators."""


class KindName(NamedTuple):
    """A kind on a surface."""

    kind: str
    surface: str
    books_to_default_project: bool
    supported: bool
    by_api_key: bool
    """Whether usage of the kind is reported by API key."""
    helps_by_key: bool
    """Whether a key of the project would bring the usage there."""
    awaits_support: bool


class Names(NamedTuple):
    """All of them."""

    principals: list[PrincipalName]
    resources: list[ResourceName]
    projects: list[ProjectName]
    kinds: list[KindName]


def instant(text: str | None) -> datetime | None:
    """An instant of a document."""
    return None if text is None else datetime.fromisoformat(text)


def kind_names(policy: Json) -> list[KindName]:
    """Every kind on every surface."""
    api = policy["default_surfaces"]["api_key"]
    rows = []
    for kind in policy["kinds"]:
        supported = {surface for surface, support in kind["support"].items() if support == "supported"}
        for surface in policy["surfaces"]:
            name = surface["surface"]
            rows.append(
                KindName(
                    kind["kind"],
                    name,
                    surface.get("books_to_default_project", False),
                    name in supported,
                    kind.get("usage_by_api_key", False),
                    name != api and api in supported,
                    not supported,
                )
            )
    return rows


def names(document: Json, policy: Json = POLICY) -> Names:
    """The rows of a directory that is known to be valid."""
    organizations: list[Json] = document["organizations"]
    defaults = {one["id"]: next(p["id"] for p in one["projects"] if p.get("default")) for one in organizations}
    homes: dict[str, str] = {member["user"]: one["id"] for one in organizations for member in one["members"]}
    outside: dict[str, str | None] = {user["id"]: user.get("organization") for user in document.get("users", [])}
    users = dict.fromkeys([*homes, *outside])
    surfaces = policy["default_surfaces"]

    def away(user: str) -> tuple[str | None, str | None]:
        home = homes.get(user)
        return (home, defaults[home]) if home is not None else (outside.get(user), None)

    keys: list[PrincipalName] = []
    resources: list[ResourceName] = []
    projects: list[ProjectName] = []
    for one in organizations:
        invitation = "provision_with_sso" if one.get("membership") == "sso" else "invite_to_organization"
        for project in one["projects"]:
            own = project["id"]
            projects.append(ProjectName(own, one["id"], defaults[one["id"]], instant(one.get("projects_since")), invitation))
            rows = {row["user"] for row in project.get("collaborators", [])}
            users.update(dict.fromkeys(rows))
            for key in project.get("api_keys", []):
                creator = key.get("created_by")
                external = creator in rows and homes.get(creator) != one["id"]
                place = away(creator) if external else (None, None)
                keys.append(PrincipalName(f"api_key:{key['id']}", key["id"], surfaces["api_key"], own, None, None, external, *place))
                resources.append(ResourceName(f"api_key:{key['id']}", policy["api_key_kind"], own))
            for resource in project.get("resources", []):
                resources.append(ResourceName(f"{resource['kind']}:{resource['id']}", resource["kind"], own))

    people = []
    for user in users:
        home = homes.get(user)
        home_project = None if home is None else defaults[home]
        people.append(PrincipalName(f"user:{user}", None, surfaces["user"], None, home, home_project, False, *away(user)))
    return Names(people + keys, resources, projects, kind_names(policy))
