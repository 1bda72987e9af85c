"""The bytes of a file of text, decompressed if needed, and without a byte order mark."""

from __future__ import annotations

import codecs
import os
from typing import IO, Any

from ..files.input import STANDARD, opened, read_up_to
from ..terminal.extras import arrow
from .budget import Budget

# The magic numbers. No text begins like this, so the content shows the compression, and standard input can be compressed too.
COMPRESSIONS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
LONGEST = max(map(len, COMPRESSIONS))


class TextSource:
    """Reads a file of text from its beginning."""

    def __init__(self, path: str) -> None:
        file = opened(path)
        self.total: int | None = None if path == STANDARD else os.fstat(file.fileno()).st_size
        """The size of the file; None if it has none."""
        self._file = _Counted(read_up_to(file, LONGEST), file)
        compression = next((name for start, name in COMPRESSIONS.items() if self._file.held.startswith(start)), None)
        self._budget = Budget(path) if compression else None
        self._text: Any = arrow().CompressedInputStream(self._file, compression) if compression else self._file
        start = self._next(len(codecs.BOM_UTF8))
        self._held = b"" if start == codecs.BOM_UTF8 else start

    @property
    def read_bytes(self) -> int:
        """How much of the file has been read."""
        return self._file.read_bytes

    def peek(self, size: int) -> bytes:
        """The next bytes of text, without consuming them."""
        self._held += self._next(size - len(self._held))
        return self._held[:size]

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of text, fewer at the end. Raises UnreadableError if the text expands beyond the limits."""
        held, self._held = self._held[:size], self._held[size:]
        more = self._next(size - len(held))
        return held + more if held else more

    def _next(self, size: int) -> bytes:
        if size <= 0:
            return b""
        before = self._file.read_bytes
        text = read_up_to(self._text, size)
        if self._budget is not None:
            self._budget.spend(self._file.read_bytes - before, len(text))
        return text


class _Counted:
    """A file whose beginning has already been read. It counts the bytes."""

    closed = False

    def __init__(self, held: bytes, file: IO[bytes]) -> None:
        self.held = held
        self.read_bytes = 0
        self._file = file

    def readable(self) -> bool:
        """Part of the file interface that Arrow uses."""
        return True

    def close(self) -> None:
        """Does nothing: the file belongs to the caller."""

    def read(self, size: int) -> bytes:
        held, self.held = self.held[:size], self.held[size:]
        data = held + self._file.read(size - len(held))
        self.read_bytes += len(data)
        return data
