"""What a feed needs of a store."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable


class Found(NamedTuple):
    """An object as it was read."""

    data: bytes
    etag: str
    """Changes whenever the object does."""


class Unchanged(Enum):
    """The object is still the one that was seen."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
Answer: TypeAlias = Found | Literal[Unchanged.UNCHANGED] | None


class NotAsSeenError(Exception):
    """An object is not the one that was seen, so nothing was written."""


@runtime_checkable
class Reading(Protocol):
    """A store to read from. Calls raise OSError if the store cannot be reached."""

    def get(self, key: str, seen: str | None = None) -> Answer:
        """An object, or None if there is none. UNCHANGED if its etag is `seen`."""
        ...


@runtime_checkable
class Store(Reading, Protocol):
    """A store to publish to. A call that raises OSError may have had its effect or not."""

    def put(self, key: str, data: bytes, seen: str | None) -> str:
        """Write an object if its etag is `seen`, or if there is none and `seen` is None. Returns its etag. Raises NotAsSeenError."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        ...
