"""Directory documents: how they are read, how they are looked up, and how they are written out.

Everything is found by walking lists. Documents must be valid.
"""

from __future__ import annotations

import re
from copy import copy
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

Json = dict[str, Any]

BUILT_IN = Path(__file__).parents[2] / "core" / "policies" / "projects-2026-02.json"
INSTANT = re.compile(r"([\d-]{10})T([\d:]{8})(?:\.(\d+))?(?:Z|([+-]\d\d):(\d\d))", re.IGNORECASE | re.ASCII)
EPOCH = datetime(1970, 1, 1)

# The fields of each entry in the order in which they are written. A value in place of
# `...` is the default, which is written out.
DIRECTORY: Json = {"format": ..., "revision": 0, "issued_at": ..., "max_age_seconds": ..., "policy": ..., "users": [], "organizations": []}
USER: Json = {"id": ..., "email": ..., "organization": ...}
ORGANIZATION: Json = {"id": ..., "name": ..., "owner": ..., "membership": "invitation", "multi_project": True}
ORGANIZATION |= {"projects_since": ..., "members": [], "projects": []}
ROW: Json = {"user": ..., "role": ...}
PROJECT: Json = {"id": ..., "name": ..., "default": False, "allow_external_collaborators": False}
PROJECT |= {"collaborators": [], "api_keys": [], "resources": []}
KEY: Json = {"id": ..., "name": ..., "created_by": ..., "created_at": ..., "expires_at": ..., "revoked_at": ..., "digest": ...}
KEY |= {"kind": "project"}
RESOURCE: Json = {"id": ..., "kind": ..., "name": ..., "created_by": ..., "created_at": ...}
POLICY: Json = {"format": ..., "id": ..., "surfaces": [], "default_surfaces": ..., "organization_roles": [], "project_roles": []}
POLICY |= {"default_project_role": ..., "collaborator_role": ..., "self_actions": [], "organization_actions": []}
POLICY |= {"project_actions": [], "api_key_kind": ..., "create_verb": ..., "changes": ..., "kinds": []}
KIND: Json = {"kind": ..., "label": ..., "usage_by_api_key": False, "support": {}, "verbs": [], "api_key_verbs": []}
INSTANTS = {"issued_at", "projects_since", "created_at", "expires_at", "revoked_at"}


class OracleError(Exception):
    """Bad input or a change that fails, by its code and the path of the fault."""

    def __init__(self, code: str, path: str, decision: Json | None = None) -> None:
        super().__init__(code, path)
        self.code = code
        self.path = path
        self.decision = decision


@cache
def milliseconds(text: str) -> int:
    """An RFC 3339 instant as milliseconds since the epoch; finer digits are cut off."""
    match = INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    date, clock, fraction, hours, minutes = match.groups()
    seconds = int((datetime.fromisoformat(f"{date}T{clock}") - EPOCH).total_seconds())
    if hours is not None:
        offset = int(hours[1:]) * 3600 + int(minutes) * 60
        seconds -= -offset if hours[0] == "-" else offset
    return seconds * 1000 + int(((fraction or "") + "000")[:3])


def passed(moment: str | None, at: int) -> bool:
    """Whether an instant that may be unknown has come."""
    return moment is not None and milliseconds(moment) <= at


def instant(moment: int) -> str:
    """Milliseconds since the epoch as an instant in the form that documents are written in."""
    text = (EPOCH + timedelta(milliseconds=moment // 1000 * 1000)).isoformat()
    fraction = f"{moment % 1000:03}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def reference(value: str | Json) -> tuple[str, str]:
    """Type and id of a reference in either form."""
    if isinstance(value, str):
        kind, _, name = value.partition(":")
        return kind, name
    return value["type"], value["id"]


def effective_policy(document: Json, built_in: Json) -> Json:
    """The policy that counts for a directory loaded without an override."""
    own = document.get("policy")
    return own if isinstance(own, dict) else built_in


def find(entries: list[Json], field: str, value: str | None) -> Json | None:
    """The entry whose field has the value."""
    return next((entry for entry in entries if entry[field] == value), None)


def member_role(organization: Json, user: str | None) -> str | None:
    """The organization role of a user who is a member."""
    member = find(organization["members"], "user", user)
    return None if member is None else member["role"]


def row_role(project: Json, user: str | None) -> str | None:
    """The role in a user's collaborator row."""
    row = find(project.get("collaborators", []), "user", user)
    return None if row is None else row["role"]


def default_project(organization: Json) -> Json:
    """The one default project."""
    return next(p for p in organization["projects"] if p.get("default", False))


def support(kind: Json, surface: str) -> str:
    """The support of a kind; a surface that is not named is unsupported."""
    return str(kind.get("support", {}).get(surface, "unsupported"))


def actions_by_table(policy: Json) -> dict[str, list[str]]:
    """The names of all actions of a policy, by what sort they are."""
    found: dict[str, list[str]] = {"self": list(policy.get("self_actions", [])), "kind": []}
    for table in ("organization", "project"):
        found[table] = [entry["action"] for entry in policy.get(f"{table}_actions", [])]
    for kind in policy.get("kinds", []):
        found["kind"] += [f"{kind['kind']}.{verb}" for row in kind.get("verbs", []) for verb in row["verbs"]]
    return found


def in_order(entry: Json, fields: Json) -> Json:
    """An entry as it is written: fields in their order, defaults filled in, unknown facts left out."""
    written: Json = {}
    for field, default in fields.items():
        value = entry.get(field)
        if value is None and default is ...:
            continue
        if value is None:
            value = copy(default)
        elif field in INSTANTS:
            value = instant(milliseconds(value))
        elif field == "digest":
            value = value.lower()
        written[field] = value
    return written


def written_directory(document: Json, built_in: Json) -> Json:
    """The document of a directory as `to_directory` writes it."""
    directory = in_order(document, DIRECTORY)
    own = document.get("policy")
    directory["policy"] = written_policy(own) if isinstance(own, dict) else built_in["id"]
    directory = in_order(directory, DIRECTORY)
    homes = {m["user"]: o["id"] for o in directory["organizations"] for m in o["members"]}
    users = [in_order(user, USER) for user in directory["users"]]
    # A member's entry comes back with the organization, also where it named none.
    directory["users"] = [user | {"organization": homes[user["id"]]} if user["id"] in homes else user for user in users]
    directory["organizations"] = [_organization(organization) for organization in directory["organizations"]]
    return directory


def _organization(entry: Json) -> Json:
    organization = in_order(entry, ORGANIZATION)
    organization["members"] = [in_order(member, ROW) for member in organization["members"]]
    organization["projects"] = [in_order(project, PROJECT) for project in organization["projects"]]
    for project in organization["projects"]:
        for field, fields in (("collaborators", ROW), ("api_keys", KEY), ("resources", RESOURCE)):
            project[field] = [in_order(row, fields) for row in project[field]]
    return organization


def written_policy(document: Json) -> Json:
    """A policy document as it is written; `changes` only if it says something."""
    policy = in_order(document, POLICY)
    policy["surfaces"] = [in_order(surface, {"surface": ..., "books_to_default_project": False}) for surface in policy["surfaces"]]
    policy["default_surfaces"] = in_order(policy["default_surfaces"], {"user": ..., "api_key": ...})
    policy["organization_roles"] = [in_order(role, {"role": ..., "project_role": ...}) for role in policy["organization_roles"]]
    by_owner: Json = {"action": ..., "roles": [], "external": False, "owner": False}
    policy["organization_actions"] = [in_order(action, by_owner) for action in policy["organization_actions"]]
    by_key: Json = {"action": ..., "roles": [], "api_key": False}
    policy["project_actions"] = [in_order(action, by_key) for action in policy["project_actions"]]
    policy["kinds"] = [in_order(kind, KIND) for kind in policy["kinds"]]
    for kind in policy["kinds"]:
        kind["verbs"] = [in_order(row, {"roles": ..., "verbs": ...}) for row in kind["verbs"]]
    if not policy.get("changes"):
        policy.pop("changes", None)
    return policy
