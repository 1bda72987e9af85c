"""How old a directory is: too old to answer as of now, of a time that is still to come, or of no time at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bailiwick import Bailiwick, InvalidInputError

from .console import MIDDLING, cell, note, warn

# How much clocks may differ. Snapshots and deltas are held to the same by the engine.
AHEAD = timedelta(seconds=300)


def note_if_stale(guard: Bailiwick) -> None:
    """Says that everything is denied, where that is so (rule A1). It looks like an answer about people."""
    if guard.is_stale():
        note(f"the directory is stale and denies everything now (snapshot_stale); it was fresh until {guard.fresh_until}")


def issue_instant(guard: Bailiwick, given: str | None, *, is_signed: bool) -> datetime | str | None:
    """When a snapshot is issued that is made now. None is what the directory says.

    A signature without a date would be valid for ever, so that what is signed is issued now unless anything else is said.
    """
    is_undated = given is None and guard.issued_at is None
    return datetime.now(UTC) if given == "now" or (is_signed and is_undated) else given


def warn_if_never_stale(guard: Bailiwick) -> None:
    """Says loudly of what is made or served that nothing ends its use, and what would."""
    if guard.fresh_until is None:
        needed = "--max-age SECONDS" if guard.issued_at else "--issued-at now and --max-age SECONDS"
        warn(
            "this directory never becomes stale: where news stops arriving, people who were removed keep their access; "
            f"`bailiwick compile` with {needed} sets an end"
        )


def fresh_until(until: str | None) -> object:
    """Until when a directory answers, for people."""
    return cell("never becomes stale", MIDDLING) if until is None else until


def is_of_the_future(issued_at: str | None) -> bool:
    """Whether something says that it was issued later than now, by more than clocks differ."""
    return issued_at is not None and is_before(_now(AHEAD), issued_at)


def refuse_future(guard: Bailiwick) -> None:
    """Raises `issued_in_future` for a directory that says so: it would stay fresh, and ahead of all that follows, until then."""
    if is_of_the_future(guard.issued_at):
        raise InvalidInputError(
            "issued_in_future", "/issued_at", "the directory says that it was issued in the future; one of the two clocks is wrong"
        )


def is_before(instant: str, other: str) -> bool:
    """Whether one instant of the engine comes before another.

    They have one form, in which text sorts as time does but for the `Z` at the end. The calendar of Python lacks the year 0.
    """
    return instant.removesuffix("Z") < other.removesuffix("Z")


def _now(ahead: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + ahead).replace(tzinfo=None).isoformat(timespec="milliseconds")
