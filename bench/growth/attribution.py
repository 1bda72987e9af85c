"""Attribution of streams from a million to a hundred million rows: rows for each second of the processor's time, and memory at the peak.

PYTHONPATH=bench python -m growth.attribution [--most ROWS] [--directory FILE]

Batches are made once and come again and again, so that making them costs nothing that is measured. What reading them alone costs is
measured, and taken off. Each length is measured in a process of its own, which begins with a snapshot and with batches from a file, so that
nothing that was freed before hides what it takes; its memory is what there is beyond both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from bailiwick import Bailiwick
from tables.directory import with_externals
from tables.memory import with_peak
from tables.names import Json, names
from tables.usage import BAD, SEED, World, batch, plain

TARGET = Path(__file__).parents[2] / "target/bench"
SNAPSHOT = TARGET / "growth-usage.snapshot"
LENGTHS = [1_000_000, 10_000_000, 100_000_000]
FORMS = ["dictionary", "plain"]
BATCH = 100_000
"""Rows of a batch, as engines that stream have them."""
POOL = 10
"""So many batches are made, all different."""


def prepare(document: Json) -> None:
    """Leaves the snapshot, and for each form of columns its batches. They share their dictionaries, as those of one file do."""
    SNAPSHOT.write_bytes(Bailiwick.from_directory(document).to_snapshot())
    rng = np.random.default_rng(SEED)
    world = World(document, names(document), rng)
    table = pa.Table.from_batches([batch(world, rng, BATCH, BAD) for _ in range(POOL)])
    for form in FORMS:
        batches = table if form == "dictionary" else plain(table)
        with pa.ipc.new_file(usage_file(form), batches.schema) as file:
            file.write_table(batches)


def usage_file(form: str) -> str:
    """Where the batches of a form of columns lie."""
    return str(TARGET / f"growth-{form}.arrow")


def stream(batches: list[pa.RecordBatch], rows: int) -> pa.RecordBatchReader:
    """A stream of so many rows."""
    return pa.RecordBatchReader.from_batches(batches[0].schema, islice(cycle(batches), rows // BATCH))


def read(answers: object) -> pa.RecordBatchReader:
    """As whoever reads a stream gets it."""
    return pa.RecordBatchReader.from_stream(answers)


class Drained(NamedTuple):
    """What reading a stream to its end cost, in seconds of the processor's time."""

    rows: int
    took: float
    best_million: float
    """The best million rows one after the other: on a busy machine, what it costs when nobody disturbs."""


def drain(reader: Iterable[pa.RecordBatch]) -> Drained:
    """Reads a stream to its end."""
    rows, times = 0, [time.process_time()]
    for one in reader:
        rows += one.num_rows
        times.append(time.process_time())
    million = 1_000_000 // BATCH
    best = min((end - begin for begin, end in zip(times, times[million:], strict=False)), default=0.0)
    return Drained(rows, times[-1] - times[0], best)


def measure(form: str, rows: int) -> Json:
    """One length of one form of columns."""
    batches = pa.ipc.open_file(usage_file(form)).read_all().to_batches()
    guard = Bailiwick.from_snapshot(SNAPSHOT.read_bytes())
    reading = drain(read(stream(batches, rows))).took

    def answer() -> Drained:
        # What is set up at the first use only would count for much in a short stream.
        drain(read(guard.attribute_table(stream(batches, BATCH))))
        return drain(read(guard.attribute_table(stream(batches, rows))))

    answered, peak = with_peak(answer)
    assert answered.rows == rows
    return {
        "form": form,
        "rows": rows,
        "rows/CPU-s M": round(rows / (answered.took - reading) / 1e6, 2),
        "rows/CPU-s M, best million": round(1 / answered.best_million, 2),
        "reading the stream alone %": round(reading / answered.took * 100, 2),
        "peak MB": None if peak is None else round(peak / 1e6, 1),
    }


def main() -> None:
    """All lengths of both forms, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LENGTHS[-1], metavar="ROWS")
    parser.add_argument("--directory", type=Path, default=TARGET / "directory.json")
    parser.add_argument("--only", nargs=2, metavar=("FORM", "ROWS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(measure(arguments.only[0], int(arguments.only[1]))))
        return
    prepare(with_externals(json.loads(arguments.directory.read_text("utf-8"))))
    figures = []
    for form in FORMS:
        for rows in (rows for rows in LENGTHS if rows <= arguments.most):
            command = [sys.executable, "-m", "growth.attribution", "--only", form, str(rows)]
            one = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            figures.append(one)
            memory = "no account" if one["peak MB"] is None else f"{one['peak MB']:.1f} MB"
            speed, best = one["rows/CPU-s M"], one["rows/CPU-s M, best million"]
            told = f"{speed:6.2f} M rows/CPU-s (the best million {best:6.2f} M), {memory} at the peak"
            print(f"growth {form + ' columns':20} {rows:>12,} rows {told}", flush=True)
    file = TARGET / "growth.json"
    whole: Json = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps({**whole, "attribution": figures}, indent=2), "utf-8")


if __name__ == "__main__":
    main()
