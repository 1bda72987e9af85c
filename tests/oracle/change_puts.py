"""Entries set as a whole (C13): checked as a document is that ends with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from document_faults import Fault, Meaning, places
from documents import Json, OracleError, find
from draft import Draft
from written import row_name


class PutChanges(Draft):
    """The platform's own, with which every state can be made."""

    def put_organization(self) -> None:
        """It replaces what has its id, with everything in it, or is added."""
        new = self.change["organization"]
        before = self.oracle.organization(new["id"])
        members = [row["user"] for row in new["members"]]
        for row in before["members"] if before is not None else []:
            if row["user"] not in members:
                # Whoever is a member no more has no home here.
                self._lose_home(new["id"], row["user"])
        self._put(self.document["organizations"], new, before)
        self._check("organization", f"/organizations/{len(self.document['organizations']) - 1}", self._outside_organization)

    def _outside_organization(self, fault: Fault) -> str:
        """An entry of `users` that does not go with the organization: whose home it would be, or who has another one."""
        user = self.document["users"][int(fault[1].split("/")[2])]["id"]
        members = [row["user"] for row in self.change["organization"]["members"]]
        return f"/members/{members.index(user)}/user" if user in members else "/id"

    def put_project(self) -> None:
        """In an organization, whose rules for projects hold."""
        organization, new = self._organization(), self.change["project"]
        self._put(organization["projects"], new, find(organization["projects"], "id", new["id"]))
        self._check("project", f"{self._last(organization)}/projects/{len(organization['projects']) - 1}")

    def put_member(self) -> None:
        """A row, whatever it says. The owner's is still an owner's."""
        organization, new = self._organization(), self.change["member"]
        self._put(organization["members"], new, find(organization["members"], "user", new["user"]))
        path = f"{self._last(organization)}/members/{len(organization['members']) - 1}"
        self._check("member", path, lambda fault: "/role" if fault[0] == "owner_not_admin" else "/user")

    def put_group(self) -> None:
        """With its members, who are the organization's."""
        organization, new = self._organization(), self.change["group"]
        groups = organization.setdefault("groups", [])
        self._put(groups, new, find(groups, "id", new["id"]))
        self._check("group", f"{self._last(organization)}/groups/{len(groups) - 1}")

    def put_collaborator(self) -> None:
        """A row of a user or a group, with effect or without."""
        organization, project, _ = self._place()
        rows, new = project["collaborators"], self.change["collaborator"]
        self._put(rows, new, next((row for row in rows if row_name(row) == row_name(new)), None))
        self._check("collaborator", f"{self._last(organization, project)}/collaborators/{len(rows) - 1}")

    def put_api_key(self) -> None:
        """With its digest, its makers and its ends."""
        organization, project, _ = self._place()
        keys, new = project["api_keys"], self.change["api_key"]
        self._put(keys, new, find(keys, "id", new["id"]))
        self._check("api_key", f"{self._last(organization, project)}/api_keys/{len(keys) - 1}", lambda _: "/kind")

    def put_resource(self) -> None:
        """Of a kind that may stand there."""
        organization, project, _ = self._place()
        things, new = project["resources"], self.change["resource"]
        same = next((thing for thing in things if (thing["kind"], thing["id"]) == (new["kind"], new["id"])), None)
        self._put(things, new, same)
        self._check("resource", f"{self._last(organization, project)}/resources/{len(things) - 1}")

    def put_user(self) -> None:
        """What an entry of `users` says, instead of what it said."""
        users, new = self.document["users"], self.change["user"]
        self._put(users, new, find(users, "id", new["id"]))
        self._check("user", f"/users/{len(users) - 1}")

    # How it is done

    def _put(self, entries: list[Json], new: Json, before: Json | None) -> None:
        """The entry stands last, so that whatever is doubled is a fault of its own."""
        entries[:] = [entry for entry in entries if entry is not before]
        entries.append(new)

    def _last(self, organization: Json, project: Json | None = None) -> str:
        """The place of an organization, or of a project of it, once it stands last."""
        organizations = self.document["organizations"]
        self._put(organizations, organization, organization)
        if project is None:
            return f"/organizations/{len(organizations) - 1}"
        self._put(organization["projects"], project, project)
        return f"/organizations/{len(organizations) - 1}/projects/{len(organization['projects']) - 1}"

    def _check(self, field: str, path: str, outside: Callable[[Fault], str] = lambda _: "") -> None:
        """Fails with the first fault of the entry, else with what it makes a fault of elsewhere; `outside` says where that is told."""
        order = list(places(self.document, ""))
        found = sorted(Meaning(self.document, self.policy).faults(), key=lambda fault: order.index(fault[1]))
        for code, place in found:
            if place == path or place.startswith(f"{path}/"):
                if code == "duplicate_id" and not self._twice_inside(path, place, order):
                    code = "already_exists"
                raise OracleError(code, f"/{field}{place.removeprefix(path)}")
        for fault in found:
            raise OracleError(fault[0], f"/{field}{outside(fault)}")

    def _twice_inside(self, path: str, place: str, order: list[str]) -> bool:
        """Whether an id is doubled in the entry itself, or is that of something elsewhere."""
        *_, entries, _, last = place.split("/")
        if last != "id":
            # Rows name people and groups, each once in their list.
            return True
        before = [other for other in order[: order.index(place)] if other.startswith(f"{path}/") and other.endswith("/id")]
        same = [other for other in before if other.split("/")[-3] == entries]
        return identity(self.document, place) in [identity(self.document, other) for other in same]


def identity(document: Any, place: str) -> tuple[str | None, str]:
    """What an entry is known by: each kind of resource has ids of its own."""
    found = document
    for step in place.split("/")[1:-1]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found.get("kind") if place.split("/")[-3] == "resources" else None, found["id"]
