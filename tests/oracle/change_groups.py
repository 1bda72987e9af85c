"""Changes of groups (C21)."""

from __future__ import annotations

import authority
from documents import Json, OracleError, find
from draft import Draft, without
from rows import ended, member_role


class GroupChanges(Draft):
    """Groups and who is in them."""

    def add_group(self) -> None:
        """A group without anybody in it."""
        organization = self._organization()
        if authority.group_place(self.oracle, self.change["group"]) is not None:
            raise OracleError("already_exists", "/group")
        organization.setdefault("groups", []).append({"id": self.change["group"], "name": self.change.get("name"), "members": []})

    def remove_group(self) -> None:
        """With its members, and its rows in projects."""
        organization, group = self._group()
        rows = self._group_rows(organization, group["id"])
        if any(self._exceeds(row["role"], organization, project) for project, row in rows):
            raise OracleError("exceeds_own_role", "/group")
        organization["groups"] = [other for other in organization["groups"] if other is not group]
        for project in organization["projects"]:
            project["collaborators"] = [row for row in project["collaborators"] if row.get("group") != group["id"]]

    def add_group_member(self) -> None:
        """A member of the organization, who gets what the group's rows give (C24)."""
        organization, group = self._group()
        user = self.change["user"]
        if any(self._exceeds(row["role"], organization, project) for project, row in self._group_rows(organization, group["id"])):
            raise OracleError("exceeds_own_role", "")
        if member_role(organization, user, self.at) is None:
            raise OracleError("not_a_member", "/user")
        row = find(group["members"], "user", user)
        if row is not None and not ended(row, self.at):
            raise OracleError("already_exists", "/user")
        new: Json = {"user": user}
        self._end_row(new)
        group["members"] = [*without(group["members"], user), new]

    def remove_group_member(self) -> None:
        """Nobody is taken what somebody stronger gave, in any of the group's projects."""
        organization, group = self._group()
        user = self.change["user"]
        row = find(group["members"], "user", user)
        if row is None or ended(row, self.at) or member_role(organization, user, self.at) is None:
            raise OracleError("not_found", "/user")
        for project, _ in self._group_rows(organization, group["id"]):
            self._take(user, organization, project)
        group["members"] = without(group["members"], user)
