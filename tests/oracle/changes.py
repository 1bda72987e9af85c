"""Changes (section 7): each one turns a written document into the next one, or fails.

The tests of each change stand in the order in which their errors are reported, and all
of them before the first edit.
"""

from __future__ import annotations

import json
from typing import Any

import authority
import shapes
from documents import Json, OracleError, effective_policy, find, instant, milliseconds, passed, reference
from lookups import Place
from oracle import Oracle
from rows import is_former, member_role, own_row, row_role
from written import KEY, PROJECT, RESOURCE, USER, in_order, written_directory


def applied(document: Json, built_in: Json, step: Json) -> Json:
    """The document after the change of a step; the one before it stays as it is."""
    shapes.change(step["change"])
    shapes.circumstances(step)
    draft = Draft(document, effective_policy(document, built_in), step)
    if draft.actor is not None:
        authority.authorise(draft.oracle, draft.change, draft.actor, step["at"])
    if step.get("expected_revision") not in (None, draft.document["revision"]):
        raise OracleError("revision_conflict", "/expected_revision")
    getattr(draft, draft.change["type"])()
    draft.document["revision"] += 1
    # Whichever way led there, it is written as if it had been loaded.
    return written_directory(draft.document, built_in)


class Draft:
    """A copy of a document that one change edits."""

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

    def _key(self) -> Json:
        """A key that may be ended: not the organization default key (C10)."""
        place = self.oracle.key(self.change["key"])
        if place is None:
            raise OracleError("not_found", "/key")
        if place[2]["kind"] == "organization_default":
            raise OracleError("default_key_not_revocable", "/key")
        return place[2]

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

    def _free_digest(self) -> None:
        """C9: the platform may give the digest of a revoked key again, an actor may not."""
        held = [key for key in self._all("api_keys") if self.actor is not None or "revoked_at" not in key]
        if self.change["digest"].lower() in [key.get("digest") for key in held]:
            raise OracleError("already_exists", "/digest")

    # Nobody grants more than they hold (C24)

    def _own_role(self, organization: Json, project: Json | None) -> str | None:
        """The actor's own role: in a project, or in the organization. A key gives the weakest only."""
        roles = self._organization_roles() if project is None else self.policy["project_roles"]
        if self.acting_user is None:
            return str(roles[-1])
        if project is None:
            return member_role(organization, self.acting_user, self.at)
        return self.oracle.role_in(organization, project, self.acting_user, self.at)[1]

    def _give(self, role: str, organization: Json, project: Json | None = None) -> None:
        roles = self._organization_roles() if project is None else self.policy["project_roles"]
        own = self._own_role(organization, project)
        if self.actor is not None and (own is None or roles.index(role) < roles.index(own)):
            raise OracleError("exceeds_own_role", "/role" if self.change.get("role") is not None else "")

    def _take(self, user: str, organization: Json, project: Json | None = None) -> None:
        """Nor lower or remove somebody whose role there is stronger than their own; leaving by oneself aside."""
        roles = self._organization_roles() if project is None else self.policy["project_roles"]
        if project is None:
            held = member_role(organization, user, self.at)
        else:
            # Whatever combines them, and a row without effect could have one tomorrow.
            found = [role for _, role in self.oracle.sources(organization, project, user, self.at)]
            held = min(found, key=roles.index, default=None) or row_role(organization, project, user, self.at)
        own = self._own_role(organization, project)
        if self.actor is None or user == self.acting_user or held is None:
            return
        if own is None or roles.index(held) < roles.index(own):
            raise OracleError("exceeds_own_role", "/user")

    # Members

    def add_member(self) -> None:
        """C1."""
        organization, user = self._organization(), self.change["user"]
        if organization["membership"] == "sso" and self.actor is not None:
            raise OracleError("membership_managed_by_sso", "/organization")
        role = self._role(self._organization_roles()) or self._organization_roles()[-1]
        self._give(role, organization)
        if member_role(organization, user, self.at) is not None:
            raise OracleError("already_exists", "/user")
        several = self.policy.get("multiple_organizations", False)
        others = [other for other in self.oracle.organizations if other is not organization]
        if not several and any(find(other["members"], "user", user) is not None for other in others):
            raise OracleError("user_in_two_organizations", "/user")
        entry = find(self.document["users"], "id", user) or {}
        new_email = self.change.get("email") or entry.get("email")
        # Of an ended membership the home is this organization itself.
        has_home = not several and entry.get("organization") not in (None, organization["id"])
        if self.actor is not None and (has_home or entry.get("email") not in (None, new_email)):
            raise OracleError("user_in_two_organizations", "/user")
        if is_former(organization, user, self.at):
            # Nothing old comes back unseen.
            self._forget(organization, user)
        for project in organization["projects"]:
            if not project["allow_external_collaborators"]:
                project["collaborators"] = _without(project["collaborators"], user)
        organization["members"].append({"user": user, "role": role})
        # With several organizations, a home is a fact of its own.
        facts: Json = {} if several else {"organization": organization["id"]}
        if self.change.get("email") is not None:
            facts["email"] = self.change["email"]
        self._edit_user(user, facts, create="email" in facts)

    def remove_member(self) -> None:
        """C2: the member and their rows go; what they made stays."""
        organization, user = self._removable_member()
        self._take(user, organization)
        self._forget(organization, user)

    def _forget(self, organization: Json, user: str) -> None:
        """Everything that makes somebody a part of an organization."""
        organization["members"] = _without(organization["members"], user)
        for group in organization.get("groups", []):
            group["members"] = _without(group["members"], user)
        for project in organization["projects"]:
            project["collaborators"] = _without(project["collaborators"], user)
        entry = find(self.document["users"], "id", user)
        if entry is not None and entry.get("organization") == organization["id"]:
            self._edit_user(user, {"organization": None})
            # An entry that said nothing but that goes along.
            says = [field for field, value in entry.items() if value is not None and field not in ("id", "organization")]
            if not says:
                self.document["users"] = [other for other in self.document["users"] if other["id"] != user]

    def set_member_role(self) -> None:
        """C3."""
        organization, user = self._removable_member()
        role = self._role(self._organization_roles())
        self._give(str(role), organization)
        self._take(user, organization)
        for member in organization["members"]:
            if member["user"] == user:
                member["role"] = role

    def _removable_member(self) -> tuple[Json, str]:
        organization, user = self._organization(), self.change["user"]
        if not self.oracle.knows("user", user):
            raise OracleError("not_found", "/user")
        if member_role(organization, user, self.at) is None:
            raise OracleError("not_a_member", "/user")
        if user == organization["owner"]:
            raise OracleError("owner_protected", "/user")
        return organization, user

    def _edit_user(self, user: str, facts: Json, create: bool = False) -> None:
        """New facts for the entry in `users`, if there is one or there shall be one."""
        users: list[Json] = self.document["users"]
        if create and find(users, "id", user) is None:
            users.append({"id": user})
        self.document["users"] = [in_order(entry | facts, USER) if entry["id"] == user else entry for entry in users]

    # Projects and collaborators

    def create_project(self) -> None:
        """C4: whoever makes it leads it."""
        organization = self._organization()
        if not organization["multi_project"]:
            raise OracleError("multi_project_disabled", "/organization")
        if self.oracle.place("project", self.change["project"]) is not None:
            raise OracleError("already_exists", "/project")
        project = in_order({"id": self.change["project"], "name": self.change["name"]}, PROJECT)
        if self.acting_user is not None:
            project["collaborators"].append({"user": self.acting_user, "role": self.policy["project_roles"][0]})
        organization["projects"].append(project)

    def set_external_collaborators(self) -> None:
        """C5."""
        _, project, _ = self._place()
        project["allow_external_collaborators"] = self.change["allowed"]

    def add_collaborator(self) -> None:
        """C6."""
        organization, project, _ = self._place()
        user, roles = self.change["user"], self.policy["project_roles"]
        role = self._role(roles)
        held = member_role(organization, user, self.at)
        if role is None:
            implied = (find(self.policy["organization_roles"], "role", held) or {}).get("project_role")
            if not self.oracle.visibility(project).get("implied_roles", True):
                implied = None
            role = str(next(strongest for strongest in roles if strongest in (implied, self.policy["collaborator_role"])))
        self._give(role, organization, project)
        if own_row(organization, project, user, self.at) is not None:
            raise OracleError("already_exists", "/user")
        if held is None and not project["allow_external_collaborators"]:
            raise OracleError("external_collaborators_disabled", "/user")
        # A row that has ended is not there, and makes room.
        project["collaborators"] = [*_without(project["collaborators"], user), {"user": user, "role": role}]

    def remove_collaborator(self) -> None:
        """C7: members have the default project for good."""
        organization, project, _ = self._place()
        user = self.change["user"]
        if project["default"] and member_role(organization, user, self.at) is not None:
            raise OracleError("default_project_protected", "/project")
        self._row(organization, project)
        self._take(user, organization, project)
        project["collaborators"] = _without(project["collaborators"], user)

    def set_collaborator_role(self) -> None:
        """C8."""
        organization, project, _ = self._place()
        row = self._row(organization, project)
        role = str(self._role(self.policy["project_roles"]))
        self._give(role, organization, project)
        self._take(row["user"], organization, project)
        row["role"] = role

    def _row(self, organization: Json, project: Json) -> Json:
        row = own_row(organization, project, self.change["user"], self.at)
        if row is None:
            raise OracleError("not_found", "/user")
        return row

    # Keys

    def _unlimited_actor(self) -> None:
        """C22: a key that has scopes, or acts as somebody, makes and alters no keys."""
        kind, name = reference(self.actor) if self.actor is not None else ("", "")
        key = self.oracle.key(name) if kind == "api_key" else None
        if key is not None and (key[2].get("scopes") is not None or key[2].get("acts_as") is not None):
            raise OracleError("exceeds_own_role", "")

    def create_api_key(self) -> None:
        """C9: the platform may say who made a key and when, an actor may not."""
        self._unlimited_actor()
        for field in ("created_by", "created_at"):
            if self.actor is not None and self.change.get(field) is not None:
                raise OracleError("exceeds_own_role", f"/{field}")
        _, project, _ = self._place()
        if self.oracle.key(self.change["key"]) is not None:
            raise OracleError("already_exists", "/key")
        self._free_digest()
        facts = {field: self.change.get(field) for field in ("name", "digest", "expires_at")}
        made = {field: self.change[field] for field in ("created_by", "created_at") if self.change.get(field) is not None}
        project["api_keys"].append(self._new({"id": self.change["key"], **facts}, KEY, made))

    def revoke_api_key(self) -> None:
        """C10: what is revoked for a later time can be revoked for an earlier one."""
        self._unlimited_actor()
        key = self._key()
        if passed(key.get("revoked_at"), self.at):
            raise OracleError("already_revoked", "/key")
        self._edit_key(key, revoked_at=instant(self.at))

    def expire_api_key(self) -> None:
        """C11: what has ended is revived by nobody but the platform."""
        self._unlimited_actor()
        key = self._key()
        if self.actor is not None and passed(key.get("expires_at"), self.at):
            raise OracleError("key_expired", "/key")
        self._edit_key(key, expires_at=self.change["expires_at"])

    def regenerate_default_key(self) -> None:
        """C12: the old digest stops at once, and everything else stays."""
        self._unlimited_actor()
        organization = self._organization()
        keys = [key for project in organization["projects"] for key in project["api_keys"]]
        key = find(keys, "kind", "organization_default")
        if key is None:
            raise OracleError("not_found", "/organization")
        self._free_digest()
        self._edit_key(key, digest=self.change["digest"])

    def _edit_key(self, key: Json, **facts: Any) -> None:
        """The key with new facts, written in the usual order."""
        edited = in_order(key | facts, KEY)
        key.clear()
        key.update(edited)

    # Resources

    def add_resource(self) -> None:
        """A resource of a kind that may stand there."""
        _, project, _ = self._place()
        kind, name = self.change["kind"], self.change["resource"]
        if kind == self.policy.get("api_key_kind") or find(self.oracle.kinds, "kind", kind) is None:
            raise OracleError("unknown_kind", "/kind")
        if self.oracle.resource(kind, name) is not None:
            raise OracleError("already_exists", "/resource")
        project["resources"].append(self._new({"id": name, "kind": kind, "name": self.change.get("name")}, RESOURCE))

    def remove_resource(self) -> None:
        """A resource by its reference."""
        resource = authority.named_resource(self.oracle, self.change["resource"])
        if resource is None:
            raise OracleError("not_found", "/resource")
        for _, project in self.oracle.projects:
            project["resources"] = [entry for entry in project["resources"] if entry is not resource]


def _without(rows: list[Json], user: str) -> list[Json]:
    return [row for row in rows if row.get("user") != user]
