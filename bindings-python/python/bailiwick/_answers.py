"""Answers whose classes are written in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ._bailiwick import Attribution

if TYPE_CHECKING:
    from .types import ErrorCode


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
class Preview:
    """What a change would do. Every list is in byte order.

    `revision` is the revision after the change. `projects_lost` lists who would lose access to which project. `live_api_keys` are the ids
    of API keys that a removed user made and that would stay valid. `booked_elsewhere` are the principals, as references, whose usage would
    be booked to another organization or project.
    """

    revision: int
    projects_lost: list[LostProject]
    live_api_keys: list[str]
    booked_elsewhere: list[str]

    def to_dict(self) -> dict[str, Any]:
        """The preview as a dict of JSON values."""
        return {
            "revision": self.revision,
            "projects_lost": [{"principal": lost.principal, "project": lost.project} for lost in self.projects_lost],
            "live_api_keys": self.live_api_keys,
            "booked_elsewhere": self.booked_elsewhere,
        }


def preview(revision: int, lost: list[tuple[str, str]], live_api_keys: list[str], booked_elsewhere: list[str]) -> Preview:
    """A preview from what the extension passes."""
    return Preview(revision, [LostProject(*pair) for pair in lost], live_api_keys, booked_elsewhere)


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


for _class in (Attributions, Page, LostProject, Preview, Fault, ApiKeySecret):
    _class.__module__ = "bailiwick"
