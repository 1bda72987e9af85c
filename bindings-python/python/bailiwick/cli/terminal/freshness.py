"""The age of a directory: stale, issued in the future, or without an age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bailiwick import Bailiwick, InvalidInputError

from .console import MIDDLING, cell, note, warn

# How much clocks may differ. The engine has the same tolerance for snapshots and deltas.
CLOCK_TOLERANCE = timedelta(seconds=300)


def note_if_stale(guard: Bailiwick) -> None:
    """Notes that a stale directory denies everything (rule A1): an empty answer would look like missing permissions."""
    if guard.is_stale():
        note(f"the directory is stale: it denies everything now (snapshot_stale); it was fresh until {guard.fresh_until}")


def issue_instant(guard: Bailiwick, given: str | None, *, is_signed: bool) -> datetime | str | None:
    """The time of issue of a new snapshot. None keeps that of the directory.

    A signed snapshot without a time of issue would be valid for ever. So a signed one is issued now, unless told otherwise.
    """
    is_undated = given is None and guard.issued_at is None
    return datetime.now(UTC) if given == "now" or (is_signed and is_undated) else given


def warn_if_never_stale(guard: Bailiwick) -> None:
    """Warns about a directory that never becomes stale, and says how to change that."""
    if guard.fresh_until is None:
        needed = "--max-age SECONDS" if guard.issued_at else "--issued-at now and --max-age SECONDS"
        warn(
            "this directory never becomes stale: if updates stop arriving, users who were removed keep their access; "
            f"`bailiwick compile` with {needed} sets an end"
        )


def fresh_until(until: str | None) -> object:
    """The end of a directory's freshness, for people."""
    return cell("never becomes stale", MIDDLING) if until is None else until


def is_in_future(issued_at: str | None) -> bool:
    """Whether a time of issue is in the future, by more than clocks may differ."""
    return issued_at is not None and is_before(_now(CLOCK_TOLERANCE), issued_at)


def refuse_future(guard: Bailiwick) -> None:
    """Raises `issued_in_future` for a directory of the future: until then it would be fresh, and newer than every later one."""
    if is_in_future(guard.issued_at):
        raise InvalidInputError("issued_in_future", "/issued_at", "the directory was issued in the future; one of the two clocks is wrong")


def is_before(instant: str, other: str) -> bool:
    """Whether one instant of the engine is before another.

    The engine writes instants in one form, which without the final `Z` sorts by time. (`datetime` has no year 0.)
    """
    return instant.removesuffix("Z") < other.removesuffix("Z")


def _now(ahead: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + ahead).replace(tzinfo=None).isoformat(timespec="milliseconds")
