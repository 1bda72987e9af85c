"""The rows of a directory that a question touches."""

from __future__ import annotations

from collections.abc import Iterator

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
        for path, organization in self._organizations():
            if organization["id"] == self._asked.organization:
                yield from self._row_of(self._asked.user, "member", f"{path}/members", organization["members"])

    def project(self) -> Iterator[Row]:
        """The project that the question is about."""
        for path, project, _ in self._projects():
            if project["id"] == self._asked.project:
                yield Row("project", "directory", path, own(project))

    def collaborator(self) -> Iterator[Row]:
        """The principal's row in that project, or that there is none."""
        for path, project, _ in self._projects():
            if project["id"] == self._asked.project:
                yield from self._row_of(self._asked.user, "collaborator", f"{path}/collaborators", project["collaborators"])

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
        """What says where the user is at home who asks, or who has made the key that does."""
        makers = (row.row.get("created_by") for row in self.key())
        user = self._asked.user or next(makers, None)
        for path, organization in self._organizations():
            for row in self._row_of(user, "member", f"{path}/members", organization["members"]):
                if row.row is not None:
                    yield row
                    yield Row("home organization", "directory", path, own(organization))
        for index, entry in enumerate(self._directory["users"]):
            if entry["id"] == user:
                yield Row("user", "directory", f"/users/{index}", own(entry))

    def _key(self, wanted: str | None) -> Iterator[Row]:
        for path, project, _ in self._projects():
            for index, key in enumerate(project["api_keys"]):
                if key["id"] == wanted:
                    yield Row("API key", "directory", f"{path}/api_keys/{index}", own(key))
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
    def _row_of(user: str | None, what: str, path: str, rows: list[Json]) -> Iterator[Row]:
        if user is not None:
            found = ((index, row) for index, row in enumerate(rows) if row["user"] == user)
            index, row = next(found, (None, None))
            yield Row(what, "directory", path if index is None else f"{path}/{index}", row)
