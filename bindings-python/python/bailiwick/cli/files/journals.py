"""Loads journals, recognized by their first bytes, and the directories of their moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer

from bailiwick import Bailiwick, BailiwickError, Timeline
from bailiwick.journal import Journal

from ..terminal.errors import UnwritableError, reason
from ..terminal.progress import working
from .directories import load_bytes, loaded
from .input import STANDARD, display_name, opened, read, unreadable
from .limits import DIRECTORY_BYTES
from .signing import public_keys_from

# Only part of the magic, so that damage after it is reported as damage.
MAGIC: Final = b"\x89BWJ"
NO_JOURNAL: Final = "it is not a journal; `bailiwick timeline init` makes one"


def is_journal(data: bytes) -> bool:
    """Whether these are the bytes of a journal, even a damaged one."""
    return data.startswith(MAGIC)


def load_timeline(journal: str, *, public_key: list[str] | None = None) -> Timeline:
    """The timeline of a journal, which another process may be writing. Raises BailiwickError as Journal.read, and UnreadableError."""
    data = read(journal, most=DIRECTORY_BYTES)
    if not is_journal(data):
        raise unreadable(journal, NO_JOURNAL)
    return _timeline(journal, data, public_key)


def load_source(directory: str, *, policy: str | None = None, public_key: list[str] | None = None) -> Bailiwick | Timeline:
    """The engine of a directory, or the timeline of a journal."""
    data = read(directory, most=DIRECTORY_BYTES)
    if not is_journal(data):
        return loaded(directory, data, policy=policy, public_key=public_key)
    if policy is not None:
        raise typer.BadParameter("a journal has its own policies; --policy is for directory documents")
    return _timeline(directory, data, public_key)


def snapshot_of(directory: str, issued_at: str | None, *, policy: str | None, public_key: list[str] | None) -> bytes:
    """A directory as a snapshot: as it is if it is one."""
    data = read(directory, most=DIRECTORY_BYTES)
    guard = load_bytes(data, policy=policy, public_key=public_key)
    return guard.to_snapshot(issued_at=issued_at or guard.issued_at)


@contextmanager
def open_journal(path: str, signing_key: bytes | None, public_key: list[str] | None) -> Iterator[Journal]:
    """A journal to append to. Raises BailiwickError as Journal.open, UnreadableError, and UnwritableError if another process writes it."""
    options: dict[str, Any] = {} if not public_key else {"public_keys": public_keys_from(public_key)}
    if path == STANDARD:
        raise typer.BadParameter("a journal that is written is a file")
    if not _begins_a_journal(path):
        raise unreadable(path, NO_JOURNAL)
    try:
        journal = Journal.open(path, signing_key=signing_key, **options)
    except BlockingIOError as error:
        raise UnwritableError(f"{display_name(path)} cannot be written: another process is writing it") from error
    except OSError as error:
        raise UnwritableError(f"{display_name(path)} cannot be written: {reason(error)}") from error
    with journal:
        try:
            yield journal
        except BailiwickError:
            # One that is forbidden is an OSError too.
            raise
        except OSError as error:
            raise UnwritableError(f"{display_name(path)} cannot be written, and is as it was: {reason(error)}") from error


def _timeline(path: str, data: bytes, public_key: list[str] | None) -> Timeline:
    keys: dict[str, Any] = {} if not public_key else {"public_keys": public_keys_from(public_key)}
    with working(f"loading {display_name(path)}", size=len(data)):
        timeline: Timeline = Timeline.from_journal(data, **keys)[0]
    return timeline


def _begins_a_journal(path: str) -> bool:
    try:
        with opened(path) as file:
            return is_journal(file.read(len(MAGIC)))
    except OSError as error:
        raise unreadable(path, reason(error)) from error
