"""Changes of members (C1 to C3), of who owns an organization (C15), and of people as a whole (C18)."""

from __future__ import annotations

from documents import Json, OracleError, find
from draft import Draft, without
from rows import is_former, member, member_role


class MemberChanges(Draft):
    """Who belongs to an organization."""

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
                project["collaborators"] = without(project["collaborators"], user)
        row: Json = {"user": user, "role": role}
        self._end_row(row)
        organization["members"].append(row)
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

    def drop_member(self) -> None:
        """The member row alone goes, ended or not, and those that only members have; the others stay."""
        organization, user = self._organization(), self.change["user"]
        if not self.oracle.knows("user", user):
            raise OracleError("not_found", "/user")
        if find(organization["members"], "user", user) is None:
            raise OracleError("not_a_member", "/user")
        if user == organization["owner"]:
            raise OracleError("owner_protected", "/user")
        self._drop(organization, user)

    def set_member_role(self) -> None:
        """C3."""
        organization, user = self._removable_member()
        role = self._role(self._organization_roles())
        self._give(str(role), organization)
        self._take(user, organization)
        row = find(organization["members"], "user", user) or {}
        row["role"] = role
        self._end_row(row)

    def _removable_member(self) -> tuple[Json, str]:
        organization, user = self._organization(), self.change["user"]
        if not self.oracle.knows("user", user):
            raise OracleError("not_found", "/user")
        if member_role(organization, user, self.at) is None:
            raise OracleError("not_a_member", "/user")
        if user == organization["owner"]:
            raise OracleError("owner_protected", "/user")
        return organization, user

    def transfer_ownership(self) -> None:
        """C15: to one of the strongest, whose row is like an owner's."""
        organization, user = self._organization(), self.change["user"]
        if self.actor is not None and self.acting_user != organization["owner"]:
            raise OracleError("owner_protected", "/organization")
        row = member(organization, user, self.at)
        strongest = self._organization_roles()[0]
        if row is None or row["role"] != strongest or row.get("expires_at") is not None or row.get("suspended_at") is not None:
            raise OracleError("owner_not_admin", "/user")
        organization["owner"] = user

    def remove_user(self) -> None:
        """C18: with every row; what they made stays, and keys that act as them reach nothing any more."""
        user = self.change["user"]
        if not self.oracle.knows("user", user):
            raise OracleError("not_found", "/user")
        if find(self.oracle.organizations, "owner", user) is not None:
            raise OracleError("owner_protected", "/user")
        for organization in self.oracle.organizations:
            self._forget(organization, user)
        self.document["users"] = [entry for entry in self.document["users"] if entry["id"] != user]
