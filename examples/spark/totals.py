"""Totals of attributed usage: added up from the sums of parts, and written in one order, so that the same usage gives the same files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BY = ["booked_organization", "booked_project", "booked_reason"]
"""What usage is added up by. Where it could not be attributed, or nobody knows the home of who used it, the first two are null."""
COLUMNS = ["principal", "kind", "surface", "project", "resource", "at", "cost"]
"""What has to be read for that."""
TYPES = {"rows": pa.int64(), "cost": pa.decimal128(38, 6)}


def of(booked: pa.Table) -> pa.Table:
    """The sums of a part of the usage."""
    sums = booked.group_by(BY).aggregate([([], "count_all"), ("cost", "sum")])
    return sums.rename_columns({"count_all": "rows", "cost_sum": "cost"})


def added(parts: Iterable[pa.Table], by: list[str]) -> pa.Table:
    """The sums of parts in one table, in the order of their names."""
    schema = pa.schema([(name, TYPES.get(name, pa.string())) for name in [*BY, *TYPES]])
    parts = [part.select(schema.names).cast(schema) for part in parts]
    sums = pa.concat_tables([schema.empty_table(), *parts]).group_by(by).aggregate([("rows", "sum"), ("cost", "sum")])
    sums = sums.rename_columns({"rows_sum": "rows", "cost_sum": "cost"}).select([*by, *TYPES])
    return sums.sort_by([(name, "ascending") for name in by]).combine_chunks()


def write(parts: Iterable[pa.Table], out: Path) -> None:
    """Write `totals.parquet`, per organization and project, and `reasons.parquet`. Each is replaced at once, or stays as it was."""
    parts = list(parts)
    out.mkdir(parents=True, exist_ok=True)
    for name, by in (("totals", BY[:2]), ("reasons", BY[2:])):
        part = out / f".{name}.{os.getpid()}"
        pq.write_table(added(parts, by), part)
        os.replace(part, out / f"{name}.parquet")
