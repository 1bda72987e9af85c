"""Standard output and standard error, as bytes."""

from __future__ import annotations

import io
import sys
from typing import IO, Any


class _Unbuffered(io.BufferedIOBase):
    """An unbuffered stream, as with PYTHONUNBUFFERED. It may write only part of the data, so this repeats until all is written."""

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


def binary_output(*, to_stderr: bool = False) -> IO[bytes]:
    """The bytes of one of the streams, after everything before was written. Call `flush` at the end."""
    stream: Any = sys.stderr if to_stderr else sys.stdout
    stream.flush()
    buffer: Any = stream.buffer
    return _Unbuffered(buffer) if isinstance(buffer, io.RawIOBase) else buffer  # type: ignore[return-value]  # as good as any for writing


def write(data: bytes, *, to_stderr: bool = False) -> None:
    """Writes bytes to one of them."""
    output = binary_output(to_stderr=to_stderr)
    output.write(data)
    output.flush()


def write_text(text: str, *, to_stderr: bool = False) -> None:
    """Writes text, with a question mark for each character that the encoding lacks."""
    stream = sys.stderr if to_stderr else sys.stdout
    write(text.encode(stream.encoding or "utf-8", "replace"), to_stderr=to_stderr)
