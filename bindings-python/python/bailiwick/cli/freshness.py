"""Whether a directory is too old to answer as of now. It then denies everything, which looks like an answer about people."""

from __future__ import annotations

from datetime import UTC, datetime

from bailiwick import Bailiwick

from .output import note


def note_if_stale(guard: Bailiwick) -> None:
    """Says that everything is denied, where that is so (rule A1)."""
    until = guard.fresh_until
    if until is not None and datetime.fromisoformat(until) < datetime.now(UTC):
        note(f"the directory is too old: as of now it denies everything (snapshot_stale); it was fresh until {until}")
