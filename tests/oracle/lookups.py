"""What a directory holds, found by walking its lists: no index, so that each look-up can be read beside the contract."""

from __future__ import annotations

from documents import Json, OracleError, find, milliseconds
from rows import member_role, named_users

# The organization, the project and the thing itself, as far as a resource has them.
Place = tuple[Json, Json, Json]


class Lookups:
    """One directory under one policy document."""

    def __init__(self, document: Json, policy: Json, elsewhere: list[Json] | None = None) -> None:
        self.document = document
        self.policy = policy
        # What remains of the organizations that a copy of some does not have: `excerpt.py`.
        self.elsewhere = elsewhere or []
        self.organizations: list[Json] = document["organizations"]
        self.projects = [(o, p) for o in self.organizations for p in o["projects"]]
        self.users: list[Json] = document.get("users", [])
        self.kinds: list[Json] = policy.get("kinds", [])
        self.named = named_users(document)
        self.declared: dict[str, Json | None] = {}
        self.ending: Json = {
            "policy": policy["id"],
            "revision": document.get("revision", 0),
        }

    def organization(self, name: str | None) -> Json | None:
        return find(self.organizations, "id", name)

    def home(self, user: str | None, at: int) -> str | None:
        """B4: a home outside the directory comes first, and with several organizations one inside that the user is still a member of."""
        homes = [str(o["id"]) for o in [*self.organizations, *self.elsewhere] if member_role(o, user, at) is not None]
        named: str | None = (find(self.users, "id", user) or {}).get("organization")
        if named is not None and self.organization(named) is None:
            return named
        named = next((str(lacked["id"]) for lacked in self.elsewhere if user in lacked["homes"]), named)
        if self.policy.get("multiple_organizations", False) and named in homes:
            return named
        return homes[0] if len(homes) == 1 else None

    def knows(self, principal_type: str, name: str) -> bool:
        """A3: a user is listed, a member or in a row, ended or not; `created_by` and `acts_as` do not count."""
        if principal_type == "api_key":
            return self.key(name) is not None
        if principal_type != "user":
            return False
        return find(self.users, "id", name) is not None or name in self.named

    def key(self, name: str) -> Place | None:
        for organization, project in self.projects:
            key = find(project.get("api_keys", []), "id", name)
            if key is not None:
                return organization, project, key
        return None

    def resource(self, kind: str, name: str) -> Place | None:
        """What stands inside a project; each kind has ids of its own."""
        if kind == self.policy.get("api_key_kind"):
            return self.key(name)
        for organization, project in self.projects:
            for resource in project.get("resources", []):
                if (resource["kind"], resource["id"]) == (kind, name):
                    return organization, project, resource
        return None

    def place(self, kind: str, name: str) -> Place | None:
        """A6: anything that an access request may name as its resource."""
        if kind == "user":
            return ({}, {}, {}) if self.knows(kind, name) else None
        if kind == "organization":
            organization = self.organization(name)
            return None if organization is None else (organization, {}, {})
        if kind == "project":
            return next(((o, p, {}) for o, p in self.projects if p["id"] == name), None)
        return self.resource(kind, name)

    def surface(self, request: Json, principal_type: str) -> str:
        surface: str | None = request.get("surface")
        if surface is None:
            # Another type of principal is unknown anyway (A3) and needs no surface.
            return str(self.policy["default_surfaces"].get(principal_type))
        if find(self.policy["surfaces"], "surface", surface) is None:
            raise OracleError("unknown_surface", "/surface")
        return surface

    def is_stale(self, request: Json, at: int) -> bool:
        """A1: by the directory's own limit, or by the caller's."""
        revision: int = self.ending["revision"]
        if (request.get("min_revision") or 0) > revision:
            return True
        issued_at, own = self.document.get("issued_at"), request.get("max_age_seconds")
        if issued_at is None:
            return own is not None
        limits = [own, self.document.get("max_age_seconds")]
        age = at - milliseconds(issued_at)
        return any(limit is not None and age > limit * 1000 for limit in limits)
