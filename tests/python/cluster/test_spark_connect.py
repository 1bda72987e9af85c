"""Spark Connect: the same answers as in one process, also when a worker dies."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bailiwick import Timeline

from cluster import conftest, connect
from cluster.test_spark import KEEP, rows


@pytest.mark.slow
def test_a_journal_gives_the_answers_of_one_process(place: Path, timeline: Timeline, journal: bytes, tmp_path: Path) -> None:
    conftest.with_java()
    if importlib.util.find_spec("grpc") is None:
        conftest.lacking("Spark Connect needs grpcio, and there is none")
    (tmp_path / "journal").write_bytes(journal)
    (tmp_path / "key").write_bytes(conftest.PUBLIC_KEY)
    arguments = [place / "usage", tmp_path / "journal", tmp_path / "key", tmp_path / "answers.parquet"]
    done = subprocess.run([sys.executable, connect.__file__, *arguments], capture_output=True, text=True, timeout=290, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert int((tmp_path / "answers.killed").read_text()) > 0
    usage = pa.concat_tables(pq.ParquetFile(file).read() for file in (place / "usage").glob("*/*.parquet"))
    wanted = timeline.attribute_table(usage, **KEEP, dictionaries=False).to_pyarrow()
    answers = pq.read_table(tmp_path / "answers.parquet")
    assert answers.column_names == wanted.column_names
    assert rows(answers) == rows(wanted)
