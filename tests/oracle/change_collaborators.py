"""Changes of who is in a project: people and groups (C6 to C8), and those who come and go by themselves (C20)."""

from __future__ import annotations

from documents import Json, OracleError, find
from draft import Draft, without
from rows import ended, member_role, own_row


class CollaboratorChanges(Draft):
    """Rows in projects."""

    def add_collaborator(self) -> None:
        """C6."""
        organization, project, _ = self._place()
        if "group" in self.change:
            self._add_group(organization, project)
            return
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
        project["collaborators"] = without(project["collaborators"], user)
        self._add_row(project, {"user": user, "role": role})

    def _add_group(self, organization: Json, project: Json) -> None:
        """A row for a group of the organization."""
        name = self.change["group"]
        if find(organization.get("groups", []), "id", name) is None:
            raise OracleError("not_found", "/group")
        role = self._role(self.policy["project_roles"]) or str(self.policy["collaborator_role"])
        self._give(role, organization, project)
        row = find(project["collaborators"], "group", name)
        if row is not None and not ended(row, self.at):
            raise OracleError("already_exists", "/group")
        project["collaborators"] = [other for other in project["collaborators"] if other is not row]
        self._add_row(project, {"group": name, "role": role})

    def _add_row(self, project: Json, row: Json) -> None:
        self._end_row(row)
        project["collaborators"].append(row)

    def remove_collaborator(self) -> None:
        """C7: members have the default project for good."""
        organization, project, _ = self._place()
        user = self.change.get("user")
        if user is not None and project["default"] and member_role(organization, user, self.at) is not None:
            raise OracleError("default_project_protected", "/project")
        row = self._row(organization, project)
        self._take_row(organization, project, row)
        project["collaborators"] = [other for other in project["collaborators"] if other is not row]

    def set_collaborator_role(self) -> None:
        """C8."""
        organization, project, _ = self._place()
        row = self._row(organization, project)
        role = str(self._role(self.policy["project_roles"]))
        self._give(role, organization, project)
        self._take_row(organization, project, row)
        row["role"] = role
        self._end_row(row)

    def _row(self, organization: Json, project: Json) -> Json:
        """The row that the change names, unless it has ended."""
        if "group" in self.change:
            row = find(project["collaborators"], "group", self.change["group"])
            row = None if row is None or ended(row, self.at) else row
        else:
            row = own_row(organization, project, self.change["user"], self.at)
        if row is None:
            raise OracleError("not_found", "/group" if "group" in self.change else "/user")
        return row

    def _take_row(self, organization: Json, project: Json, row: Json) -> None:
        """C24, for a person by all their roles, for a group by its own."""
        if "user" in row:
            self._take(row["user"], organization, project)
        elif self._exceeds(row["role"], organization, project):
            raise OracleError("exceeds_own_role", "/group")

    def join_project(self) -> None:
        """C20: with the role that the visibility gives to one's organization role, whatever else one holds."""
        organization, project, _ = self._place()
        user = str(self.acting_user)
        if own_row(organization, project, user, self.at) is not None:
            raise OracleError("already_exists", "/project")
        role = self.oracle.visibility(project)["join"][member_role(organization, user, self.at)]
        project["collaborators"] = [*without(project["collaborators"], user), {"user": user, "role": role}]

    def leave_project(self) -> None:
        """C7 holds: members have the default project for good."""
        organization, project, _ = self._place()
        user = str(self.acting_user)
        if project["default"] and member_role(organization, user, self.at) is not None:
            raise OracleError("default_project_protected", "/project")
        if own_row(organization, project, user, self.at) is None:
            raise OracleError("not_found", "/project")
        project["collaborators"] = without(project["collaborators"], user)
