"""Spark: the same answers as on one machine, also when workers die; one load for each process; errors that say where and what."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, BailiwickError, Timeline
from bailiwick.cluster import ClusterAttribution

from cluster import conftest

# A Spark session alone takes twenty seconds.
pytestmark = pytest.mark.slow

KEEP: dict[str, Any] = {"keep_input": True, "prefix": "booked_"}


@pytest.fixture
def usage(spark: Any, place: Path) -> Any:
    """The example's usage in Spark."""
    import totals

    return spark.read.parquet(str(place / "usage")).select(totals.COLUMNS)


def snapshot(place: Path) -> bytes:
    """The example's snapshot."""
    return (place / "snapshot").read_bytes()


def counted(data: bytes, log: Path) -> Any:
    """A broadcast that notes which process asks for its value. Its class is a local one, which travels to workers by value."""

    class Counted:
        def __init__(self, broadcast: Any) -> None:
            self.broadcast = broadcast

        @property
        def value(self) -> bytes:
            with log.open("a") as file:
                file.write(f"{os.getpid()}\n")
            return bytes(self.broadcast.value)

    return Counted(data)


def rows(table: pa.Table) -> list[str]:
    """Every row as text, in an order that does not depend on who answered it. The zone in which instants are shown does not count."""
    place = table.schema.get_field_index("at")
    instants = table.column(place).cast(pa.timestamp("ms", "UTC"))
    return sorted(str(list(row.values())) for row in table.set_column(place, "at", instants).to_pylist())


def test_every_row_is_answered_as_on_one_machine_and_each_worker_loads_once(spark: Any, usage: Any, place: Path, tmp_path: Path) -> None:
    log = tmp_path / "loads"
    attribution = ClusterAttribution(counted(spark.sparkContext.broadcast(snapshot(place)), log), **KEEP)
    assert usage.rdd.getNumPartitions() == 6
    booked = usage.mapInArrow(attribution.batches, attribution.schema(usage))
    answers = booked.toArrow()
    booked.toArrow()

    guard = Bailiwick.from_snapshot(snapshot(place))
    wanted = guard.attribute_table(usage.toArrow(), **KEEP, dictionaries=False).to_pyarrow()
    assert answers.column_names == wanted.column_names
    assert answers.num_rows == 6 * 2_000
    assert rows(answers) == rows(wanted)

    # 240 batches in 12 tasks, and yet no process has loaded the snapshot twice.
    loads = [int(line) for line in log.read_text().split()]
    workers = [process for process in loads if process != os.getpid()]
    assert 1 <= len(workers) <= 6
    assert len(set(workers)) == len(workers)


def test_the_job_gives_the_totals_of_one_machine_byte_for_byte(
    spark: Any, place: Path, single_machine: dict[str, bytes], tmp_path: Path
) -> None:
    import attribute

    attribute.attribute(spark, place, tmp_path / "totals")
    assert conftest.files(tmp_path / "totals") == single_machine
    # What was there is replaced, and nothing else is left behind.
    (tmp_path / "totals/totals.parquet").write_bytes(b"the totals of another day")
    attribute.attribute(spark, place, tmp_path / "totals")
    assert conftest.files(tmp_path / "totals") == single_machine


def test_a_worker_that_is_killed_changes_nothing(
    spark: Any, usage: Any, place: Path, single_machine: dict[str, bytes], tmp_path: Path
) -> None:
    import attribute
    import totals

    attribution = ClusterAttribution(spark.sparkContext.broadcast(snapshot(place)), **KEEP)
    killed = tmp_path / "killed"

    class Dying:
        """The same, in a worker that kills itself in the middle of one partition, the first two times."""

        schema = attribution.schema

        def batches(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            from pyspark import TaskContext

            context = TaskContext.get()
            assert context is not None
            for number, answers in enumerate(attribution.batches(batches)):
                if number == 7 and context.partitionId() == 2 and context.attemptNumber() < 2:
                    with killed.open("a") as file:
                        file.write(f"{os.getpid()}\n")
                    os.kill(os.getpid(), signal.SIGKILL)
                yield answers

    dying: Any = Dying()
    totals.write([attribute.sums(usage, dying)], tmp_path / "totals")
    assert len(set(killed.read_text().split())) == 2
    assert conftest.files(tmp_path / "totals") == single_machine


@pytest.mark.parametrize("is_broadcast", [True, False])
def test_a_journal_gives_the_answers_of_one_process_also_when_workers_die(
    spark: Any, usage: Any, timeline: Timeline, journal: bytes, tmp_path: Path, *, is_broadcast: bool
) -> None:
    source = spark.sparkContext.broadcast(journal) if is_broadcast else journal
    attribution = ClusterAttribution(source, conftest.PUBLIC_KEY, **KEEP)
    killed = tmp_path / "killed"

    def dying(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        for answers in attribution.batches(batches):
            if context.partitionId() == 3 and context.attemptNumber() < 2:
                with killed.open("a") as file:
                    file.write(f"{os.getpid()}\n")
                os.kill(os.getpid(), signal.SIGKILL)
            yield answers

    answers = usage.mapInArrow(dying, attribution.schema(usage)).toArrow()
    assert len(set(killed.read_text().split())) == 2
    wanted = timeline.attribute_table(usage.toArrow(), **KEEP, dictionaries=False).to_pyarrow()
    assert answers.column_names == wanted.column_names
    assert answers.schema.field("booked_revision").type == pa.int64()
    assert answers.num_rows == 6 * 2_000
    assert rows(answers) == rows(wanted)


def test_a_task_carries_the_broadcast_and_not_the_snapshot(spark: Any) -> None:
    from pyspark import serializers

    written: Any = serializers.CloudPickleSerializer

    users = [{"user": f"usr_{number}", "role": "member"} for number in range(5_000)]
    organization = {"id": "org", "owner": "usr_0", "members": users, "projects": [{"id": "prj", "default": True}]}
    organization["members"] = [{"user": "usr_0", "role": "admin"}, *users[1:]]
    data = Bailiwick.from_directory({"format": "bailiwick/1", "organizations": [organization]}).to_snapshot(digests=False)
    assert len(data) > 50_000
    tasks = [ClusterAttribution(way).batches for way in (data, spark.sparkContext.broadcast(data))]
    with_bytes, with_broadcast = (len(written().dumps(task)) for task in tasks)
    assert with_bytes > len(data)
    assert with_broadcast < 2_000


@pytest.mark.parametrize(("columns", "revision"), [("focus-1.4", "x_Revision"), ("focus-1.5-draft", "x_Revision"), ("bailiwick", None)])
def test_columns_of_every_naming_have_types_that_spark_has(usage: Any, place: Path, columns: Any, revision: str | None) -> None:
    attribution = ClusterAttribution(snapshot(place), columns=columns)
    schema = attribution.schema(usage)
    answers = usage.limit(300).mapInArrow(attribution.batches, schema)
    assert answers.schema == schema
    guard = Bailiwick.from_snapshot(snapshot(place))
    assert schema.fieldNames() == guard.attribute_table(usage.limit(0).toArrow(), columns=columns).column_names
    found = answers.toArrow()
    assert found.num_rows == 300
    if revision is None:
        assert schema["remedies"].dataType.simpleString() == "array<string>"
        assert {remedy for row in found.column("remedies").to_pylist() for remedy in row} >= {"use_project_api_key"}
    else:
        assert schema[revision].dataType.simpleString() == "bigint"
        assert set(found.column(revision).to_pylist()) == {attribution.revision}


def test_kept_columns_stay_as_spark_has_them(spark: Any, place: Path) -> None:
    usage = spark.sql(
        "select 'user:usr_ada' principal, 'file' kind, timestamp_ntz'2026-01-01' at, cast(1 as tinyint) a, map('x', array(1.5d)) b, "
        "named_struct('c', date'2026-01-01') d, cast(null as void) e, X'00ff' f, interval '1' day g, 1.25bd h"
    )
    attribution = ClusterAttribution(snapshot(place), time_zone="UTC", **KEEP)
    booked = usage.mapInArrow(attribution.batches, attribution.schema(usage))
    assert booked.schema.fields[: len(usage.columns)] == usage.schema.fields
    assert booked.select(usage.columns).collect() == usage.collect()
    assert booked.first().booked_reason == "default_project_fallback"


def refuses(call: Callable[[], object], code: str, path: str) -> None:
    """The call raises an error with this code and path."""
    with pytest.raises(BailiwickError) as raised:
        call()
    assert (raised.value.code, raised.value.path) == (code, path)


def test_what_does_not_fit_raises_before_any_usage_is_read(spark: Any, usage: Any, place: Path, tmp_path: Path) -> None:
    public_key, context, read = (place / "public_key").read_bytes(), spark.sparkContext, tmp_path / "read"

    def noted(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        read.touch()
        yield from batches

    usage = usage.mapInArrow(noted, usage.schema)
    damaged = bytearray(snapshot(place))
    damaged[len(damaged) // 2] ^= 1
    unsigned = Bailiwick.from_snapshot(snapshot(place)).to_snapshot(digests=False)
    refuses(lambda: ClusterAttribution(context.broadcast(bytes(damaged)), public_key), "snapshot_corrupt", "")
    refuses(lambda: ClusterAttribution(context.broadcast(unsigned), public_key), "signature_missing", "")
    refuses(lambda: ClusterAttribution(snapshot(place)).schema(usage.drop("kind")), "missing_field", "/kind")
    refuses(lambda: ClusterAttribution(snapshot(place)).schema(usage.drop("at")), "missing_field", "/at")
    refuses(lambda: ClusterAttribution(snapshot(place), project="cost").schema(usage), "wrong_type", "/cost")
    refuses(lambda: ClusterAttribution(snapshot(place), keep_input=True).schema(usage), "duplicate_id", "/project")
    assert not read.exists()
    assert usage.limit(1).count() == 1
    assert read.exists()


def test_an_error_in_a_worker_is_told_with_its_code_and_path(usage: Any, place: Path) -> None:
    attribution = ClusterAttribution(snapshot(place), **KEEP)
    sometimes = usage.selectExpr("principal", "kind", "nullif(at, at) at").coalesce(1)
    with pytest.raises(Exception, match=r"bailiwick\.InvalidInputError: .*\(missing_field at /at\)"):
        sometimes.mapInArrow(attribution.batches, attribution.schema(sometimes)).collect()


def test_the_script_runs_by_itself(
    spark: Any, place: Path, single_machine: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import attribute

    stopped: list[Any] = []
    monkeypatch.setattr(type(spark), "stop", lambda session: stopped.append(session))
    monkeypatch.setattr(sys, "argv", ["attribute.py", str(place), str(tmp_path / "totals")])
    attribute.main()
    assert stopped == [spark]
    assert conftest.files(tmp_path / "totals") == single_machine
