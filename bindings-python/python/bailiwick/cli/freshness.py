"""Whether a directory is too old to answer as of now, or never will be.

One that is too old denies everything, which looks like an answer about people. One that never is goes on allowing what has long been
taken away.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bailiwick import Bailiwick

from .output import MIDDLING, cell, note, warn


def note_if_stale(guard: Bailiwick) -> None:
    """Says that everything is denied, where that is so (rule A1)."""
    until = guard.fresh_until
    if until is not None and datetime.fromisoformat(until) < datetime.now(UTC):
        note(f"the directory is too old: as of now it denies everything (snapshot_stale); it was fresh until {until}")


def issue_instant(guard: Bailiwick, given: str | None, *, is_signed: bool) -> datetime | str | None:
    """When a snapshot is issued that is made now. None is what the directory says.

    A signature without a date would be valid for ever, so that what is signed is issued now unless anything else is said.
    """
    is_undated = given is None and guard.issued_at is None
    return datetime.now(UTC) if given == "now" or (is_signed and is_undated) else given


def warn_if_never_stale(made: Bailiwick) -> None:
    """Says of a snapshot that was just made that nothing ends its use, and what would."""
    if made.fresh_until is None:
        needed = "--max-age SECONDS" if made.issued_at else "--issued-at now and --max-age SECONDS"
        warn(
            "this snapshot never becomes stale, so an edge that is cut off goes on allowing what it holds; "
            f"`bailiwick compile` with {needed} sets an end"
        )


def fresh_until(until: str | None) -> object:
    """Until when a directory answers, for people."""
    return cell("never becomes stale", MIDDLING) if until is None else until
