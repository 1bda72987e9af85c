"""Usage of the example's people, as a table and in files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bailiwick import Bailiwick
from bailiwick.cli.terminal.extras import arrow

from .conftest import ACME

pa = arrow()
ROWS: list[dict[str, Any]] = [
    {"principal": "user:usr_dan", "kind": "fine_tuning", "surface": "ui", "project": "prj_a", "resource": None},
    {"principal": "user:usr_dan", "kind": "instant_cluster", "surface": None, "project": None, "resource": "instant_cluster:cl_1"},
    {"principal": "user:usr_zoe", "kind": "storage", "surface": "ui", "project": "prj_a", "resource": None},
    {"principal": "api_key:key_ci", "kind": "serverless_inference", "surface": "api", "project": None, "resource": None},
    {"principal": "user:usr_nobody", "kind": "file", "surface": "api", "project": "prj_a", "resource": None},
    {"principal": "user:usr_eve", "kind": "fax", "surface": "ui", "project": None, "resource": None},
    {"principal": "user:usr_kai", "kind": "file", "surface": "playground", "project": "prj_a", "resource": None},
]
AT = "2026-02-01T12:00:00Z"
USAGE = [
    {**row, "at": "2025-01-01T00:00:00Z" if number == 1 else AT, "amount": number, "note": f"n{number}"} for number, row in enumerate(ROWS)
]
NAMES = (
    "organization",
    "project",
    "intended_organization",
    "intended_project",
    "matches_intended",
    "certainty",
    "reason",
    "api_key",
    "remedies",
    "caveats",
)


def wanted(rows: list[dict[str, Any]] = USAGE) -> list[dict[str, Any]]:
    """The answers of the engine to these rows, one by one."""
    asked = ("principal", "kind", "surface", "project", "resource", "at")
    guard = Bailiwick.from_directory(ACME.read_bytes())
    answers = guard.attribute_many([{name: row[name] for name in asked} for row in rows])
    return [{name: answer.to_dict()[name] for name in NAMES} for answer in answers]  # type: ignore[literal-required]


def write(path: Path, rows: list[dict[str, Any]] = USAGE) -> Path:
    """A file of usage, in the format that its name says."""
    table = pa.Table.from_pylist(rows)
    match path.suffix:
        case ".parquet":
            arrow("pyarrow.parquet").write_table(table, path)
        case ".csv":
            arrow("pyarrow.csv").write_csv(table, path)
        case ".arrow":
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
        case _:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """What is in a file of answers, as rows."""
    match path.suffix:
        case ".parquet":
            rows: list[dict[str, Any]] = arrow("pyarrow.parquet").read_table(path).to_pylist()
        case ".arrow":
            rows = pa.ipc.open_file(path).read_all().to_pylist()
        case ".csv":
            texts = arrow("pyarrow.csv").ConvertOptions(
                strings_can_be_null=True, null_values=[""], column_types=dict.fromkeys(NAMES[:4], pa.string())
            )
            rows = arrow("pyarrow.csv").read_csv(path, convert_options=texts).to_pylist()
            for row in rows:
                row |= {name: (row[name] or "").split() for name in NAMES[-2:]}
        case _:
            rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return rows
