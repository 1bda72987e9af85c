"""Another policy for the directory that there is (C23)."""

from __future__ import annotations

from typing import Any

from document_faults import check_policy, first_fault, known_policy
from document_shape import escaped
from documents import Json, OracleError
from draft import Draft


class PolicyChanges(Draft):
    """`set_policy`."""

    def set_policy(self) -> None:
        """The directory has to fit the policy once it is renamed."""
        given = self.change["policy"]
        if isinstance(given, dict):
            check_policy(given, "/policy")
            policy = given
        else:
            policy = known_policy(given)
        renames: Json = self.change.get("renames") or {}
        for field, names in renames.items():
            self._known_renames(field, names, policy)
        rename(self.document, renames)
        first_fault(self.document, policy)
        self.document["policy"] = given

    def _known_renames(self, field: str, names: Json, policy: Json) -> None:
        """A name that neither side has is a mistake, which must not pass."""
        code, _, _ = NAMES[field]
        for old, new in names.items():
            if old not in declared(self.policy, field) or new not in declared(policy, field):
                raise OracleError(code, f"/renames/{field}/{escaped(old)}")


# The code of a name that is not there, the table of a policy that has the names, and their field, if they have one.
NAMES: dict[str, tuple[str, str, str | None]] = {
    "organization_roles": ("unknown_role", "organization_roles", "role"),
    "project_roles": ("unknown_role", "project_roles", None),
    "kinds": ("unknown_kind", "kinds", "kind"),
    "scopes": ("unknown_scope", "api_key_scopes", "scope"),
    "visibilities": ("unknown_visibility", "visibilities", "visibility"),
}


def declared(policy: Json, field: str) -> list[str]:
    """The names of one sort that a policy has."""
    _, table, name = NAMES[field]
    return [entry if name is None else entry[name] for entry in policy.get(table, [])]


def rename(document: Json, renames: Json) -> None:
    """All names at once, so that two can change places."""

    def new(entry: Json, field: str, sort: str) -> None:
        if field in entry:
            entry[field] = renamed(entry[field], sort)

    def renamed(value: Any, sort: str) -> Any:
        return (renames.get(sort) or {}).get(value, value)

    for organization in document["organizations"]:
        for member in organization["members"]:
            new(member, "role", "organization_roles")
        for project in organization["projects"]:
            new(project, "visibility", "visibilities")
            for row in project["collaborators"]:
                new(row, "role", "project_roles")
            for resource in project["resources"]:
                new(resource, "kind", "kinds")
            for key in project["api_keys"]:
                if "scopes" in key:
                    key["scopes"] = [renamed(scope, "scopes") for scope in key["scopes"]]
