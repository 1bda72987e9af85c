"""The input and output of the readers of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..files.input import unreadable
from ..files.limits import COLUMNS, NAME_CHARACTERS


@dataclass(frozen=True)
class Selection:
    """The columns that are read."""

    named: frozenset[str]
    """The columns of usage, by their names in the file."""
    optional: frozenset[str]
    """Those of them that may be absent."""
    keeps_all: bool
    """Whether all other columns are read as well, because they are part of the output."""
    instant: str | None
    """The column with the time of the usage."""
    delimiter: str | None
    """The delimiter of CSV; None to detect it."""
    cost: str | None
    """The column of costs, which is read exactly."""

    def of(self, names: Iterable[str]) -> list[str]:
        """Those of a file's columns that are read."""
        return [name for name in names if self.keeps_all or name in self.named]


@dataclass(frozen=True)
class Batches:
    """A table as a stream of batches."""

    schema: Any
    batches: Iterable[Any]
    total: int | None
    """The total size: rows, or bytes if `done` counts bytes. None if it is unknown."""
    done: Callable[[], int] | None = None
    """How many bytes have been read; None where rows are counted."""
    written_as: Mapping[str, Any] = field(default_factory=dict)
    """The types of columns that are read more exactly than they are written."""


def column_path(name: str) -> str:
    """The path of a column in an error, cut like the engine's paths."""
    return "/" + name[:NAME_CHARACTERS].replace("~", "~0").replace("/", "~1")


def leaves(fields: Iterable[Any]) -> int:
    """How many columns there are, nested ones included."""
    return sum(1 + leaves(one.type.field(number) for number in range(one.type.num_fields)) for one in fields)


def check_columns(path: str, schema: Iterable[Any]) -> None:
    """Refuses a file of too many columns. Raises UnreadableError."""
    if leaves(schema) > COLUMNS:
        raise unreadable(path, f"it has more than {COLUMNS:,} columns")
