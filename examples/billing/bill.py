"""The bill of a month, by the directory of each moment.

python bill.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from bailiwick import Amount, BookedAt, Comparison, compare_attributions, summary
from bailiwick.journal import Journal
from make_month import write_journal


def show(title: str, lines: list[tuple[str, Any]]) -> None:
    """One part of the report."""
    print(title)
    for name, line in lines:
        print(f"  {name:<48}{line.rows:>8,}{line.cost:>14,.2f}")
    print()


def place(at: BookedAt) -> str:
    """Where usage is booked, for people."""
    return "nobody" if at.organization is None else f"{at.organization} {at.project or ''}"


def show_moves(title: str, told: Comparison) -> None:
    """What a comparison tells."""
    moves: list[tuple[str, Any]] = [(f"{place(move.before)} → {place(move.after)}", move) for move in told.moves]
    show(title, [*moves, ("in all", told.moved)])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    usage = pq.read_table(folder / "may.parquet")
    timeline = Journal.read(folder / "platform.journal")

    booked = timeline.attribute_table(usage, keep_input=True, prefix="booked_")
    bill = summary(booked, cost="cost", booked_by=timeline)
    show("May, by the directory of each moment", [(f"{line.organization} {line.project}", line) for line in bill.projects])
    show(
        "of which remedies would bring back to the project that was meant",
        [(line.remedy, line.as_intended or Amount(0, None)) for line in bill.remedies],
    )

    # What if the month is booked in June, by the directory of June?
    today = timeline.at("2026-06-03T00:00:00Z").attribute_table(usage)
    show_moves("Booked by the directory of June instead", compare_attributions(booked, today, cost="cost"))

    # The contract says that the project moved on May 10th. A corrected past is a second timeline.
    corrected = folder / "corrected.journal"
    corrected.unlink(missing_ok=True)
    write_journal(corrected, moved_on="2026-05-10T00:00:00Z")
    restated = Journal.read(corrected).attribute_table(usage)
    show_moves("Restated: the project moved two days earlier", compare_attributions(booked, restated, cost="cost"))
