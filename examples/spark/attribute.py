"""Attribute usage in Spark: `spark-submit attribute.py DIR OUT`, or `python attribute.py DIR OUT`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pyarrow as pa
import totals
from bailiwick.cluster import ClusterAttribution
from pyspark.sql import DataFrame, SparkSession, functions


def booked(usage: DataFrame, attribution: ClusterAttribution) -> DataFrame:
    """The usage, and beside it where it is booked."""
    return usage.mapInArrow(attribution.batches, attribution.schema(usage))


def sums(usage: DataFrame, attribution: ClusterAttribution) -> pa.Table:
    """The sums of usage by organization, project and reason."""
    grouped = booked(usage, attribution).groupBy(totals.BY)
    return grouped.agg(functions.count("*").alias("rows"), functions.sum("cost").alias("cost")).toArrow()


def attribute(spark: SparkSession, place: Path, out: Path) -> None:
    """Attribute all usage by one revision, and write its totals."""
    # Each executor fetches the broadcast once, and each of its Python workers loads it once.
    snapshot = spark.sparkContext.broadcast((place / "snapshot").read_bytes())
    # A snapshot that is damaged, or not signed by the right key, ends the job here.
    attribution = ClusterAttribution(snapshot, (place / "public_key").read_bytes(), keep_input=True, prefix="booked_")
    usage = spark.read.parquet(str(place / "usage")).select(totals.COLUMNS)
    totals.write([sums(usage, attribution)], out)
    print(f"attributed by revision {attribution.revision} of the directory, under policy {attribution.policy}")


def main() -> None:
    """Read the arguments and attribute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", type=Path, help="what make_usage.py wrote")
    parser.add_argument("out", type=Path, help="where the totals go")
    arguments = parser.parse_args()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("attribution").getOrCreate()
    try:
        attribute(spark, arguments.place, arguments.out)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
