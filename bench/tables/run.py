"""Attribution of whole tables, beside DuckDB and Polars that do the same by joins: one thread, in memory, in turn.

PYTHONPATH=bench python -m tables.run [--rows N] [--rounds N] [--directory FILE] [--only NAME …] [--forms FORM …] [--memory]

First all of them answer the same usage, and every answer is compared. Then they are measured in turn, and medians are printed.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
from bailiwick import Bailiwick

from tables.agreement import require_agreement
from tables.directory import with_externals
from tables.duckdb_database import Database
from tables.duckdb_joins import DuckdbJoins
from tables.duckdb_lookups import DuckdbLookups
from tables.memory import with_peak
from tables.names import Json, Names, names
from tables.polars_joins import PolarsJoins
from tables.polars_lookups import PolarsLookups
from tables.polars_usage import Frame
from tables.usage import plain, usage

DIRECTORY = Path(__file__).parents[2] / "target/bench/directory.json"
MARKS = {"dictionary": 4.0, "plain": 2.0}
"""How many times as fast as DuckDB the engine is meant to be."""
RIVALS = ["duckdb joins", "duckdb look-ups"]
"""To whose fastest the marks are. A compressed table has no plain strings: DuckDB made dictionaries of them when it was loaded, which
nobody is timed for. It is measured as well, to show what that brings."""


class Contender(NamedTuple):
    """Somebody who answers a table of usage that has been loaded."""

    run: Callable[[], Any]
    """Everything that is measured: from the loaded table to all answers in memory."""
    to_arrow: Callable[[Any], pa.Table] = lambda answers: answers


def contenders(form: str, table: pa.Table, document: Json, seen: Names) -> dict[str, Callable[[], Contender]]:
    """How each of them is made. DuckDB and Polars come twice: by joins as one would write them, and by look-ups that are tuned."""
    enums = form == "dictionary"

    @cache
    def database(compressed: bool) -> Database:
        return Database(seen, table, enums=enums, compressed=compressed)

    @cache
    def frame() -> Frame:
        return Frame(seen, table, enums=enums)

    def engine() -> Contender:
        guard = Bailiwick.from_directory(document)
        return Contender(lambda: pa.table(guard.attribute_table(table)))

    def to_arrow(answers: pl.DataFrame) -> pa.Table:
        return answers.to_arrow()

    return {
        "bailiwick": engine,
        "duckdb joins": lambda: Contender(DuckdbJoins(database(False)).run),
        "duckdb look-ups": lambda: Contender(DuckdbLookups(database(False)).run),
        "duckdb look-ups, compressed": lambda: Contender(DuckdbLookups(database(True)).run),
        "polars joins": lambda: Contender(PolarsJoins(frame()).query().collect, to_arrow),
        "polars look-ups": lambda: Contender(PolarsLookups(frame()).query().collect, to_arrow),
    }


def require_all_agree(everybody: dict[str, Contender], table: pa.Table) -> None:
    """Compare all answers with the first contender's. This is everybody's warm-up too."""
    first: tuple[str, pa.Table] | None = None
    for name, one in everybody.items():
        told = one.to_arrow(one.run())
        if first is None:
            first = (name, told)
            continue
        require_agreement((first[0], name), (first[1], told), table)
        print(f"  {name} agrees with {first[0]} on all {table.num_rows:,} rows", flush=True)


class Speed(NamedTuple):
    """Rows a second."""

    by_clock: float
    by_processor: float
    """Rows a second of the processor's time, over all threads: the same on a quiet machine, and still of use on a busy one."""


def measured(everybody: dict[str, Contender], rounds: int, rows: int) -> dict[str, Speed]:
    """The medians, in rounds in turn."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in everybody}
    for number in range(rounds):
        for name, one in everybody.items():
            gc.collect()
            begin = time.perf_counter(), time.process_time()
            answers = one.run()
            times[name].append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
            del answers
        print(f"  round {number + 1} of {rounds}", flush=True)
    return {name: Speed(*(rows / statistics.median(column) for column in zip(*taken, strict=True))) for name, taken in times.items()}


def peak_alone(name: str, form: str, arguments: argparse.Namespace) -> int | None:
    """How much memory a contender takes in a process of its own, beside the usage and its own tables."""
    command = [sys.executable, "-m", "tables.run", "--peak-of", name, "--forms", form]
    command += ["--rows", str(arguments.rows), "--directory", str(arguments.directory)]
    told: int | None = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told


def report(form: str, speeds: dict[str, Speed], peaks: dict[str, int | None]) -> None:
    """The table of one form of columns. How many times as fast the engine is, is a matter of the processor's time."""
    engine = speeds.get("bailiwick")
    print(f"  {form + ' columns':28} {'rows/s':>10} {'rows/CPU-s':>11} {'bailiwick is':>13} {'memory':>10}")
    for name, speed in speeds.items():
        ratio = "" if engine is None else f"{engine.by_processor / speed.by_processor:.2f} ×"
        peak = peaks.get(name)
        memory = "" if peak is None else f"{peak / 1e6:,.0f} MB"
        print(f"  {name:28} {speed.by_clock / 1e6:8.2f} M {speed.by_processor / 1e6:9.2f} M {ratio:>13} {memory:>10}")
    rivals = [speed.by_processor for name, speed in speeds.items() if name in RIVALS]
    if engine is not None and rivals:
        ratio_to_best = engine.by_processor / max(rivals)
        reached = "reached" if ratio_to_best >= MARKS[form] else "not reached"
        print(f"  {ratio_to_best:.2f} × DuckDB on the same columns; the mark is {MARKS[form]:.0f} ×: {reached}")


def main() -> None:
    """Both forms of columns, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--directory", type=Path, default=DIRECTORY)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="contenders whose names begin so")
    parser.add_argument("--forms", nargs="+", choices=MARKS, default=list(MARKS))
    parser.add_argument("--memory", action="store_true", help="measure memory too, each contender in a process of its own")
    parser.add_argument("--peak-of", metavar="NAME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    document = with_externals(json.loads(arguments.directory.read_text("utf-8")))
    seen = names(document)
    for form in arguments.forms:
        table = usage(document, seen, arguments.rows)
        if form == "plain":
            table = plain(table)
        made = contenders(form, table, document, seen)
        if arguments.peak_of:
            one = made[arguments.peak_of]()
            print(json.dumps(with_peak(one.run)[1]))
            return
        print(f"tables of {arguments.rows:,} rows, {form} columns", flush=True)
        everybody = {name: make() for name, make in made.items() if name.startswith(tuple(arguments.only or [""]))}
        require_all_agree(everybody, table)
        speeds = measured(everybody, arguments.rounds, arguments.rows)
        del everybody, made, table
        gc.collect()
        report(form, speeds, {name: peak_alone(name, form, arguments) for name in speeds} if arguments.memory else {})


if __name__ == "__main__":
    main()
