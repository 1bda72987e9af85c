"""The data of the other engines: a directory as rows that have an effect, with everything that follows from other rows computed beforehand.

So they need no rules about external collaborators, the default project and the roles that an organization role implies. Bailiwick and
the baselines apply these rules for each request. With the other engines, an application would have to keep such rows current.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from expected import Expected

Json = dict[str, Any]


class Rows(NamedTuple):
    """Everything that a role says."""

    grants: list[tuple[str, str, str]]
    """Principal, role, scope: one for each principal and each organization or project in which they have a role."""
    scopes: dict[str, str]
    """Resource to project."""
    actions: dict[str, list[str]]
    """Role to its actions."""


def rows(document: Json, policy: Json) -> Rows:
    """Work out everything."""
    expected = Expected(document, policy)
    actions = defaultdict(list)
    for role, action in sorted(expected.granted):
        actions[role].append(action)
    scopes = {}
    for organization in document["organizations"]:
        for project in organization["projects"]:
            for resource in project["resources"]:
                scopes[f"{resource['kind']}:{resource['id']}"] = f"project:{project['id']}"
    return Rows(list(grants(document, expected)), scopes, dict(actions))


def grants(document: Json, expected: Expected) -> Iterator[tuple[str, str, str]]:
    """Every role of everybody."""
    for organization in document["organizations"]:
        members = [member["user"] for member in organization["members"]]
        strong = [member["user"] for member in organization["members"] if expected.implied[member["role"]]]
        for member in organization["members"]:
            yield f"user:{member['user']}", member["role"], f"organization:{organization['id']}"
        for project in organization["projects"]:
            scope = f"project:{project['id']}"
            people = dict.fromkeys(row["user"] for row in project["collaborators"])
            for user in people | dict.fromkeys(members if project["default"] else strong):
                role = expected.role(user, project["id"])
                if role is not None:
                    yield f"user:{user}", role, scope
            for key in project["api_keys"]:
                yield f"api_key:{key['id']}", "api_key", scope
