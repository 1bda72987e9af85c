"""Changes of resources."""

from __future__ import annotations

from documents import OracleError, find
from draft import Draft
from written import RESOURCE, in_order


class ResourceChanges(Draft):
    """What stands in projects."""

    def add_resource(self) -> None:
        """A resource of a kind that may stand there."""
        _, project, _ = self._place()
        kind, name = self.change["kind"], self.change["resource"]
        if kind == self.policy.get("api_key_kind") or find(self.oracle.kinds, "kind", kind) is None:
            raise OracleError("unknown_kind", "/kind")
        if self.oracle.resource(kind, name) is not None:
            raise OracleError("already_exists", "/resource")
        project["resources"].append(self._new({"id": name, "kind": kind, "name": self.change.get("name")}, RESOURCE))

    def remove_resource(self) -> None:
        """A resource by its reference."""
        resource = self._resource()
        for _, project in self.oracle.projects:
            project["resources"] = [entry for entry in project["resources"] if entry is not resource]

    def update_resource(self) -> None:
        """Its name."""
        resource = self._resource()
        if "name" in self.change:
            edited = in_order(resource | {"name": self.change["name"]}, RESOURCE)
            resource.clear()
            resource.update(edited)

    def move_resource(self) -> None:
        """C17: as it is, and for an actor within the organization."""
        resource = self._resource()
        organization, project, _ = self._place()
        before, _, _ = self.oracle.resource(resource["kind"], resource["id"]) or ({}, {}, {})
        if self.actor is not None and before is not organization:
            raise OracleError("exceeds_own_role", "/project")
        for _, other in self.oracle.projects:
            other["resources"] = [entry for entry in other["resources"] if entry is not resource]
        project["resources"].append(resource)
