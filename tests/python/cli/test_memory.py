"""How much memory a command takes of small files that claim, repeat or nest much, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bailiwick.cli.files.limits import MIB
from bailiwick.cli.terminal.extras import arrow

from .conftest import ACME
from .test_process import TIMEOUT, command

pytestmark = pytest.mark.slow
pytest.importorskip("resource", reason="tells how much memory a process has taken")
pa, pq, ipc = arrow(), arrow("pyarrow.parquet"), arrow("pyarrow.ipc")

# A process begins with the peak of the one that it was made by, so a small one stands between.
MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, encoding="utf-8", check=False)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([done.returncode, done.stdout, done.stderr, peak]))
"""


def measured(*arguments: object) -> tuple[int, str, int]:
    """How a command ended: its exit code, the code of its error, and its peak in MiB."""
    call = [sys.executable, "-c", MEASURE, *command(*arguments, "--json")]
    code, _, told, peak = json.loads(subprocess.run(call, capture_output=True, timeout=TIMEOUT, check=True).stdout)
    return code, json.loads(told)["error"]["code"], peak // MIB


@pytest.mark.parametrize("is_dictionary", [False, True])
def test_texts_of_a_parquet_file_that_expand(tmp_path: Path, is_dictionary: bool) -> None:
    usage = tmp_path / "usage.parquet"
    texts = ["a" * 125_000_000, "b" * 125_000_000]
    columns = pa.table({"principal": ["user:usr_dan"] * 2, "kind": ["file"] * 2, "x": texts})
    pq.write_table(columns, usage, compression="zstd", use_dictionary=is_dictionary, dictionary_pagesize_limit=1 << 30)
    code, error, peak = measured("attribute", ACME, usage, "--keep-input", "--prefix", "x_", "-o", tmp_path / "out.jsonl")
    assert (code, error) == (3, "unreadable")
    assert peak < 250


QUESTION = b'{"principal": "user:usr_dan", "action": "file.read", "resource": "project:prj_a"}'
LINES = {
    "objects": (b"{}\n" * 3_000_000, 2),
    "lists in one another": (b"[" + b",".join([b"[" * 29 + b"]" * 29] * 100_000) + b"]", 3),
    "objects in one another": (b"[" + b",".join([b'{"":' * 29 + b"0" + b"}" * 29] * 40_000) + b"]", 3),
    "one line": (QUESTION + b'\n{"":[' + b"[]," * 4_000_000 + b"0]}\n", 3),
    "strings": (b"[" + b'"",' * 4_000_000 + b'""]', 3),
    "strings, and too deep": (b'{"":[' + b'"",' * 4_000_000 + b"[" * 40 + b"]" * 41 + b"}", 3),
}


@pytest.mark.parametrize("name", LINES)
def test_requests_of_many_values(tmp_path: Path, name: str) -> None:
    text, expected = LINES[name]
    path = tmp_path / "given.jsonl"
    path.write_bytes(text)
    code, _, peak = measured("check", ACME, "--requests", path)
    assert (code, peak < 150) == (expected, True)


def test_changes_of_many_values(tmp_path: Path) -> None:
    path = tmp_path / "given.jsonl"
    path.write_bytes(LINES["objects"][0])
    code, _, peak = measured("apply", ACME, path, "--preview")
    assert (code, peak < 150) == (2, True)
