"""Atomic output: a file is written completely, or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from ..terminal.console import visible
from ..terminal.errors import UnwritableError, reason
from ..terminal.interruption import uninterrupted
from ..terminal.standard_output import binary_output
from .input import STANDARD

_drafts: set[str] = set()


def remove_drafts() -> None:
    """Removes unfinished files, for a process that ends without unwinding the stack."""
    for draft in list(_drafts):
        with suppress(OSError):
            os.unlink(draft)


@contextmanager
def output_file(path: str, *, mode: int | None = None, is_new: bool = False) -> Iterator[IO[bytes]]:
    """A file to write, which gets its name when the block ends without an error. Every command writes through this.

    It is written to a temporary file in the same folder, synced, and renamed. After an error or an interruption, an existing file is
    unchanged, and the temporary one is removed. `-` is standard output; pipes and devices are written directly.

    `mode` are the permissions; without it those of the replaced file, or the default. With `is_new` no file is replaced.
    Raises UnwritableError.
    """
    if path == STANDARD:
        output = binary_output()
        yield output
        output.flush()
        return
    place = os.path.realpath(path)
    known = _status(place)
    if known is not None and is_new:
        raise UnwritableError(f"`{visible(path)}` already exists and is not overwritten")
    if known is not None and not stat.S_ISREG(known.st_mode):
        with _opened(path, place, os.O_WRONLY, 0) as file:
            yield file
        return
    if mode is None and known is not None:
        mode = stat.S_IMODE(known.st_mode)
    folder, name = os.path.split(place)
    draft = os.path.join(folder, f".{name[:100]}.{secrets.token_hex(8)}.part")
    _drafts.add(draft)
    try:
        with _opened(path, draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode) as file:
            if mode is not None:
                os.chmod(draft, mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        with uninterrupted():
            _put(path, draft, place, is_new=is_new)
    except BaseException:
        with uninterrupted(), suppress(OSError):
            os.unlink(draft)
        raise
    finally:
        _drafts.discard(draft)


def _status(place: str) -> os.stat_result | None:
    try:
        return os.stat(place)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnwritableError(f"`{visible(place)}` cannot be written: {reason(error)}") from error


def _opened(path: str, place: str, flags: int, mode: int) -> IO[bytes]:
    try:
        return os.fdopen(os.open(place, flags | getattr(os, "O_BINARY", 0), mode), "wb")
    except OSError as error:
        raise UnwritableError(f"`{visible(path)}` cannot be written: {reason(error)}") from error


def _put(path: str, draft: str, place: str, *, is_new: bool) -> None:
    """Renames a file, and syncs the folder."""
    try:
        if is_new:
            # Unlike renaming, this fails if such a file was created meanwhile.
            os.link(draft, place)
            os.unlink(draft)
        else:
            os.replace(draft, place)
    except OSError as error:
        raise UnwritableError(f"`{visible(path)}` cannot be written: {reason(error)}") from error
    if os.name == "posix":
        # Some file systems cannot sync folders; the file is renamed all the same.
        with suppress(OSError):
            folder = os.open(os.path.dirname(place), os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
