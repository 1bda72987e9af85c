"""Changes of whole organizations and projects: made, changed, moved, removed (C4, C5, C14, C16, C17)."""

from __future__ import annotations

from documents import Json, OracleError, default_project
from draft import Draft
from written import PROJECT, in_order


class OrganizationChanges(Draft):
    """What there is."""

    def remove_organization(self) -> None:
        """C14: with everything in it."""
        organization = self._organization()
        for entry in list(self.document["users"]):
            self._lose_home(organization["id"], entry["id"])
        self.document["organizations"] = [other for other in self.oracle.organizations if other is not organization]

    def update_organization(self) -> None:
        """What an organization says of itself."""
        self._platforms("suspended_at")
        organization = self._organization()
        others = [project for project in organization["projects"] if not project["default"]]
        if self.change.get("multi_project") is False and others:
            raise OracleError("multi_project_disabled", "/multi_project")
        organization |= self._facts("name", "membership", "multi_project", "projects_since", "suspended_at")

    def _facts(self, *fields: str) -> Json:
        """Those that the change names; null clears."""
        return {field: self.change[field] for field in fields if field in self.change}

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

    def remove_project(self) -> None:
        """C16."""
        organization, project, _ = self._place()
        if project["default"]:
            raise OracleError("default_project_protected", "/project")
        organization["projects"] = [other for other in organization["projects"] if other is not project]
        self._forget_project(project["id"], organization)

    def update_project(self) -> None:
        """What a project says of itself. Of what opens it, an actor has changes of their own."""
        self._platforms("suspended_at", "allow_external_collaborators", "visibility")
        _, project, _ = self._place()
        self._known_visibility()
        project |= self._facts("name", "suspended_at", "allow_external_collaborators", "visibility")

    def set_external_collaborators(self) -> None:
        """C5."""
        _, project, _ = self._place()
        project["allow_external_collaborators"] = self.change["allowed"]

    def set_visibility(self) -> None:
        """A visibility of the policy."""
        _, project, _ = self._place()
        self._known_visibility()
        project["visibility"] = self.change["visibility"]

    def _known_visibility(self) -> None:
        declared = [entry["visibility"] for entry in self.policy.get("visibilities", [])]
        if "visibility" in self.change and self.change["visibility"] not in declared:
            raise OracleError("unknown_visibility", "/visibility")

    def set_default_project(self) -> None:
        """The organization default key goes along."""
        organization, project, _ = self._place()
        before = default_project(organization)
        keys = [key for key in before["api_keys"] if key["kind"] == "organization_default"]
        before["api_keys"] = [key for key in before["api_keys"] if key not in keys]
        project["api_keys"] += keys
        before["default"] = False
        project["default"] = True

    def move_project(self) -> None:
        """C17: rows of people stay, and what belongs to the organization before does not."""
        before, project, _ = self._place()
        if project["default"]:
            raise OracleError("default_project_protected", "/project")
        organization = self._organization()
        if organization is before:
            return
        if not organization["multi_project"]:
            raise OracleError("multi_project_disabled", "/organization")
        self._forget_project(project["id"], before)
        before["projects"] = [other for other in before["projects"] if other is not project]
        project["collaborators"] = [row for row in project["collaborators"] if "group" not in row]
        for key in project["api_keys"]:
            # Nothing of the organization before is reached from here, and of the new one nothing but the project.
            key.pop("projects", None)
        organization["projects"].append(project)
