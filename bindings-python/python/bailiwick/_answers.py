"""Answers whose classes are written in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ._bailiwick import Attribution

if TYPE_CHECKING:
    from .types import EntryKey, ErrorCode


class Attributions(list[Attribution]):
    """The answers to a batch of usage, one for each row.

    `unattributed` counts the rows that could not be attributed. Their reason is an error code.
    """

    unattributed: int

    def __init__(self, rows: Iterable[Attribution], unattributed: int) -> None:
        super().__init__(rows)
        self.unattributed = unattributed


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing.

    `items` are ids, references or actions, in byte order. `next_cursor` is the cursor of the next page; None on the last page.
    `len(page)`, `in` and iteration use the items.
    """

    items: list[str]
    next_cursor: str | None

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def to_dict(self) -> dict[str, Any]:
        """The page as a dict of JSON values."""
        return {"items": self.items, "next_cursor": self.next_cursor}


@dataclass(frozen=True, slots=True)
class LostProject:
    """A `principal`, as a reference, and the id of a `project` that it would lose access to."""

    principal: str
    project: str


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What a `principal` gains or loses `on` an organization, a project or an organization default key. Both are references.

    `actions` are in byte order.
    """

    principal: str
    on: str
    actions: list[str]


@dataclass(frozen=True, slots=True)
class AlteredEntry:
    """An entry that a change would alter, as a row of a table: what it was and what it would be.

    `entry` says which entry: its `table`, and its ids. `before` is None for a new entry, and `after` for one that is removed. Both have
    the fields of a document without the lists, and the ids of what the entry belongs to. In `api_keys` that is `in_project`, because
    `projects` is what the key reaches.
    """

    entry: EntryKey
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. Every list is in byte order.

    `revision` is the revision after the change. `gained` is what principals may do afterwards and not before, `lost` the reverse.
    `projects_lost` lists who would lose access to which project. `live_api_keys` are the ids of API keys that would stay valid although
    their maker loses the project. `booked_elsewhere` are the principals, as references, whose usage would be booked to another
    organization or project. `rows` are the entries that would be altered: a host writes them into its database.
    """

    revision: int
    gained: list[AccessRow]
    lost: list[AccessRow]
    projects_lost: list[LostProject]
    live_api_keys: list[str]
    booked_elsewhere: list[str]
    rows: list[AlteredEntry]

    def to_dict(self) -> dict[str, Any]:
        """The preview as a dict of JSON values."""
        return asdict(self)


def preview(document: dict[str, Any]) -> Preview:
    """A preview from what the extension passes."""
    return Preview(
        revision=document["revision"],
        gained=[AccessRow(**row) for row in document["gained"]],
        lost=[AccessRow(**row) for row in document["lost"]],
        projects_lost=[LostProject(**row) for row in document["projects_lost"]],
        live_api_keys=document["live_api_keys"],
        booked_elsewhere=document["booked_elsewhere"],
        rows=[AlteredEntry(**row) for row in document["rows"]],
    )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a reconcile did, or would do: the `revision` afterwards, and the `changes`, as `apply` takes them."""

    revision: int
    changes: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """The reconciliation as a dict of JSON values."""
        return {"revision": self.revision, "changes": self.changes}


def reconciliation(document: dict[str, Any]) -> Reconciliation:
    """A reconciliation from what the extension passes."""
    return Reconciliation(**document)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a document (`code`, `path`, `message`), and its place in the text (`line`, `column`, both from 1)."""

    code: ErrorCode
    """What is wrong, such as `unknown_role`."""
    path: str
    """Where: a JSON pointer into the document; empty for the whole of it."""
    message: str
    """What is wrong, as a sentence. It can change between releases."""
    line: int
    """The line where it begins, from 1."""
    column: int
    """The column where it begins, from 1, in characters."""

    def to_dict(self) -> dict[str, Any]:
        """The fault as a dict of JSON values."""
        return {"code": self.code, "path": self.path, "message": self.message, "line": self.line, "column": self.column}


class ApiKeySecret(NamedTuple):
    """A `secret` for an API key, which is shown once, and its `digest` (`sha256:` and 64 hexadecimal digits), which the directory gets."""

    secret: str
    digest: str

    def __repr__(self) -> str:
        # Printing it must not put the secret into a log.
        return f"ApiKeySecret(secret=…, digest={self.digest!r})"


for _class in (AccessRow, AlteredEntry, ApiKeySecret, Attributions, Fault, LostProject, Page, Preview, Reconciliation):
    _class.__module__ = "bailiwick"
