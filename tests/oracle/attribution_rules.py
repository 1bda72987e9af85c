"""Rules B1 to B6: where usage is booked."""

from __future__ import annotations

from documents import Json, OracleError, default_project, find, milliseconds, reference, support
from lookups import Place
from roles import Roles
from rows import member_role


class AttributionRules(Roles):
    """The attributions of one directory."""

    def attribute(self, usage: Json) -> Json:
        """The whole attribution of one usage, or the first error of section 5."""
        return self.booking(usage)[1]

    def booking(self, usage: Json) -> tuple[str, Json]:
        """The rule that books a usage, and the attribution that it leads to."""
        principal_type, principal = reference(usage["principal"])
        if not self.knows(principal_type, principal):
            raise OracleError("unknown_principal", "/principal")
        kind = find(self.kinds, "kind", usage["kind"])
        if kind is None:
            raise OracleError("unknown_kind", "/kind")
        surface = self.surface(usage, principal_type)
        key = self.key(principal) if principal_type == "api_key" else None
        at = milliseconds(usage["at"])
        organization, project, caveats = self._intended(usage, key, principal, at)
        person = principal if key is None else key[2].get("acts_as")
        if person is not None and self.role_in(organization, project, person, at)[1] is None:
            caveats.append("principal_without_access")

        # A key is never external itself; its maker may be (B5).
        external = key is None and member_role(organization, principal, at) is None
        intended = (organization["id"], project["id"])
        since = organization.get("projects_since")
        declared = find(self.policy["surfaces"], "surface", surface) or {}
        booked = (organization["id"], default_project(organization)["id"])
        if since and at < milliseconds(since):
            rule, reason = "B1", "predates_projects"
        elif declared.get("books_to_default_project") and not external:
            rule, reason = "B2", "playground"
        elif support(kind, surface) == "supported":
            rule, reason, booked = "B3", "project_scoped", intended
        elif external:
            rule, reason, booked = "B4", "external_home_organization", self._at_home(principal, at)
        elif key is not None and self.maker_is_external(key[2], organization, project, at):
            maker = key[2].get("acts_as") or key[2]["created_by"]
            rule, reason, booked = "B5", "external_home_organization", self._at_home(maker, at)
        else:
            rule, reason = "B6", "default_project_fallback"

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
        return rule, answer | {"caveats": caveats} | self.ending

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
        key = self.key(name) if kind == "api_key" else None
        places: list[Place | None] = []
        if usage.get("resource") is not None:
            places.append(self.resource(*reference(usage["resource"])))
        if usage.get("project") is not None:
            places.append(self.place("project", usage["project"]))
        named = [place for place in places if place is not None]
        if key is not None and all(self.reaches(key, project) for _, project, _ in named):
            # What a key reaches does not disagree with it, and says more.
            named = named or [key]
        elif key is not None:
            named = [key, *named]
        found = {(place[0]["id"], place[1]["id"]) for place in named}
        return found.pop() if len(found) == 1 else (None, None)

    def _intended(self, usage: Json, key: Place | None, principal: str, at: int) -> tuple[Json, Json, list[str]]:
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
        given = [place for place in (inside, named) if place is not None]
        disagree = len({project["id"] for _, project, _ in given}) > 1
        if disagree or (key is not None and not all(self.reaches(key, project) for _, project, _ in given)):
            raise OracleError("project_mismatch", "/resource" if named is None else "/project")
        for place in (*given, key):
            if place is not None:
                return place[0], place[1], caveats
        home = self.organization(self.home(principal, at))
        if home is None:
            raise OracleError("project_required", "")
        return home, default_project(home), caveats

    def _at_home(self, user: str, at: int) -> tuple[str | None, str | None]:
        """B4: the home organization may be unknown, or outside the directory. A copy knows the default projects of those that it lacks."""
        home = self.home(user, at)
        held = self.organization(home) or find(self.elsewhere, "id", home)
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
