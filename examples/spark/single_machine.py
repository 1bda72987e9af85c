"""Attribute the same usage in this process: `python single_machine.py DIR OUT` streams it, and writes the same totals byte for byte."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import totals
from bailiwick import Bailiwick


def sums(place: Path) -> Iterator[pa.Table]:
    """The sums of the usage, batch by batch: however much there is, little of it is in memory."""
    guard = Bailiwick.from_snapshot((place / "snapshot").read_bytes(), (place / "public_key").read_bytes())
    usage = ds.dataset(place / "usage", partitioning="hive").scanner(columns=totals.COLUMNS).to_reader()
    answers = guard.attribute_table(usage, keep_input=True, prefix="booked_", dictionaries=False)
    for batch in pa.RecordBatchReader.from_stream(answers):
        yield totals.of(pa.table(batch))


def main() -> None:
    """Read the arguments and attribute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path, help="what make_usage.py wrote")
    parser.add_argument("out", type=Path, help="where the totals go")
    arguments = parser.parse_args()
    totals.write(sums(arguments.place), arguments.out)


if __name__ == "__main__":
    main()
