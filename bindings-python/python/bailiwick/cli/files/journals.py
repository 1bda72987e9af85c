"""Loads journals, recognized by their first bytes, and the directories of their moments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer

from bailiwick import Bailiwick, Timeline
from bailiwick.journal import Journal

from ..terminal.errors import UnwritableError, reason
from ..terminal.progress import working
from .directories import load, load_bytes
from .input import STANDARD, display_name, opened, read, unreadable
from .limits import DIRECTORY_BYTES
from .signing import public_keys_from

# Only part of the magic, so that damage after it is reported as damage.
MAGIC: Final = b"\x89BWJ"


def is_journal(data: bytes) -> bool:
    """Whether these are the bytes of a journal, even a damaged one."""
    return data.startswith(MAGIC)


def load_timeline(journal: str, *, public_key: list[str] | None = None) -> Timeline:
    """The timeline of a journal, which another process may be writing. Raises BailiwickError as Journal.read, and UnreadableError."""
    data = read(journal, most=DIRECTORY_BYTES)
    if not is_journal(data):
        raise unreadable(journal, "it is not a journal; `bailiwick timeline init` makes one")
    return _timeline(journal, data, public_key)


def load_source(directory: str, *, policy: str | None = None, public_key: list[str] | None = None) -> Bailiwick | Timeline:
    """The engine of a directory, or the timeline of a journal."""
    if directory == STANDARD or not _begins_a_journal(directory):
        return load(directory, policy=policy, public_key=public_key)
    if policy is not None:
        raise typer.BadParameter("a journal has its own policies; --policy is for directory documents")
    return load_timeline(directory, public_key=public_key)


def snapshot_of(directory: str, issued_at: str | None, *, policy: str | None, public_key: list[str] | None) -> bytes:
    """A directory as a snapshot: as it is if it is one."""
    data = read(directory, most=DIRECTORY_BYTES)
    guard = load_bytes(data, policy=policy, public_key=public_key)
    return guard.to_snapshot(issued_at=issued_at or guard.issued_at)


@contextmanager
def open_journal(path: str, signing_key: bytes | None, public_key: list[str] | None) -> Iterator[Journal]:
    """A journal to append to. Raises BailiwickError as Journal.open, UnreadableError, and UnwritableError if another process writes it."""
    options: dict[str, Any] = {} if not public_key else {"public_keys": public_keys_from(public_key)}
    if not _begins_a_journal(path):
        raise unreadable(path, "it is not a journal; `bailiwick timeline init` makes one")
    try:
        journal = Journal.open(path, signing_key=signing_key, **options)
    except BlockingIOError as error:
        raise UnwritableError(f"{display_name(path)} cannot be written: another process is writing it") from error
    except OSError as error:
        raise UnwritableError(f"{display_name(path)} cannot be written: {reason(error)}") from error
    with journal:
        yield journal


def _timeline(path: str, data: bytes, public_key: list[str] | None) -> Timeline:
    keys: dict[str, Any] = {} if not public_key else {"public_keys": public_keys_from(public_key)}
    with working(f"loading {display_name(path)}", size=len(data)):
        timeline: Timeline = Timeline.from_journal(data, **keys)[0]
    return timeline


def _begins_a_journal(path: str) -> bool:
    if not os.path.isfile(path):
        # What is wrong with it is told by whoever reads it.
        return False
    try:
        with opened(path) as file:
            return is_journal(file.read(len(MAGIC)))
    except OSError as error:
        raise unreadable(path, reason(error)) from error
