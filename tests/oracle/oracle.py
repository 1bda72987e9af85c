"""A second, naive reading of the access and attribution rules (A1-A24, B1-B6).

It walks plain lists for every question and keeps no index, so that each rule can be
read beside the contract. Documents must be valid and requests well formed; what they
name may be unknown.
"""

from __future__ import annotations

from documents import (
    Json,
    OracleError,
    default_project,
    find,
    member_role,
    milliseconds,
    passed,
    reference,
    row_role,
    support,
)

# The organization, the project and the thing itself, as far as a resource has them.
Place = tuple[Json, Json, Json]


def created_by_external(key: Place) -> bool:
    """B5: the creator is no member, and holds a row in it, effective or not."""
    organization, project, entry = key
    creator = entry.get("created_by")
    member = member_role(organization, creator) is not None
    return not member and row_role(project, creator) is not None


class Oracle:
    """Answers for one directory under one policy document."""

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

    def check_access(self, request: Json) -> Json:
        """The whole decision on one request."""
        principal_type, principal = reference(request["principal"])
        resource_type, resource = reference(request["resource"])
        at = milliseconds(request["at"])
        surface = self.surface(request, principal_type)
        if self.is_stale(request, at):  # A1
            return self._decision("snapshot_stale")
        action = self._action(request["action"])
        if action is None:  # A2
            return self._decision("unknown_action")
        if not self.knows(principal_type, principal):  # A3
            return self._decision("unknown_principal")
        key = self.key(principal) if principal_type == "api_key" else None
        if key is not None and passed(key[2].get("revoked_at"), at):  # A4
            return self._decision("key_revoked")
        if key is not None and passed(key[2].get("expires_at"), at):  # A5
            return self._decision("key_expired")
        place = self.place(resource_type, resource)
        if place is None:  # A6
            return self._decision("unknown_resource")
        if not self._applies(action, resource_type):  # A7
            return self._decision("action_not_applicable", place)
        kind = action.get("kind")
        if kind is not None and support(kind, surface) == "not_applicable":  # A8
            return self._decision("surface_not_applicable", place)

        # A9: the scope rules
        if action["table"] == "self":  # A18
            oneself = principal_type == "user" and principal == resource
            return self._decision("self" if oneself else "not_self", place, oneself)
        if action["table"] == "organization":
            if key is not None:  # A17
                return self._decision("key_out_of_scope", place)
            return self._on_organization(principal, action, place)

        organization, project, thing = place
        # A kind of a policy may have any name, so only keys are asked for theirs.
        is_key = resource_type == self.policy.get("api_key_kind")
        is_default_key = is_key and thing.get("kind") == "organization_default"
        is_owner = key is None and principal == organization["owner"]
        if is_default_key and not is_owner:  # A24
            return self._decision("owner_only", place)
        role: str | None = None
        if key is not None:
            if key[1]["id"] != project["id"]:  # A22
                return self._decision("key_out_of_scope", place)
            if not action.get("api_key", False):  # A23
                return self._decision("key_lacks_permission", place)
            reason, external = "api_key_scope", created_by_external(key)  # A23
        else:
            external = member_role(organization, principal) is None
            reason, role = self.role_in(organization, project, principal)
            if role is None:
                return self._decision(reason, place)
            if role not in action.get("roles", []):  # A19, A21
                return self._decision("role_lacks_permission", place, False, role)

        caveats: list[str] = []
        if kind is not None and support(kind, surface) == "unsupported":
            caveats.append("not_project_aware")
            if external:
                caveats.append("usage_may_leave_organization")
            elif not project.get("default", False):
                caveats.append("usage_attributed_to_default_project")
        return self._decision(reason, place, True, role, caveats)

    def attribute(self, usage: Json) -> Json:
        """The whole attribution of one usage, or the first error of section 5."""
        principal_type, principal = reference(usage["principal"])
        if not self.knows(principal_type, principal):
            raise OracleError("unknown_principal", "/principal")
        kind = find(self.kinds, "kind", usage["kind"])
        if kind is None:
            raise OracleError("unknown_kind", "/kind")
        surface = self.surface(usage, principal_type)
        key = self.key(principal) if principal_type == "api_key" else None
        organization, project, caveats = self._intended(usage, key, principal)
        if key is None and self.role_in(organization, project, principal)[1] is None:
            caveats.append("principal_without_access")

        # A key is never external itself; its creator may be (B5).
        external = key is None and member_role(organization, principal) is None
        intended = (organization["id"], project["id"])
        since = organization.get("projects_since")
        declared = find(self.policy["surfaces"], "surface", surface) or {}
        booked = (organization["id"], default_project(organization)["id"])
        if since and milliseconds(usage["at"]) < milliseconds(since):  # B1
            reason = "predates_projects"
        elif declared.get("books_to_default_project") and not external:  # B2
            reason = "playground"
        elif support(kind, surface) == "supported":  # B3
            reason, booked = "project_scoped", intended
        elif external:  # B4
            reason, booked = "external_home_organization", self._at_home(principal)
        elif key is not None and created_by_external(key):  # B5
            creator = key[2]["created_by"]
            reason, booked = "external_home_organization", self._at_home(creator)
        else:  # B6
            reason = "default_project_fallback"

        by_key = key is not None and kind.get("usage_by_api_key", False)
        possible = reason == "external_home_organization"
        answer: Json = {"organization": booked[0], "project": booked[1]}
        answer |= {
            "intended_organization": intended[0],
            "intended_project": intended[1],
        }
        answer["matches_intended"] = booked == intended
        answer["certainty"] = "possible" if possible else "certain"
        answer["reason"] = reason
        answer["api_key"] = principal if by_key else None
        answer["remedies"] = []
        if booked != intended:
            answer["remedies"] = self._remedies(kind, surface, reason, organization)
        return answer | {"caveats": caveats} | self.ending

    def attribute_many(self, usages: list[Json]) -> tuple[list[Json], int]:
        """A row for every usage, and how many of them could not be attributed."""
        rows: list[Json] = []
        failed = 0
        for usage in usages:
            try:
                rows.append(self.attribute(usage))
            except OracleError as error:
                failed += 1
                organization, project = self._known(usage)
                row: Json = {"organization": None, "project": None}
                row |= {"intended_organization": organization, "intended_project": project}
                row |= {"matches_intended": False, "certainty": None}
                row |= {"reason": error.code, "api_key": None, "remedies": [], "caveats": []}
                rows.append(row | self.ending)
        return rows, failed

    def _known(self, usage: Json) -> tuple[str | None, str | None]:
        """Where a usage was meant to go that cannot be attributed: wherever key, resource and project name it and agree."""
        kind, name = reference(usage["principal"])
        places = [self.key(name) if kind == "api_key" else None]
        if usage.get("resource") is not None:
            places.append(self.resource(*reference(usage["resource"])))
        if usage.get("project") is not None:
            places.append(self.place("project", usage["project"]))
        found = {(place[0]["id"], place[1]["id"]) for place in places if place is not None}
        return found.pop() if len(found) == 1 else (None, None)

    # What the directory holds

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

    # The parts of access

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

    def _action(self, name: str) -> Json | None:
        """A2: the table that holds an action, and its permissions."""
        if name in self.policy.get("self_actions", []):
            return {"table": "self"}
        for table in ("organization", "project"):
            entry = find(self.policy.get(f"{table}_actions", []), "action", name)
            if entry is not None:
                return entry | {"table": table}
        for kind in self.kinds:
            for row in kind.get("verbs", []):
                for verb in row["verbs"]:
                    if f"{kind['kind']}.{verb}" == name:
                        by_key = verb in kind.get("api_key_verbs", [])
                        action = {"table": "kind", "kind": kind, "verb": verb}
                        return action | {"roles": row["roles"], "api_key": by_key}
        return None

    def _applies(self, action: Json, resource_type: str) -> bool:
        """A7: which types an action is for."""
        if action["table"] == "self":
            return resource_type == "user"
        if action["table"] != "kind":
            return bool(resource_type == action["table"])
        alone = action["verb"] == self.policy.get("create_verb")
        on_kind = resource_type == action["kind"]["kind"] and not alone
        return resource_type == "project" or on_kind

    def _on_organization(self, user: str, action: Json, place: Place) -> Json:
        """A10 to A16: a user's organization actions."""
        organization = place[0]
        role = member_role(organization, user)
        if action.get("owner", False):
            if user == organization["owner"]:  # A10
                return self._decision("owner", place, True, role)
            if role is not None:  # A11
                return self._decision("owner_only", place, False, role)
        if role is not None:
            if role in action.get("roles", []):  # A12
                return self._decision("organization_role", place, True, role)
            return self._decision("role_lacks_permission", place, False, role)  # A13
        rows = [p for p in organization["projects"] if row_role(p, user) is not None]
        if any(p.get("allow_external_collaborators", False) for p in rows):  # A14
            if action.get("external", False):
                return self._decision("external_collaborator", place, True)
            return self._decision("external_no_organization_access", place)
        if rows:  # A15
            return self._decision("external_collaborators_disabled", place)
        return self._decision("not_a_member", place)  # A16

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

    def _decision(
        self,
        reason: str,
        place: Place = ({}, {}, {}),
        allowed: bool = False,
        role: str | None = None,
        caveats: list[str] | None = None,
    ) -> Json:
        decision: Json = {"allowed": allowed, "reason": reason, "role": role}
        decision |= {"organization": place[0].get("id"), "project": place[1].get("id")}
        return decision | {"caveats": caveats or []} | self.ending

    # The parts of attribution

    def _intended(self, usage: Json, key: Place | None, principal: str) -> tuple[Json, Json, list[str]]:
        """Step 1: the intended organization and project, errors in their order; and whether they were found without the resource."""
        named = inside = None
        caveats: list[str] = []
        if usage.get("project") is not None:
            named = self.place("project", usage["project"])
            if named is None:
                raise OracleError("unknown_project", "/project")
        if usage.get("resource") is not None:
            resource_type, resource = reference(usage["resource"])
            inside = self.resource(resource_type, resource)
            if inside is None and key is None and named is None:
                raise OracleError("unknown_resource", "/resource")
            if inside is None:
                caveats.append("unknown_resource")
            elif resource_type != usage["kind"]:
                raise OracleError("kind_mismatch", "/resource")
        found = [place for place in (key, inside, named) if place is not None]
        if len({project["id"] for _, project, _ in found}) > 1:
            raise OracleError("project_mismatch", "/resource" if named is None else "/project")
        if found:
            return found[0][0], found[0][1], caveats
        home = self.organization(self.home(principal))
        if home is None:
            raise OracleError("project_required", "")
        return home, default_project(home), caveats

    def _at_home(self, user: str) -> tuple[str | None, str | None]:
        """B4: the home organization may be unknown, or lie outside the directory."""
        home = self.home(user)
        held = self.organization(home)
        return home, None if held is None else default_project(held)["id"]

    def _remedies(self, kind: Json, surface: str, reason: str, organization: Json) -> list[str]:
        remedies: list[str] = []
        api = self.policy["default_surfaces"]["api_key"]
        on_api = support(kind, api) == "supported"
        if surface != api and on_api and reason != "predates_projects":
            remedies.append("use_project_api_key")
        if reason == "external_home_organization":
            sso = organization.get("membership", "invitation") == "sso"
            remedies.append("provision_with_sso" if sso else "invite_to_organization")
        surfaces = [s["surface"] for s in self.policy["surfaces"]]
        if all(support(kind, s) != "supported" for s in surfaces):
            remedies.append("await_project_support")
        return remedies
