"""Attribute the same usage in Dask: `python with_dask.py DIR OUT` starts workers on this machine; `--scheduler` names others."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import totals
from bailiwick.cluster import ClusterAttribution
from dask.dataframe.dispatch import make_meta
from dask.delayed import delayed
from dask.distributed import Client


def booked(usage: dd.DataFrame, attribution: ClusterAttribution) -> dd.DataFrame:
    """The usage, and beside it where it is booked."""
    # `delayed` makes the attribution a task of its own, so that each worker is sent it once. In the function, every task would carry it.
    where: dd.DataFrame = dd.map_partitions(ClusterAttribution.frame, delayed(attribution), usage, meta=attribution.frame(make_meta(usage)))
    return where


def sums(usage: dd.DataFrame, attribution: ClusterAttribution) -> pa.Table:
    """The sums of usage by organization, project and reason."""
    # Without `dropna`, what belongs to nobody would be left out.
    grouped: Any = booked(usage, attribution).groupby(totals.BY, dropna=False)
    sums: pd.DataFrame = grouped.agg(rows=("cost", "size"), cost=("cost", "sum")).compute()
    return pa.Table.from_pandas(sums.reset_index(), preserve_index=False)


def attribute(place: Path, out: Path) -> None:
    """Attribute all usage by one revision, and write its totals."""
    snapshot, public_key = ((place / name).read_bytes() for name in ("snapshot", "public_key"))
    attribution = ClusterAttribution(snapshot, public_key, keep_input=True, prefix="booked_")
    usage = dd.read_parquet(place / "usage", columns=totals.COLUMNS, dtype_backend="pyarrow")
    totals.write([sums(usage, attribution)], out)
    print(f"attributed by revision {attribution.revision} of the directory, under policy {attribution.policy}")


def main() -> None:
    """Read the arguments and attribute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path, help="what make_usage.py wrote")
    parser.add_argument("out", type=Path, help="where the totals go")
    parser.add_argument("--scheduler", help="the address of a cluster's scheduler")
    arguments = parser.parse_args()
    here = {"host": "127.0.0.1", "threads_per_worker": 1, "dashboard_address": None}
    with Client(arguments.scheduler) if arguments.scheduler else Client(**here):
        attribute(arguments.place, arguments.out)


if __name__ == "__main__":
    main()
