"""A file of usage as a stream of batches, of which only a few are in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bailiwick import BailiwickError

from ..files.input import STANDARD, unreadable
from ..terminal.errors import reason
from ..terminal.extras import arrow
from .batches import Batches, Selection
from .columnar import open_arrow, open_parquet
from .formats import NAMES, Format
from .text import open_csv, open_jsonl

OPENERS: dict[Format, Callable[[str, Selection], Batches]] = {
    Format.PARQUET: open_parquet,
    Format.ARROW: open_arrow,
    Format.CSV: open_csv,
    Format.JSONL: open_jsonl,
}
# Arrow's messages can repeat content of the file. These parts of them do not.
WITHOUT_CONTENT = re.compile(
    r"CSV parse error: (?:Row #\d+: )?Expected \d+ columns, got \d+"
    r"|CSV parse error: [A-Za-z ]+"
    r"|In CSV column #\d+"
    r"|JSON parse error: Column\([^)]{0,200}\) was specified twice in row \d+"
    r"|JSON parse error: Column\([^)]{0,200}\) changed from \w+ to \w+ in row \d+"
    r"|JSON parse error: [A-Za-z ,]+\. in row \d+"
    r"|JSON parse error: [A-Za-z ]+"
    r"|Parquet [^:]*"
)


class UsageFile:
    """A file of usage that is being read."""

    def __init__(self, path: str, batches: Batches) -> None:
        self.total: int | None = batches.total
        self.written_as: Mapping[str, Any] = batches.written_as
        """The types of columns that are read more exactly than they are written."""
        self.reader: Any = arrow().RecordBatchReader.from_batches(batches.schema, self._watched(batches))
        """The stream, which can be read once."""
        self.failure: BaseException | None = None
        """Why reading ended early. The reader of the stream may see only that it did."""
        self._path = path
        self._batches = batches
        self._rows = 0

    @property
    def done(self) -> int:
        """How much of the total has been read."""
        return self._batches.done() if self._batches.done else self._rows

    def _watched(self, batches: Batches) -> Iterator[Any]:
        try:
            for batch in batches.batches:
                self._rows += batch.num_rows
                # Schemas of files have metadata, which can differ between batches.
                yield arrow().RecordBatch.from_arrays(batch.columns, schema=batches.schema)
        except GeneratorExit:
            raise
        except BaseException as error:
            is_damage = isinstance(error, damage()) and not isinstance(error, BailiwickError)
            self.failure = unreadable(self._path, _reason(error)) if is_damage else error
            raise


def damage() -> tuple[type[Exception], ...]:
    """The exceptions of reading a damaged file, or one of another format."""
    # Besides those of Arrow: invalid UTF-8 (ValueError), numbers and indices out of bounds, and lack of memory.
    return arrow().ArrowException, OSError, ValueError, ArithmeticError, LookupError, MemoryError


def open_usage(path: str, file_format: Format, selection: Selection) -> UsageFile:
    """Opens a file. Raises UnreadableError, also for a file that is not in the format of its name."""
    if path != STANDARD:
        try:
            with open(path, "rb"):
                pass
        except OSError as error:
            raise unreadable(path, reason(error)) from error
    try:
        return UsageFile(path, OPENERS[file_format](path, selection))
    except BailiwickError:
        raise
    except damage() as error:
        raise unreadable(path, f"it is not a valid {NAMES[file_format]} file: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    """What is wrong with a file, without repeating its content."""
    if isinstance(error, OSError) and error.errno is not None and error.strerror:
        return reason(error)
    found = WITHOUT_CONTENT.match(str(error))
    return found.group().lower() if found else "its content is damaged, or of another format"
