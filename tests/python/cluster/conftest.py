"""The example's usage, and the engines that attribute it. What this machine lacks is said; on CI it is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from bailiwick import Bailiwick, Timeline, public_key_of

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples/spark"
sys.path.insert(0, str(EXAMPLE))
NOT_RUN: set[str] = set()


def lacking(what: str) -> NoReturn:
    """Skips a test for what this machine lacks."""
    NOT_RUN.add(what)
    if os.environ.get("CI"):
        raise pytest.fail.Exception(f"{what}; on CI every engine has to run")
    raise pytest.skip.Exception(what)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says at the end what was not run."""
    for what in sorted(NOT_RUN):
        terminalreporter.write_line(f"clusters, not run: {what}")


def with_java() -> None:
    """Skips a test if there is no Java for Spark."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None or subprocess.run([java, "-version"], capture_output=True, check=False).returncode != 0:
        lacking("Spark needs Java 17 or newer, and there is none")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What make_usage.py makes."""
    import make_usage

    made = tmp_path_factory.mktemp("example")
    make_usage.make(made, days=6, rows=2_000)
    return made


@pytest.fixture(scope="session")
def single_machine(place: Path) -> dict[str, bytes]:
    """The totals of the example, as one process writes them."""
    import single_machine
    import totals

    totals.write(single_machine.sums(place), place / "single")
    return files(place / "single")


SIGNING_KEY = bytes(range(32))
PUBLIC_KEY = public_key_of(SIGNING_KEY)


def lived(days: int = 6) -> Timeline:
    """The example's directory through the days of its usage: from the first morning on, somebody leaves or comes back every half hour."""
    import datetime as dt

    import make_usage

    begins = make_usage.FIRST_DAY + dt.timedelta(hours=6)
    timeline = Timeline.from_snapshot(Bailiwick.from_directory(make_usage.DIRECTORY).to_snapshot(digests=False), beginning=begins)
    for number in range((days * 24 - 6) * 2):
        user, at = ("usr_dan", "usr_cleo", "usr_eve")[number % 3], begins + dt.timedelta(minutes=30 * number + 7)
        is_leaving = number // 3 % 2 == 0
        change = {"type": "remove_member" if is_leaving else "add_member", "organization": "org_acme", "user": user}
        timeline.apply(change, at=at, actor="user:usr_ada")
    return timeline


@pytest.fixture(scope="session")
def timeline() -> Timeline:
    """The same for all tests: none of them changes it."""
    return lived()


@pytest.fixture(scope="session")
def journal(timeline: Timeline) -> bytes:
    """The timeline as bytes, signed."""
    return timeline.to_journal(signing_key=SIGNING_KEY)


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Spark inside this process, with workers of its own; a task that fails is tried four times."""
    with_java()
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    from pyspark.sql import SparkSession

    settings: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
        # Wherever the session is, an instant is the same.
        "spark.sql.session.timeZone": "Asia/Kathmandu",
        # Each day's file is a partition of its own.
        "spark.sql.files.openCostInBytes": str(128 << 20),
    }
    session = SparkSession.builder.master("local[2,4]").config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def dask_client() -> Iterator[Any]:
    """Dask with two workers, each a process that is replaced when it dies."""
    from dask.distributed import Client

    with Client(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as client:
        yield client
