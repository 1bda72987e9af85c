"""Rules A25 and A26: who and what is suspended."""

from __future__ import annotations

from documents import Json, find, passed
from lookups import Place
from roles import Roles
from rows import member


class Suspension(Roles):
    """The suspensions of one directory."""

    def is_suspended_user(self, user: str | None, organization: Json, at: int) -> bool:
        """A25: everywhere, or in the organization that is asked about, if one is."""
        rows = [find(self.users, "id", user), member(organization, user, at) if organization else None]
        return any(row is not None and passed(row.get("suspended_at"), at) for row in rows)

    def is_suspended_principal(self, kind: str, name: str, organization: Json, at: int) -> bool:
        """A25: a user, or a key by the user that it acts as, by its own project and by its organization."""
        if kind == "user":
            return self.is_suspended_user(name, organization, at)
        key = self.key(name)
        if key is None:
            return False
        by_user = key[2].get("acts_as") is not None and self.is_suspended_user(key[2]["acts_as"], organization, at)
        return by_user or is_suspended_scope((key[0], key[1], {}), at)

    def may_still(self, side: str, action: str) -> bool:
        """What the policy lets suspended principals do, and lets be done to what is suspended."""
        return action in self.policy.get("suspended_actions", {}).get(side, [])


def is_suspended_scope(place: Place, at: int) -> bool:
    """A26: the organization or the project of a resource."""
    return any(passed(scope.get("suspended_at"), at) for scope in place[:2])
