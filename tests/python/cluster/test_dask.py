"""Dask: the same answers as on one machine, also when a worker dies; one load for each process; errors that arrive as they are."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bailiwick import Bailiwick, InvalidInputError, Timeline
from bailiwick.cluster import ClusterAttribution

from cluster import conftest

KEEP: dict[str, Any] = {"keep_input": True, "prefix": "booked_"}


@pytest.fixture
def usage(dask_client: Any, place: Path) -> Any:
    """The example's usage in Dask, a partition for each day."""
    import dask.dataframe as dd
    import totals

    frame = dd.read_parquet(place / "usage", columns=totals.COLUMNS, dtype_backend="pyarrow")
    assert frame.npartitions == 6
    return frame


def attribution(place: Path) -> ClusterAttribution:
    """What the example makes."""
    return ClusterAttribution((place / "snapshot").read_bytes(), (place / "public_key").read_bytes(), **KEEP)


def test_every_row_is_answered_as_on_one_machine(usage: Any, place: Path) -> None:
    import with_dask

    found = with_dask.booked(usage, attribution(place))
    frame = found.compute().reset_index(drop=True)
    assert list(found.dtypes) == list(frame.dtypes)
    guard = Bailiwick.from_snapshot((place / "snapshot").read_bytes())
    given = usage.compute().reset_index(drop=True)
    wanted = guard.attribute_table(given, dictionaries=False).to_pyarrow().to_pylist()
    answers = frame[[name for name in frame.columns if name.startswith("booked_")]]
    assert frame[given.columns].equals(given)
    assert len(frame) == 6 * 2_000
    for name in answers.columns:
        column = answers[name].array.__arrow_array__().to_pylist()
        assert column == [row[name.removeprefix("booked_")] for row in wanted], name


def test_each_worker_is_sent_the_snapshot_once_and_loads_it_once(usage: Any, place: Path, tmp_path: Path) -> None:
    import with_dask

    log, sent = tmp_path / "loads", tmp_path / "sent"
    log.touch()

    class Counted:
        """A snapshot that notes which process asks for its value, and each time that it is written down to travel."""

        def __init__(self, data: bytes) -> None:
            self.data = data

        def __reduce__(self) -> Any:
            with sent.open("a") as file:
                file.write("x")
            return Counted, (self.data,)

        @property
        def value(self) -> bytes:
            with log.open("a") as file:
                file.write(f"{os.getpid()}\n")
            return self.data

    often = []
    for partitions in (6, 60):
        # Another revision for each, so that none of them is loaded yet.
        guard = Bailiwick.from_snapshot((place / "snapshot").read_bytes())
        counted = Counted(guard.to_snapshot(digests=False, issued_at=f"2026-03-01T00:00:{partitions % 60:02}Z"))
        job = ClusterAttribution(counted, **KEEP)
        log.write_text("")
        sent.write_text("")
        assert len(with_dask.booked(usage.repartition(npartitions=partitions), job)) == 6 * 2_000
        workers = [int(line) for line in log.read_text().split() if int(line) != os.getpid()]
        assert 1 <= len(workers) <= 2
        assert len(set(workers)) == len(workers)
        often.append(len(sent.read_text()))
    # Ten times as many tasks do not carry it more often.
    assert abs(often[1] - often[0]) <= 3, often


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(usage: Any, place: Path, single_machine: dict[str, bytes], tmp_path: Path) -> None:
    import totals
    import with_dask
    from dask.dataframe.dispatch import make_meta

    killed = tmp_path / "killed"

    def dying(frame: Any, partition_info: Any = None) -> Any:
        if partition_info is not None and partition_info["number"] == 3 and not killed.exists():
            killed.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return frame

    sums = with_dask.sums(usage.map_partitions(dying, meta=make_meta(usage)), attribution(place))
    totals.write([sums], tmp_path / "totals")
    assert int(killed.read_text()) != os.getpid()
    assert conftest.files(tmp_path / "totals") == single_machine


def test_a_journal_gives_the_answers_of_one_process(usage: Any, timeline: Timeline, journal: bytes) -> None:
    import with_dask

    attribution = ClusterAttribution(journal, conftest.PUBLIC_KEY, **KEEP)
    frame = with_dask.booked(usage, attribution).compute().reset_index(drop=True)
    given = pa.Table.from_pandas(usage.compute().reset_index(drop=True), preserve_index=False)
    wanted = timeline.attribute_table(given, dictionaries=False, **KEEP).to_pyarrow()
    assert pa.Table.from_pandas(frame, preserve_index=False).cast(wanted.schema).equals(wanted)


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing_of_a_month(usage: Any, timeline: Timeline, tmp_path: Path) -> None:
    import totals
    import with_dask
    from dask.dataframe.dispatch import make_meta

    killed = tmp_path / "killed"

    def dying(frame: Any, partition_info: Any = None) -> Any:
        if partition_info is not None and partition_info["number"] == 4 and not killed.exists():
            killed.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return frame

    sums = with_dask.sums(usage.map_partitions(dying, meta=make_meta(usage)), ClusterAttribution(timeline, **KEEP))
    totals.write([sums], tmp_path / "totals")
    given = pa.Table.from_pandas(usage.compute(), preserve_index=False)
    totals.write([totals.of(timeline.attribute_table(given, dictionaries=False, **KEEP).to_pyarrow())], tmp_path / "single")
    assert int(killed.read_text()) != os.getpid()
    assert conftest.files(tmp_path / "totals") == conftest.files(tmp_path / "single")


def test_an_error_in_a_worker_arrives_with_its_code_and_path(usage: Any, place: Path) -> None:
    import with_dask

    without = usage.assign(at=usage["at"].where(usage["kind"] != "telepathy"))
    with pytest.raises(InvalidInputError) as raised:
        with_dask.booked(without, attribution(place)).compute()
    assert (raised.value.code, raised.value.path) == ("missing_field", "/at")
    with pytest.raises(InvalidInputError) as raised:
        with_dask.booked(usage.drop(columns=["kind"]), attribution(place))
    assert (raised.value.code, raised.value.path) == ("missing_field", "/kind")
