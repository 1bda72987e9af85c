"""The first fault of a directory or policy document: shape, then the policy's meaning, then the directory's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import document_shape
from documents import BUILT_IN, Json, OracleError, find, second_policy
from policy_meaning import policy_faults

# The code and the path of a fault of meaning.
Fault = tuple[str, str]


def check_policy(policy: Any, path: str) -> None:
    """Fails with the first fault of a policy."""
    document_shape.check_format(policy, "policy", path)
    document_shape.policy(policy, path)
    _first(policy_faults(policy, path), policy, path)


def check_directory(document: Any, built_in: Json, override: Json | None) -> None:
    """Fails with the first fault of a directory; under another policy, only the shape of its own matters."""
    document_shape.check_format(document, "directory", "")
    document_shape.directory(document, "")
    policy = document.get("policy", built_in["id"])
    if override is None and isinstance(policy, dict):
        _first(policy_faults(policy, "/policy"), policy, "/policy")
    first_fault(document, override or (policy if isinstance(policy, dict) else known_policy(policy)))


def known_policy(name: str) -> Json:
    """A built-in policy by its id."""
    for policy in (json.loads(BUILT_IN.read_text("utf-8")), second_policy()):
        if policy["id"] == name:
            return dict(policy)
    raise OracleError("unknown_policy", "/policy")


def first_fault(document: Json, policy: Json) -> None:
    """Fails with the first fault of meaning of a directory under a policy."""
    _first(Meaning(document, policy).faults(), document, "")


def _first(faults: Iterator[Fault], document: Any, path: str) -> None:
    """The fault that stands first in the document."""
    order = {place: number for number, place in enumerate(places(document, path))}
    # Of faults at one place, the first that was found.
    found = min(faults, key=lambda fault: order[fault[1]], default=None)
    if found is not None:
        raise OracleError(*found)


def places(value: Any, path: str) -> Iterator[str]:
    """The pointers of everything in a document, in its order."""
    yield path
    if isinstance(value, dict):
        for name, held in value.items():
            yield from places(held, f"{path}/{document_shape.escaped(name)}")
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from places(held, f"{path}/{place}")


class Meaning:
    """How the values of a directory fit together and under its policy."""

    def __init__(self, document: Json, policy: Json) -> None:
        self.document = document
        self.policy = policy
        self.several: bool = policy.get("multiple_organizations", False)
        self.taken: dict[str, set[Any]] = {}
        self.homes: dict[str, list[str]] = {}
        for organization in document["organizations"]:
            for member in organization["members"]:
                self.homes.setdefault(member["user"], []).append(organization["id"])

    def faults(self) -> Iterator[Fault]:
        """All of them, in no order."""
        for place, organization in enumerate(self.document["organizations"]):
            yield from self._organization(organization, f"/organizations/{place}")
        inside = {organization["id"] for organization in self.document["organizations"]}
        for place, entry in enumerate(self.document.get("users", [])):
            path, home = f"/users/{place}", entry.get("organization")
            yield from self._new("users", entry["id"], f"{path}/id")
            if home in inside and home not in self.homes.get(entry["id"], []):
                yield "user_not_member", f"{path}/organization"
            if home is not None and home not in inside and entry["id"] in self.homes and not self.several:
                yield "user_in_two_organizations", f"{path}/organization"

    def _new(self, space: str, name: Any, path: str, code: str = "duplicate_id") -> Iterator[Fault]:
        taken = self.taken.setdefault(space, set())
        if name in taken:
            yield code, path
        taken.add(name)

    def _role(self, roles: list[str], role: str, path: str) -> Iterator[Fault]:
        if role not in roles:
            yield "unknown_role", f"{path}/role"

    def _organization(self, organization: Json, path: str) -> Iterator[Fault]:
        yield from self._new("organizations", organization["id"], f"{path}/id")
        roles = [role["role"] for role in self.policy["organization_roles"]]
        for place, member in enumerate(organization["members"]):
            here = f"{path}/members/{place}"
            yield from self._new(f"members {path}", member["user"], f"{here}/user")
            yield from self._role(roles, member["role"], here)
            if not self.several:
                # A second row of the same list is a duplicate and no other organization.
                yield from self._elsewhere(member["user"], path, here)
            if member["user"] == organization["owner"]:
                ends = [field for field in ("expires_at", "suspended_at") if member.get(field) is not None]
                yield from (("owner_protected", f"{here}/{field}") for field in ends)
        rows = [row for row in organization["members"] if row["user"] == organization["owner"]]
        elsewhere = not self.several and bool(rows) and len(set(self.homes[organization["owner"]])) > 1
        if not any(row["role"] == roles[0] for row in rows) and not elsewhere:
            yield "owner_not_admin", f"{path}/owner"
        yield from self._groups(organization, path)
        yield from self._projects(organization, path)

    def _elsewhere(self, user: str, path: str, here: str) -> Iterator[Fault]:
        """Whether an organization before lists a member too."""
        before = self.taken.setdefault("homes", set())
        if any(name == user and other != path for name, other in before):
            yield "user_in_two_organizations", f"{here}/user"
        before.add((user, path))

    def _groups(self, organization: Json, path: str) -> Iterator[Fault]:
        members = {member["user"] for member in organization["members"]}
        for number, group in enumerate(organization.get("groups", [])):
            yield from self._new("groups", group["id"], f"{path}/groups/{number}/id")
            for place, row in enumerate(group["members"]):
                here = f"{path}/groups/{number}/members/{place}/user"
                yield from self._new(f"group {path}/{number}", row["user"], here)
                if row["user"] not in members:
                    yield "user_not_member", here

    def _projects(self, organization: Json, path: str) -> Iterator[Fault]:
        projects = organization["projects"]
        defaults = [place for place, project in enumerate(projects) if project.get("default", False)]
        if not defaults:
            yield "missing_default_project", f"{path}/projects"
        for place in defaults[1:2]:
            yield "multiple_default_projects", f"{path}/projects/{place}/default"
        others = [place for place, project in enumerate(projects) if not project.get("default", False)]
        if not organization.get("multi_project", True) and others:
            yield "multi_project_disabled", f"{path}/projects/{others[0]}"
        for place, project in enumerate(projects):
            yield from self._project(organization, project, f"{path}/projects/{place}", path)

    def _project(self, organization: Json, project: Json, path: str, above: str) -> Iterator[Fault]:
        yield from self._new("projects", project["id"], f"{path}/id")
        declared = [entry["visibility"] for entry in self.policy.get("visibilities", [])]
        if "visibility" in project and project["visibility"] not in declared:
            yield "unknown_visibility", f"{path}/visibility"
        groups = [group["id"] for group in organization.get("groups", [])]
        for place, row in enumerate(project.get("collaborators", [])):
            here, field = f"{path}/collaborators/{place}", "group" if "group" in row else "user"
            yield from self._new(f"rows {path}", (field, row[field]), f"{here}/{field}")
            if field == "group" and row["group"] not in groups:
                yield "unknown_group", f"{here}/group"
            yield from self._role(self.policy["project_roles"], row["role"], here)
        for place, key in enumerate(project.get("api_keys", [])):
            yield from self._key(organization, project, key, f"{path}/api_keys/{place}", above)
        for place, resource in enumerate(project.get("resources", [])):
            here = f"{path}/resources/{place}"
            yield from self._new("resources", (resource["kind"], resource["id"]), f"{here}/id")
            known = find(self.policy.get("kinds", []), "kind", resource["kind"])
            if known is None or resource["kind"] == self.policy.get("api_key_kind"):
                yield "unknown_kind", f"{here}/kind"

    def _key(self, organization: Json, project: Json, key: Json, path: str, above: str) -> Iterator[Fault]:
        yield from self._new("keys", key["id"], f"{path}/id")
        if key.get("kind", "project") == "organization_default":
            if not project.get("default", False):
                yield "default_key_misplaced", f"{path}/kind"
            else:
                yield from self._new(f"default keys {above}", True, f"{path}/kind", "default_key_misplaced")
            if key.get("revoked_at") is not None:
                yield "default_key_not_revocable", f"{path}/revoked_at"
        if key.get("digest") is not None and key.get("revoked_at") is None:
            yield from self._new("digests", key["digest"].lower(), f"{path}/digest", "duplicate_digest")
        scopes = [scope["scope"] for scope in self.policy.get("api_key_scopes", [])]
        for place, scope in enumerate(key.get("scopes") or []):
            if scope not in scopes:
                yield "unknown_scope", f"{path}/scopes/{place}"
        here = [other["id"] for other in organization["projects"]]
        further = key.get("projects", [])
        for place, other in enumerate(further if further != "all" else []):
            if other not in here:
                yield "unknown_reference", f"{path}/projects/{place}"
