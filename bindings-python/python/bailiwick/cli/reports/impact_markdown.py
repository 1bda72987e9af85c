"""An impact as Markdown, for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bailiwick import Impact

from ..terminal.console import count, visible
from .impact_rows import Row, access_rows, booking_rows, headline, more

BACKTICKS = re.compile("`+")


def markdown(impact: Impact, before: str, after: str) -> str:
    """Who gains and who loses what, and what is booked elsewhere."""
    return "\n".join(_lines(impact, before, after)) + "\n"


def _lines(impact: Impact, before: str, after: str) -> Iterator[str]:
    counts = impact.counts
    if counts.principals == 0:
        yield f"**Nobody gains or loses access, and all usage is booked as before** ({_text(before)} → {_text(after)})."
        return
    change = "Access widens" if impact.widens else "Access narrows" if counts.lost else "Usage is booked elsewhere"
    yield f"**{change}** ({_text(before)} → {_text(after)}): {headline(counts)}."
    if impact.access:
        yield from _table(["Who", "On", "Gains", "Loses"], [(row, row.after, row.before) for row in access_rows(impact.access)])
    if impact.bookings:
        rows = booking_rows(impact.bookings)
        yield from _table(["Whose usage", "In", "Booked before", "Booked afterwards"], [(row, row.before, row.after) for row in rows])
    told = len(impact.access) + len(impact.bookings)
    if impact.next_cursor is not None:
        yield f"\nThese are the first {count(told, 'row')}; `bailiwick diff --limit` shows more."


def _table(columns: list[str], rows: list[tuple[Row, list[str], list[str]]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield "|" + " --- |" * len(columns)
    for row, left, right in rows:
        yield f"| {' | '.join(_cell(names) for names in (row.principals, row.places, left, right))} |"


def _cell(names: list[str]) -> str:
    # Only in a table, a bar ends a cell even inside code.
    shown = [_text(name).replace("|", "\\|") for name in names[: len(names) - more(names)]]
    return "<br>".join([*shown, f"and {more(names):,} more"] if more(names) else shown) or "–"


def _text(name: str) -> str:
    """A name as code, so that nothing in it is markup, and nobody is mentioned."""
    shown = visible(name)
    fence = "`" * (max(map(len, BACKTICKS.findall(shown)), default=0) + 1)
    space = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{space}{shown}{space}{fence}"
