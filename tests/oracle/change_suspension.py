"""Suspending and resuming (C19)."""

from __future__ import annotations

from documents import Json, OracleError, find, instant, passed
from draft import Draft
from rows import member


class SuspensionChanges(Draft):
    """`suspended_at` of an organization, a project, a member or a user everywhere."""

    def suspend(self) -> None:
        """From now on, also where it was to be later."""
        field, entry = self._suspendable()
        if passed(entry.get("suspended_at"), self.at):
            raise OracleError("already_exists", f"/{field}")
        self._set(field, entry, instant(self.at))

    def resume(self) -> None:
        """What is suspended now; what is to be suspended later is not."""
        field, entry = self._suspendable()
        if not passed(entry.get("suspended_at"), self.at):
            raise OracleError("not_found", f"/{field}")
        self._set(field, entry, None)

    def _suspendable(self) -> tuple[str, Json]:
        """What the change names, after the field that names it."""
        if "project" in self.change:
            return "project", self._place()[1]
        if "organization" not in self.change:
            user = self.change["user"]
            if not self.oracle.knows("user", user):
                raise OracleError("not_found", "/user")
            return "user", find(self.document["users"], "id", user) or {"id": user}
        organization = self._organization()
        if "user" not in self.change:
            return "organization", organization
        user = self.change["user"]
        if not self.oracle.knows("user", user):
            raise OracleError("not_found", "/user")
        row = member(organization, user, self.at)
        if row is None:
            raise OracleError("not_a_member", "/user")
        if user == organization["owner"]:
            raise OracleError("owner_protected", "/user")
        self._take(user, organization)
        return "user", row

    def _set(self, field: str, entry: Json, moment: str | None) -> None:
        if field == "user" and "organization" not in self.change:
            self._edit_user(entry["id"], {"suspended_at": moment}, create=True)
        else:
            entry["suspended_at"] = moment
