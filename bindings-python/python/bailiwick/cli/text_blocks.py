"""Files of text in blocks of whole records. Arrow gets no more than such a block at a time, and never a stream that calls back into Python
from a thread of its own: those threads live on when the command ends, and take the process with them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from .inputs import STANDARD, opened, read_up_to, size_in_words, unreadable
from .limits import RECORD_BYTES

# Records of CSV as Arrow reads them: quotes mean something at the beginning of a field, and line breaks between them nothing. Quotes that
# end with the text may go on in the next block. Nothing is tried twice, so that any text takes time in proportion to its length.
_FIELD = rb'(?:"[^"]*+(?:""[^"]*+)*+"(?!\Z)|(?!"))[^,\r\n]*+'
_RECORD = rb"(?:(?:" + _FIELD + rb",)*+" + _FIELD + rb"(?:\r\n?|\n))"
CSV_RECORDS = re.compile(_RECORD + rb"*+")
CSV_HEADER = re.compile(rb"[\r\n]*+" + _RECORD)

End = Callable[[bytes, int, int], int]


def end_of_lines(data: bytes, start: int, end: int) -> int:
    """Where the last whole line ends. `start` where there is none."""
    return max(data.rfind(b"\n", start, end) + 1, start)


def end_of_csv_records(data: bytes, start: int, end: int) -> int:
    """Where the last whole record of CSV ends. `start` where there is none."""
    if data.find(b'"', start, end) < 0:
        return max(data.rfind(b"\n", start, end) + 1, data.rfind(b"\r", start, end) + 1, start)
    found = CSV_RECORDS.match(data, start, end)
    return start if found is None else found.end()


def csv_header(data: bytes) -> bytes:
    """The first record of CSV, with the empty lines before it; everything where that is not whole."""
    found = CSV_HEADER.match(data)
    return data if found is None else found[0]


class TextFile:
    """A file of text from its beginning. It counts what is read."""

    def __init__(self, path: str, record_end: End) -> None:
        self._path = path
        self._file = opened(path)
        self._record_end = record_end
        self._data = b""
        self._at = 0
        self._is_over = False
        self.total: int | None = None if path == STANDARD else os.fstat(self._file.fileno()).st_size
        """Its size, where it has one."""
        self.read_bytes: int = 0

    def block(self, size: int) -> bytes:
        """The next whole records: about so many bytes of them, and at least one. Empty at the end. Raises UnreadableError."""
        while True:
            self._fill(size)
            end = min(self._at + size, len(self._data))
            cut = self._rest() if self._is_over and end == len(self._data) else self._record_end(self._data, self._at, end)
            if cut > self._at or end == self._at:
                block = self._data[self._at : cut]
                self._at = cut
                return block
            if size >= RECORD_BYTES:
                longer = f"longer than {size_in_words(RECORD_BYTES)}"
                is_line = self._record_end is end_of_lines
                raise unreadable(self._path, f"a line is {longer}" if is_line else f"a row is {longer}, or a quote is never closed")
            size = min(2 * size, RECORD_BYTES)

    def blocks(self, size: int) -> Iterator[bytes]:
        """All further blocks."""
        while block := self.block(size):
            yield block

    def give_back(self, block: bytes) -> None:
        """Puts a block back before what follows it."""
        self._data, self._at = block + self._data[self._at :], 0

    def _rest(self) -> int:
        """The end of the last records. They may lack a line break, but a quote that is still open has swallowed rows."""
        rest = self._data[self._at :] + b"\n"
        if self._record_end(rest, 0, len(rest)) < len(rest):
            raise unreadable(self._path, "a quote is never closed")
        return len(self._data)

    def _fill(self, size: int) -> None:
        """Reads on until there are so many bytes, or no more."""
        missing = size - (len(self._data) - self._at)
        if missing > 0 and not self._is_over:
            part = read_up_to(self._file, missing)
            self.read_bytes += len(part)
            self._is_over = len(part) < missing
            self._data, self._at = self._data[self._at :] + part, 0
