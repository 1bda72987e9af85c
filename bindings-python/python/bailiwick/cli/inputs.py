"""Files that are read whole, and the standard input, which is `-`."""

from __future__ import annotations

import sys

import typer

from bailiwick import UnreadableError

from .output import visible
from .problems import reason

STANDARD = "-"


def read(path: str) -> bytes:
    """The bytes of a file. Raises UnreadableError."""
    try:
        if path == STANDARD:
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise unreadable(path, reason(error)) from error


def named(path: str) -> str:
    """A file as messages name it."""
    return "the input" if path == STANDARD else f"`{visible(path)}`"


def unreadable(path: str, why: str) -> UnreadableError:
    """A file that cannot be read, and why."""
    return UnreadableError("unreadable", None, f"{named(path)} cannot be read: {why}")


def one_standard_input(*paths: str | None) -> None:
    """The input can be read once; whoever names it twice means something else."""
    if paths.count(STANDARD) > 1:
        raise typer.BadParameter("only one of the files can be `-`, the input")
