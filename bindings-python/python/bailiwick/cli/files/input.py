"""Files that are read whole, and the standard input, which is `-`."""

from __future__ import annotations

import io
import sys
from typing import IO, cast

import typer

from bailiwick import UnreadableError

from ..terminal.console import visible
from ..terminal.errors import reason
from .limits import GIB, MIB

STANDARD = "-"


def read(path: str, *, most: int) -> bytes:
    """The bytes of a file, which may be so many at most. Raises UnreadableError."""
    try:
        file = opened(path)
        try:
            data = read_up_to(file, most + 1)
        finally:
            if path != STANDARD:
                file.close()
    except OSError as error:
        raise unreadable(path, reason(error)) from error
    if len(data) > most:
        raise unreadable(path, f"it is larger than {size_in_words(most)}")
    return data


def opened(path: str) -> IO[bytes]:
    """A file to read, or standard input."""
    if path != STANDARD:
        return open(path, "rb")
    # INVARIANT: Python has no such stream where the descriptor was closed by whoever started the process.
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise unreadable(path, "it is closed")
    return cast(IO[bytes], stream)


def read_up_to(file: IO[bytes], size: int) -> bytes:
    """So many bytes, or fewer at the end. Memory is taken as they come, and not as somebody has promised them."""
    data = file.read(min(size, MIB))
    if len(data) == size or not data:
        return data
    whole = io.BytesIO()
    while data:
        whole.write(data)
        data = file.read(min(size - whole.tell(), MIB))
    return whole.getvalue()


def size_in_words(size: int) -> str:
    """`16 MiB`, `2 GiB`."""
    return f"{size // GIB} GiB" if size >= GIB else f"{size // MIB} MiB"


def named(path: str) -> str:
    """A file as messages name it."""
    return "standard input" if path == STANDARD else f"`{visible(path)}`"


def unreadable(path: str, why: str) -> UnreadableError:
    """A file that cannot be read, and why."""
    return UnreadableError("unreadable", None, f"{named(path)} cannot be read: {why}")


def one_standard_input(*paths: str | None) -> None:
    """The input can be read once; whoever names it twice means something else."""
    if paths.count(STANDARD) > 1:
        raise typer.BadParameter("only one of the files can be `-`, the input")
