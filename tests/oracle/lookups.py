"""What a directory holds, found by walking its lists: no index, so that each look-up can be read beside the contract."""

from __future__ import annotations

from documents import Json, OracleError, find, member_role, milliseconds, row_role

# The organization, the project and the thing itself, as far as a resource has them.
Place = tuple[Json, Json, Json]


class Lookups:
    """One directory under one policy document."""

    def __init__(self, document: Json, policy: Json) -> None:
        self.document = document
        self.policy = policy
        self.organizations: list[Json] = document["organizations"]
        self.projects = [(o, p) for o in self.organizations for p in o["projects"]]
        self.users: list[Json] = document.get("users", [])
        self.kinds: list[Json] = policy.get("kinds", [])
        self.ending: Json = {
            "policy": policy["id"],
            "revision": document.get("revision", 0),
        }

    def organization(self, name: str | None) -> Json | None:
        return find(self.organizations, "id", name)

    def home(self, user: str | None) -> str | None:
        for organization in self.organizations:
            if member_role(organization, user) is not None:
                return str(organization["id"])
        entry = find(self.users, "id", user) or {}
        return entry.get("organization")

    def knows(self, principal_type: str, name: str) -> bool:
        """A3: a user is listed, a member or in a row; `created_by` does not count."""
        if principal_type == "api_key":
            return self.key(name) is not None
        if principal_type != "user":
            return False
        listed = find(self.users, "id", name) is not None
        member = any(member_role(o, name) is not None for o in self.organizations)
        return listed or member or any(row_role(p, name) for _, p in self.projects)

    def key(self, name: str) -> Place | None:
        for organization, project in self.projects:
            key = find(project.get("api_keys", []), "id", name)
            if key is not None:
                return organization, project, key
        return None

    def resource(self, kind: str, name: str) -> Place | None:
        """What stands inside a project; a reference must name its own kind."""
        if kind == self.policy.get("api_key_kind"):
            return self.key(name)
        for organization, project in self.projects:
            resource = find(project.get("resources", []), "id", name)
            if resource is not None and resource["kind"] == kind:
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

    def _project_role(self, organization: Json, project: Json, user: str) -> tuple[str, str | None]:
        """A19: a member's strongest role in a project, after where it comes from."""
        sources = [("project_role", row_role(project, user))]
        held = member_role(organization, user)
        implied = find(self.policy["organization_roles"], "role", held) or {}
        sources.append(("organization_role", implied.get("project_role")))
        if project.get("default", False):
            automatic = self.policy.get("default_project_role")
            sources.append(("default_project", automatic))
        # Strength first, then the order above: on a tie the first source is named.
        for strongest in self.policy["project_roles"]:
            for source, role in sources:
                if role == strongest:
                    return source, role
        return "not_a_collaborator", None

    def role_in(self, organization: Json, project: Json, user: str) -> tuple[str, str | None]:
        """A19 to A21: a user's role in a project, after its source or the reason why there is none."""
        if member_role(organization, user) is None:
            return self._external_role(organization, project, user)
        return self._project_role(organization, project, user)

    def _external_role(self, organization: Json, project: Json, user: str) -> tuple[str, str | None]:
        role = row_role(project, user)
        if role is None:  # A20
            return "not_a_collaborator", None
        if not project.get("allow_external_collaborators", False):  # A21
            return "external_collaborators_disabled", None
        return "external_collaborator", role  # A21
