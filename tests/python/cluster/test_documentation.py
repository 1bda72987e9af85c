"""The examples of docs/cluster.md, and the commands of examples/spark/README.md, as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cluster import conftest


def blocks(page: str, language: str) -> list[str]:
    """The examples of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (conftest.ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


NEEDS, SPARK, DASK, MONTH = blocks("docs/cluster.md", "python")


@pytest.mark.slow
def test_the_example_for_spark(spark: Any, tmp_path: Path) -> None:
    # Spark stays in the folder that it was started in.
    names: dict[str, Any] = {}
    exec((NEEDS + SPARK).replace('"usage"', f'"{tmp_path}/usage"'), names)
    assert names["attribution"].revision == 7


def test_the_example_for_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(NEEDS + DASK, names)
    # What the page says of the shorter way: the answers are the same.
    shorter = names["usage"].map_partitions(names["attribution"].frame).compute()
    assert shorter.equals(names["booked"].compute())


def test_the_example_of_a_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(NEEDS + MONTH, {})


@pytest.mark.slow
def test_the_commands_of_the_example(tmp_path: Path) -> None:
    conftest.with_java()
    (commands,) = blocks("examples/spark/README.md", "sh")
    for script in conftest.EXAMPLE.parent.glob("spark/*.py"):
        (tmp_path / script.name).write_bytes(script.read_bytes())
    (tmp_path.parent / "acme").mkdir(exist_ok=True)
    (tmp_path.parent / "acme/directory.json").write_bytes((conftest.ROOT / "examples/acme/directory.json").read_bytes())
    settings = ["spark.master local[2]", "spark.ui.enabled false", "spark.driver.host 127.0.0.1", "spark.sql.shuffle.partitions 2"]
    (tmp_path / "spark-defaults.conf").write_text("\n".join(settings))
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(tmp_path),
    }
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=290, check=False
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert sorted(file.name for file in (tmp_path / "totals/spark").iterdir()) == ["reasons.parquet", "totals.parquet"]
