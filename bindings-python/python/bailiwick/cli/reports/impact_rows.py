"""The rows of an impact for people: principals with the same gains and losses on several objects are one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bailiwick import AccessImpact, BookedAt, BookingImpact, ImpactCounts

from ..terminal.console import count

MOST_NAMES = 4
"""How many names of a list are shown, unless one more is all that is left."""


@dataclass(frozen=True)
class Row:
    """Somebody, where, and what they gain and lose; or their usage, from where to where."""

    principals: list[str]
    places: list[str]
    before: list[str]
    after: list[str]


def access_rows(access: Iterable[AccessImpact]) -> list[Row]:
    """Rows of `lost` (before) and `gained` (after)."""
    return _grouped((row.principal, row.on, tuple(row.lost), tuple(row.gained)) for row in access)


def booking_rows(bookings: Iterable[BookingImpact]) -> list[Row]:
    """Rows of where usage is booked before and after. The kinds and surfaces follow the place."""
    return _grouped((row.principal, f"project:{row.project}", (_place(row.before),), (_place(row.after), *row.usage)) for row in bookings)


def _place(booked: BookedAt) -> str:
    return f"{booked.organization or '–'} / {booked.project or '–'}"


Flat = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def _grouped(rows: Iterable[Flat]) -> list[Row]:
    """One row for each principal with the same on all places; then one for all principals with the same in the same places."""
    places: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for principal, place, before, after in rows:
        places.setdefault((principal, before, after), []).append(place)
    principals: dict[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (principal, before, after), of_principal in places.items():
        principals.setdefault((tuple(of_principal), before, after), []).append(principal)
    return [Row(who, list(where), list(before), list(after)) for (where, before, after), who in principals.items()]


def more(names: list[str]) -> int:
    """How many names at the end of a long list are not shown."""
    return 0 if len(names) <= MOST_NAMES + 1 else len(names) - MOST_NAMES


def headline(counts: ImpactCounts) -> str:
    """What differs, in one line."""
    parts = [
        count(counts.principals, "principal"),
        f"{count(counts.gained, 'action')} gained",
        f"{count(counts.lost, 'action')} lost",
        f"{count(counts.bookings, 'usage')} booked elsewhere",
    ]
    return " · ".join(parts)
