"""What is looked at for an answer: a question, and the rows that it touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = Any

# No use for an explanation, and the less often it is shown the better.
HIDDEN = "digest"


@dataclass(frozen=True)
class Question:
    """Whom and what it is about; what is not asked is empty."""

    principal: str
    action: str = ""
    resource: str = ""
    kind: str = ""
    surface: str = ""
    organization: str | None = None
    project: str | None = None
    at: str | None = None
    """The instant, in RFC 3339; the present if None."""

    @property
    def user(self) -> str | None:
        """The id of the principal, if it is a user."""
        return self._id_of("user")

    @property
    def key(self) -> str | None:
        """The id of the principal, if it is an API key."""
        return self._id_of("api_key")

    def _id_of(self, wanted: str) -> str | None:
        type_name, _, id_ = self.principal.partition(":")
        return id_ if type_name == wanted else None


@dataclass(frozen=True)
class Row:
    """One thing that was looked at."""

    what: str
    document: str
    """`directory`, or the id of the policy."""
    path: str
    """Where it stands there, as a JSON pointer; of a row that is not there, the list that it would be in."""
    row: Json
    """The row itself. None where there is no such row, which is what counts then."""

    def to_dict(self) -> dict[str, Json]:
        """The row as a dict of JSON values."""
        return {"what": self.what, "document": self.document, "path": self.path, "row": self.row}


def own(row: dict[str, Json]) -> dict[str, Json]:
    """What a row says itself, without the lists that hang below it."""
    return {name: value for name, value in row.items() if not isinstance(value, (list, dict)) and name != HIDDEN}
