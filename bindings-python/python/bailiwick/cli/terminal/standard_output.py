"""The output and the error output, as bytes."""

from __future__ import annotations

import io
import sys
from typing import IO, Any


class _Unbuffered(io.BufferedIOBase):
    """An output without a buffer, such as PYTHONUNBUFFERED makes of it: it may take less than it is given, and is made to take all."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        left = memoryview(data).cast("B")
        size = len(left)
        while len(left):
            taken = self._raw.write(left)
            if taken is None:
                raise BlockingIOError
            left = left[taken:]
        return size


def binary_output(*, is_beside: bool = False) -> IO[bytes]:
    """One of them to write to, with all before it written. `flush` brings it out."""
    stream: Any = sys.stderr if is_beside else sys.stdout
    stream.flush()
    buffer: Any = stream.buffer
    return _Unbuffered(buffer) if isinstance(buffer, io.RawIOBase) else buffer  # type: ignore[return-value]  # as good as any for writing


def write(data: bytes, *, is_beside: bool = False) -> None:
    """Writes bytes to one of them."""
    output = binary_output(is_beside=is_beside)
    output.write(data)
    output.flush()


def write_text(text: str, *, is_beside: bool = False) -> None:
    """Writes text, with a question mark for each sign that the output does not have."""
    stream = sys.stderr if is_beside else sys.stdout
    write(text.encode(stream.encoding or "utf-8", "replace"), is_beside=is_beside)
