"""Rules A19 to A21 and A27: what roles a user has in a project, and what a key reaches."""

from __future__ import annotations

from documents import Json, find
from lookups import Lookups, Place
from rows import group_roles, member_role, row_role

# A role after where it comes from.
Source = tuple[str, str]


class Roles(Lookups):
    """The roles that one directory gives."""

    def sources(self, organization: Json, project: Json, user: str, at: int) -> list[Source]:
        """A19: all roles of a member in a project, in the order in which ties are named."""
        held = member_role(organization, user, at)
        own = row_role(organization, project, user, at)
        implied = (find(self.policy["organization_roles"], "role", held) or {}).get("project_role")
        if not self.visibility(project).get("implied_roles", True):
            implied = None
        automatic = self.policy.get("default_project_role")
        if isinstance(automatic, dict):
            automatic = automatic.get(held)
        if not project.get("default", False):
            automatic = None
        found = [("project_role", own)]
        found += [("group_role", role) for role in group_roles(organization, project, user, at)]
        found += [("organization_role", implied), ("default_project", automatic)]
        return [(source, role) for source, role in found if role is not None]

    def counting(self, organization: Json, project: Json, user: str, at: int) -> list[Source]:
        """A19: those of a member's roles that count, the strongest first; the order of the sources breaks ties."""
        found = self.sources(organization, project, user, at)
        combination = self.policy.get("role_combination", "strongest")
        if combination == "most_specific":
            found = [(source, role) for source, role in found if source == found[0][0]]
        # Sorting keeps the order of what is equally strong.
        ordered = sorted(found, key=lambda one: self._strength(one[1]))
        return ordered if combination == "union" else ordered[:1]

    def role_in(self, organization: Json, project: Json, user: str, at: int) -> tuple[str, str | None]:
        """A19 to A21: a user's strongest role that counts, after its source or the reason why there is none."""
        if member_role(organization, user, at) is None:
            return self.external_role(organization, project, user, at)
        found = self.counting(organization, project, user, at)
        return found[0] if found else ("not_a_collaborator", None)

    def external_role(self, organization: Json, project: Json, user: str, at: int) -> tuple[str, str | None]:
        """A20, A21: the role of somebody who is no member. Groups never serve them."""
        role = row_role(organization, project, user, at)
        if role is None:  # A20
            return "not_a_collaborator", None
        if not project.get("allow_external_collaborators", False):  # A21
            return "external_collaborators_disabled", None
        return "external_collaborator", role  # A21

    def visibility(self, project: Json) -> Json:
        """The visibility of a project as the policy has it; where the policy has none, projects have none."""
        declared: list[Json] = self.policy.get("visibilities", [])
        if not declared:
            return {}
        return find(declared, "visibility", project.get("visibility")) or declared[0]

    def _strength(self, role: str) -> int:
        roles: list[str] = self.policy["project_roles"]
        return roles.index(role)

    def reached(self, key: Place) -> list[Json]:
        """A22: the projects that a key reaches."""
        organization, own, entry = key
        further = entry.get("projects", [])
        return [p for p in organization["projects"] if p is own or further == "all" or p["id"] in further]

    def reaches(self, key: Place, project: Json) -> bool:
        """A22: whether a key reaches a project."""
        return any(reached["id"] == project["id"] for reached in self.reached(key))

    def maker_is_external(self, key: Json, organization: Json, project: Json, at: int) -> bool:
        """B5: the maker of a key is no member of the organization and has a row in the project, effective or not."""
        maker = key.get("acts_as") or key.get("created_by")
        return member_role(organization, maker, at) is None and row_role(organization, project, maker, at) is not None
