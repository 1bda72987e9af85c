"""Files that are read whole, and standard input, which is `-`."""

from __future__ import annotations

import io
import os
import sys
from typing import IO, cast

import typer

from bailiwick import UnreadableError

from ..terminal.console import visible
from ..terminal.errors import reason
from .limits import GIB, MIB

STANDARD = "-"


def read(path: str, *, most: int) -> bytes:
    """The bytes of a file, at most `most`. Raises UnreadableError."""
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
        raise unreadable(path, f"it is larger than {format_size(most)}")
    return data


def opened(path: str) -> IO[bytes]:
    """A file to read, or standard input."""
    if path != STANDARD:
        return open(path, "rb")
    # Python has no such stream if the process was started with a closed descriptor.
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise unreadable(path, "it is closed")
    return cast(IO[bytes], stream)


def read_up_to(file: IO[bytes], size: int) -> bytes:
    """Up to `size` bytes, fewer at the end. Memory is allocated as bytes arrive, and not for a promised size."""
    data = file.read(min(size, MIB))
    if len(data) == size or not data:
        return data
    whole = io.BytesIO()
    while data:
        whole.write(data)
        data = file.read(min(size - whole.tell(), MIB))
    return whole.getvalue()


def format_size(size: int) -> str:
    """`16 MiB`, `2 GiB`."""
    return f"{size // GIB} GiB" if size >= GIB else f"{size // MIB} MiB"


def display_name(path: str) -> str:
    """The name of a file in messages."""
    return "standard input" if path == STANDARD else f"`{visible(path)}`"


def unreadable(path: str, why: str) -> UnreadableError:
    """The error for a file that cannot be read."""
    return UnreadableError("unreadable", None, f"{display_name(path)} cannot be read: {why}")


def refuse_overwriting(output: str | None, *inputs: str | None) -> None:
    """Refuses an output that would replace a file that is read, such as the journal that bills rest on."""
    for path in inputs:
        if output not in {None, STANDARD} and path not in {None, STANDARD} and os.path.realpath(str(output)) == os.path.realpath(str(path)):
            raise typer.BadParameter(f"the output would overwrite {display_name(str(path))}, which is being read")


def one_standard_input(*paths: str | None) -> None:
    """Refuses standard input for more than one file: it can be read only once."""
    if paths.count(STANDARD) > 1:
        raise typer.BadParameter("only one of the files can be `-`, standard input")
