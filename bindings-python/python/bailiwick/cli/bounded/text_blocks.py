"""Files of text in blocks of whole records.

Arrow gets one such block at a time, and never a stream, which it would read from a thread of its own: such a thread outlives the command,
and kills the process when it calls Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from ..files.input import format_size, unreadable
from ..files.limits import RECORD_BYTES
from .text_source import TextSource

End = Callable[[bytes, int, int], int]


@cache
def _csv_record(delimiter: str) -> bytes:
    """A pattern of CSV records as Arrow reads them: a quote opens only at the beginning of a field, and may enclose line breaks.

    A quote at the end of the text may continue in the next block. The pattern does not backtrack, so it takes linear time.
    """
    between = re.escape(delimiter.encode())
    field = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?!\Z)|(?!"))[^' + between + rb"\r\n]*+"
    return rb"(?:(?:" + field + between + rb")*+" + field + rb"(?:\r\n?|\n))"


def end_of_lines(data: bytes, start: int, end: int) -> int:
    """The end of the last whole line; `start` if there is none."""
    return max(data.rfind(b"\n", start, end) + 1, start)


def end_of_csv_records(delimiter: str) -> End:
    """The same for records of CSV."""
    records = re.compile(_csv_record(delimiter) + rb"*+")

    def end_of_records(data: bytes, start: int, end: int) -> int:
        if data.find(b'"', start, end) < 0:
            return max(data.rfind(b"\n", start, end) + 1, data.rfind(b"\r", start, end) + 1, start)
        found = records.match(data, start, end)
        return start if found is None else found.end()

    return end_of_records


def csv_header(data: bytes, delimiter: str) -> bytes:
    """The first record of CSV, with the empty lines before it; all of the data if that record is incomplete."""
    found = re.match(rb"[\r\n]*+" + _csv_record(delimiter), data)
    return data if found is None else found[0]


class TextFile:
    """Reads a file of text from its beginning."""

    def __init__(self, path: str, source: TextSource, record_end: End) -> None:
        self._path = path
        self._source = source
        self._record_end = record_end
        self._data = b""
        self._at = 0
        self._is_over = False
        self.total: int | None = source.total
        """Its size; None if it has none."""

    @property
    def read_bytes(self) -> int:
        """How much of it has been read."""
        return self._source.read_bytes

    def block(self, size: int) -> bytes:
        """The next whole records: about `size` bytes, and at least one record. Empty at the end. Raises UnreadableError."""
        while True:
            self._fill(size)
            end = min(self._at + size, len(self._data))
            cut = self._rest() if self._is_over and end == len(self._data) else self._record_end(self._data, self._at, end)
            if cut > self._at or end == self._at:
                block = self._data[self._at : cut]
                self._at = cut
                return block
            if size >= RECORD_BYTES:
                longer = f"longer than {format_size(RECORD_BYTES)}"
                is_line = self._record_end is end_of_lines
                raise unreadable(self._path, f"a line is {longer}" if is_line else f"a row is {longer}, or a quote is never closed")
            size = min(2 * size, RECORD_BYTES)

    def blocks(self, size: int) -> Iterator[bytes]:
        """The remaining blocks."""
        while block := self.block(size):
            yield block

    def unread(self, block: bytes) -> None:
        """Puts a block back, to be read again."""
        self._data, self._at = block + self._data[self._at :], 0

    def _rest(self) -> int:
        """The end of the last records. The last may lack a line break, but not a closing quote: an open one has swallowed rows."""
        rest = self._data[self._at :] + b"\n"
        if self._record_end(rest, 0, len(rest)) < len(rest):
            raise unreadable(self._path, "a quote is never closed")
        return len(self._data)

    def _fill(self, size: int) -> None:
        """Reads until `size` bytes are available, or the file ends."""
        missing = size - (len(self._data) - self._at)
        if missing > 0 and not self._is_over:
            part = self._source.read(missing)
            self._is_over = len(part) < missing
            self._data, self._at = self._data[self._at :] + part, 0
