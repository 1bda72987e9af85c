"""Attribution of a table by the directory of each row's instant, beside attribution by one revision.

PYTHONPATH=bench python -m tables.moments [--rows N] [--changes N] [--rounds N] [--directory FILE]

Both get the same rows, in random order, in one thread. A part of the answers is compared with those of the revision of each moment.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from bailiwick import Bailiwick, Timeline

from tables.directory import BEGIN, END, with_externals
from tables.names import Json, names
from tables.usage import SEED, plain, usage

DIRECTORY = Path(__file__).parents[2] / "target/bench/large/directory.json"
MARKS = {"plain": 2.0, "dictionary": 3.0}
"""How many times as long as by one revision it may take."""
COMPARED = 20
"""How many moments are compared."""


def lived(guard: Bailiwick, document: Json, count: int) -> Timeline:
    """A timeline of so many changes, evenly spread: somebody leaves a project, and comes back some changes later."""
    rng = np.random.default_rng(SEED)
    timeline = Timeline.from_snapshot(guard.to_snapshot(issued_at=BEGIN))
    projects = [
        project
        for one in document["organizations"]
        for project in one["projects"]
        if project["collaborators"] and not project.get("default")
    ]
    gone: list[dict[str, Any]] = []
    away: set[tuple[str, str]] = set()
    for number in range(count):
        at = BEGIN + (number + 1) * (END - BEGIN) / (count + 1)
        if len(gone) > 50:
            back = gone.pop(0)
            away.discard((back["project"], back["collaborator"]["user"]))
            timeline.apply({"type": "put_collaborator", "project": back["project"], "collaborator": back["collaborator"]}, at=at)
            continue
        while True:
            project = projects[rng.integers(len(projects))]
            row = project["collaborators"][rng.integers(len(project["collaborators"]))]
            if (project["id"], row["user"]) not in away:
                break
        away.add((project["id"], row["user"]))
        gone.append({"project": project["id"], "collaborator": row})
        timeline.apply({"type": "remove_collaborator", "project": project["id"], "user": row["user"]}, at=at)
    return timeline


def compare(timeline: Timeline, table: pa.Table) -> None:
    """Compare rows of some moments with the answers of the engine of that moment."""
    answers = pa.table(timeline.attribute_table(table))
    for number in range(COMPARED):
        place = number * table.num_rows // COMPARED
        row = table.slice(place, 1)
        told = pa.table(timeline.at(row["at"][0].as_py()).attribute_table(row))
        if told.to_pylist() != answers.slice(place, 1).select(told.schema.names).to_pylist():
            raise SystemExit(f"row {place} is booked otherwise than by its moment")


def main() -> None:
    """Both forms of columns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--directory", type=Path, default=DIRECTORY)
    arguments = parser.parse_args()
    document = with_externals(json.loads(arguments.directory.read_text("utf-8")))
    guard = Bailiwick.from_directory(document)
    timeline = lived(guard, document, arguments.changes)
    drawn = usage(document, names(document), arguments.rows)
    print(f"{arguments.rows:,} rows, {len(timeline):,} changes")
    for form, mark in MARKS.items():
        table = plain(drawn) if form == "plain" else drawn
        compare(timeline, table)
        times: dict[str, list[float]] = {"one revision": [], "each its own": []}
        for _ in range(arguments.rounds):
            for source, taken in ((guard, times["one revision"]), (timeline, times["each its own"])):
                gc.collect()
                begin = time.process_time()
                rows = sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(source.attribute_table(table)))
                taken.append(time.process_time() - begin)
                assert rows == arguments.rows
        one, own = (statistics.median(taken) for taken in times.values())
        verdict = "reached" if own / one <= mark else "not reached"
        told = f"one revision {one:.2f} s, each row its own {own:.2f} s of the processor's time: {own / one:.2f} ×"
        print(f"  {form} columns: {told}; the mark is {mark:.0f} ×: {verdict}")


if __name__ == "__main__":
    main()
