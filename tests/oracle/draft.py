"""A copy of a document that one change edits: what the change names, what the actor holds, and who is who."""

from __future__ import annotations

import json
from typing import Any

import authority
from documents import Json, OracleError, find, instant, milliseconds, reference
from lookups import Place
from oracle import Oracle
from rows import ended, member_role, row_role
from written import KEY, USER, in_order


class Draft:
    """What all changes stand on."""

    def __init__(self, document: Json, policy: Json, step: Json) -> None:
        self.document: Json = {field: value if field == "policy" else json.loads(json.dumps(value)) for field, value in document.items()}
        self.policy = policy
        self.oracle = Oracle(self.document, policy)
        self.change: Json = step["change"]
        self.actor: str | Json | None = step.get("actor")
        self.at = milliseconds(step["at"])
        kind, name = reference(self.actor) if self.actor is not None else ("", "")
        self.acting_user = name if kind == "user" else None

    # What a change names

    def _organization(self) -> Json:
        organization = self.oracle.organization(self.change["organization"])
        if organization is None:
            raise OracleError("not_found", "/organization")
        return organization

    def _place(self) -> Place:
        place = self.oracle.place("project", self.change["project"])
        if place is None:
            raise OracleError("not_found", "/project")
        return place

    def _group(self) -> tuple[Json, Json]:
        """A group after its organization."""
        held = authority.group_place(self.oracle, self.change["group"])
        if held is None:
            raise OracleError("not_found", "/group")
        return held

    def _resource(self) -> Json:
        resource = authority.named_resource(self.oracle, self.change["resource"])
        if resource is None:
            raise OracleError("not_found", "/resource")
        return resource

    def _role(self, roles: list[str]) -> str | None:
        """The role that is given, if one is."""
        role: str | None = self.change.get("role")
        if role is not None and role not in roles:
            raise OracleError("unknown_role", "/role")
        return role

    def _organization_roles(self) -> list[str]:
        return [role["role"] for role in self.policy["organization_roles"]]

    def _all(self, field: str) -> list[Json]:
        """All keys, or all resources."""
        return [entry for _, project in self.oracle.projects for entry in project[field]]

    def _new(self, entry: Json, order: Json, made: Json | None = None) -> Json:
        """A new key or resource, with who made it and when; a key as actor makes nobody the maker."""
        return in_order(entry | {"created_by": self.acting_user, "created_at": instant(self.at)} | (made or {}), order)

    def _platforms(self, *fields: str) -> None:
        """Facts that an actor may not say, not even that there are none."""
        for field in fields:
            if self.actor is not None and field in self.change:
                raise OracleError("exceeds_own_role", f"/{field}")

    # Nobody grants more than they hold (C24)

    def _own_role(self, organization: Json, project: Json | None) -> str | None:
        """The actor's own role: in a project, or in the organization. A key gives the weakest only."""
        roles = self._organization_roles() if project is None else self.policy["project_roles"]
        if self.acting_user is None:
            return str(roles[-1])
        if project is None:
            return member_role(organization, self.acting_user, self.at)
        return self.oracle.role_in(organization, project, self.acting_user, self.at)[1]

    def _exceeds(self, role: str | None, organization: Json, project: Json | None) -> bool:
        """Whether a role is stronger than the actor's own."""
        if self.actor is None or role is None:
            return False
        roles = self._organization_roles() if project is None else self.policy["project_roles"]
        own = self._own_role(organization, project)
        return own is None or roles.index(role) < roles.index(own)

    def _give(self, role: str, organization: Json, project: Json | None = None) -> None:
        if self._exceeds(role, organization, project):
            raise OracleError("exceeds_own_role", "/role" if self.change.get("role") is not None else "")

    def _take(self, user: str, organization: Json, project: Json | None = None) -> None:
        """Nor lower, suspend or remove somebody whose role there is stronger than their own; leaving by oneself aside."""
        if project is None:
            held = member_role(organization, user, self.at)
        else:
            # Whatever combines them, and a row without effect could have one tomorrow.
            found = [role for _, role in self.oracle.sources(organization, project, user, self.at)]
            roles: list[str] = self.policy["project_roles"]
            held = min(found, key=roles.index, default=None) or row_role(organization, project, user, self.at)
        if user != self.acting_user and self._exceeds(held, organization, project):
            raise OracleError("exceeds_own_role", "/user")

    def _group_rows(self, organization: Json, group: str) -> list[tuple[Json, Json]]:
        """The rows of a group that have not ended, each after its project."""
        rows = [(project, find(project["collaborators"], "group", group)) for project in organization["projects"]]
        return [(project, row) for project, row in rows if row is not None and not ended(row, self.at)]

    # People

    def _forget(self, organization: Json, user: str) -> None:
        """Everything that makes somebody a part of an organization."""
        self._drop(organization, user)
        for project in organization["projects"]:
            project["collaborators"] = without(project["collaborators"], user)

    def _drop(self, organization: Json, user: str) -> None:
        """What only a member has: the row, those in groups, and this organization as a home."""
        organization["members"] = without(organization["members"], user)
        for group in organization.get("groups", []):
            group["members"] = without(group["members"], user)
        self._lose_home(organization["id"], user)

    def _lose_home(self, organization: str, user: str) -> None:
        entry = find(self.document["users"], "id", user)
        if entry is not None and entry.get("organization") == organization:
            self._edit_user(user, {"organization": None})
            # An entry that said nothing but that goes along.
            says = [field for field, value in entry.items() if value is not None and field not in ("id", "organization")]
            if not says:
                self.document["users"] = [other for other in self.document["users"] if other["id"] != user]

    def _edit_user(self, user: str, facts: Json, create: bool = False) -> None:
        """New facts for the entry in `users`, if there is one or there shall be one."""
        users: list[Json] = self.document["users"]
        if create and find(users, "id", user) is None:
            users.append({"id": user})
        self.document["users"] = [in_order(entry | facts, USER) if entry["id"] == user else entry for entry in users]

    # Entries

    def _edit_key(self, key: Json, **facts: Any) -> None:
        """The key with new facts, written in the usual order."""
        edited = in_order(key | facts, KEY)
        key.clear()
        key.update(edited)

    def _end_row(self, row: Json) -> None:
        """When a row ends, where the change says it: null is never."""
        if "expires_at" in self.change:
            row["expires_at"] = self.change["expires_at"]

    def _forget_project(self, project: str, organization: Json) -> None:
        """The keys of an organization reach a project of it no more."""
        for key in [key for other in organization["projects"] for key in other["api_keys"]]:
            if isinstance(key.get("projects"), list):
                key["projects"] = [name for name in key["projects"] if name != project]


def without(rows: list[Json], user: str) -> list[Json]:
    """All rows but those of a user."""
    return [row for row in rows if row.get("user") != user]
