"""A job in Spark Connect, in a process of its own: one with a Spark session cannot have another kind.

`python connect.py USAGE JOURNAL PUBLIC_KEY OUT`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from bailiwick.cluster import ClusterAttribution
from pyspark.sql import SparkSession

COLUMNS = ["principal", "kind", "surface", "project", "resource", "at", "cost"]


def attribute(usage: Path, journal: Path, public_key: Path, out: Path) -> None:
    """Attribute the usage, in workers of which one dies, and write it with its answers."""
    spark = SparkSession.builder.remote("local[2,4]").getOrCreate()
    table = spark.read.parquet(str(usage)).select(COLUMNS)
    attribution = ClusterAttribution(journal.read_bytes(), public_key.read_bytes(), keep_input=True, prefix="booked_")
    killed = out.with_suffix(".killed")

    def dying(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        for answers in attribution.batches(batches):
            if context.partitionId() == 1 and context.attemptNumber() < 1:
                killed.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
            yield answers

    pq.write_table(table.mapInArrow(dying, attribution.schema(table)).toArrow(), out)
    spark.stop()


if __name__ == "__main__":
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    attribute(*map(Path, sys.argv[1:]))
