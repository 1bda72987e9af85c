"""The rows of a directory that a question touches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ..terminal.freshness import is_before
from .question import Json, Question, Row, own


class DirectoryRows:
    """Finds them in a directory as it is written out."""

    def __init__(self, directory: Json, question: Question) -> None:
        self._directory = directory
        self._asked = question

    def freshness(self) -> Iterator[Row]:
        """What the directory says about its age."""
        yield Row("directory", "directory", "", own(self._directory))

    def organization(self) -> Iterator[Row]:
        """The organization that the question is about."""
        for path, organization in self._organizations():
            if organization["id"] == self._asked.organization:
                yield Row("organization", "directory", path, own(organization))

    def member(self) -> Iterator[Row]:
        """The principal's row among its members, or that there is none."""
        yield from self._member(self._asked.user)

    def is_member(self) -> bool:
        """Whether the principal is a member of that organization. A row that has ended counts as not there (A27)."""
        return any(row.row is not None and not self._has_ended(row.row) for row in self.member())

    def project(self) -> Iterator[Row]:
        """The project that the question is about."""
        for path, project, _ in self._projects():
            if project["id"] == self._asked.project:
                yield Row("project", "directory", path, own(project))

    def collaborator(self) -> Iterator[Row]:
        """The principal's row in that project, or that there is none."""
        yield from self._collaborator(self._asked.user)

    def groups(self) -> Iterator[Row]:
        """The groups of the principal that have a row in that project: the principal's row in the group, and the row of the group."""
        for path, project, organization in self._projects():
            if project["id"] == self._asked.project:
                groups = path.partition("/projects/")[0] + "/groups"
                for index, group in enumerate(organization.get("groups", [])):
                    inside = self._row_of(self._asked.user, "group member", f"{groups}/{index}/members", group["members"])
                    granted = self._row_of(group["id"], "group", f"{path}/collaborators", project["collaborators"], "group")
                    rows = [*inside, *granted]
                    if len(rows) == 2 and all(row.row is not None for row in rows):
                        yield from rows

    def external_rows(self) -> Iterator[Row]:
        """The principal's rows in all projects of the organization, each with the project, whose switch counts."""
        for path, project, organization in self._projects():
            if organization["id"] == self._asked.organization:
                for row in self._row_of(self._asked.user, "collaborator", f"{path}/collaborators", project["collaborators"]):
                    if row.row is not None:
                        yield row
                        yield Row("project", "directory", path, own(project))

    def key(self) -> Iterator[Row]:
        """The API key that asks."""
        yield from self._key(self._asked.key)

    def resource(self, api_key_kind: str | None) -> Iterator[Row]:
        """The resource that is asked about, if it is one in a project; it may be a key."""
        type_name, _, id_ = self._asked.resource.partition(":")
        if type_name == api_key_kind:
            yield from self._key(id_)
            return
        for path, project, _ in self._projects():
            for index, resource in enumerate(project["resources"]):
                if (resource["kind"], resource["id"]) == (type_name, id_):
                    yield Row("resource", "directory", f"{path}/resources/{index}", own(resource))

    def home(self) -> Iterator[Row]:
        """What says where the user is at home who asks, as whom the key acts that does, or who has made it."""
        makers = (row.row.get("acts_as") or row.row.get("created_by") for row in self.key())
        user = self._asked.user or next(makers, None)
        for path, organization in self._organizations():
            for row in self._row_of(user, "member", f"{path}/members", organization["members"]):
                if row.row is not None:
                    yield row
                    yield Row("home organization", "directory", path, own(organization))
        yield from self._entry(user)

    def suspension(self) -> Iterator[Row]:
        """Where the principal can be suspended: their entry, their membership, and for a key its project and organization."""
        for row in self.key():
            yield row
            for path, project, organization in self._projects():
                if row.what == "project of the key" and project["id"] == row.row["id"]:
                    yield Row("organization of the key", "directory", path.partition("/projects/")[0], own(organization))
        for user in (self._asked.user, self._acts_as()):
            yield from self._entry(user)
            yield from self._member(user)

    def key_user(self) -> Iterator[Row]:
        """What the user has as whom the key acts."""
        user = self._acts_as()
        yield from self._entry(user)
        yield from self._member(user)
        yield from self._collaborator(user)

    def scopes(self) -> list[str]:
        """The scopes of the key that asks."""
        return [scope for row in self.key() for scope in row.row.get("scopes") or []]

    def _acts_as(self) -> str | None:
        return next((row.row["acts_as"] for row in self.key() if row.row.get("acts_as") is not None), None)

    def _entry(self, user: str | None) -> Iterator[Row]:
        for index, entry in enumerate(self._directory["users"]):
            if entry["id"] == user:
                yield Row("user", "directory", f"/users/{index}", own(entry))

    def _member(self, user: str | None) -> Iterator[Row]:
        for path, organization in self._organizations():
            if organization["id"] == self._asked.organization:
                yield from self._row_of(user, "member", f"{path}/members", organization["members"])

    def _collaborator(self, user: str | None) -> Iterator[Row]:
        for path, project, _ in self._projects():
            if project["id"] == self._asked.project:
                yield from self._row_of(user, "collaborator", f"{path}/collaborators", project["collaborators"])

    def _has_ended(self, row: Json) -> bool:
        ends = row.get("expires_at")
        return ends is not None and not is_before(_written(self._asked.at), ends)

    def _key(self, wanted: str | None) -> Iterator[Row]:
        for path, project, _ in self._projects():
            for index, key in enumerate(project["api_keys"]):
                if key["id"] == wanted:
                    yield Row("API key", "directory", f"{path}/api_keys/{index}", {**own(key), **_limits(key)})
                    yield Row("project of the key", "directory", path, own(project))

    def _organizations(self) -> Iterator[tuple[str, Json]]:
        for index, organization in enumerate(self._directory["organizations"]):
            yield f"/organizations/{index}", organization

    def _projects(self) -> Iterator[tuple[str, Json, Json]]:
        """Every project with its place and its organization."""
        for path, organization in self._organizations():
            for index, project in enumerate(organization["projects"]):
                yield f"{path}/projects/{index}", project, organization

    @staticmethod
    def _row_of(grantee: str | None, what: str, path: str, rows: list[Json], by: str = "user") -> Iterator[Row]:
        if grantee is not None:
            found = ((index, row) for index, row in enumerate(rows) if row.get(by) == grantee)
            index, row = next(found, (None, None))
            yield Row(what, "directory", path if index is None else f"{path}/{index}", row)


def _limits(key: Json) -> Json:
    """The lists of a key, which are part of what it says itself."""
    return {name: key[name] for name in ("scopes", "projects") if name in key}


def _written(at: str | None) -> str:
    """An instant as the engine writes it; the present one for None."""
    try:
        instant = datetime.now(UTC) if at is None else datetime.fromisoformat(at.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return "0000"  # The engine has accepted it, and `datetime` has no year 0.
    return instant.replace(tzinfo=None).isoformat(timespec="milliseconds")
