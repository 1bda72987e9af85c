"""The columns of FOCUS against what the specification says of them (`focus_columns.json`)."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pytest
from bailiwick import Timeline
from bailiwick.types import AnswerColumns

from whole_tables import scene

SPECIFICATION: dict[str, Any] = json.loads(Path(__file__).with_name("focus_columns.json").read_text("utf-8"))
COLUMNS: dict[str, dict[str, Any]] = {column["id"]: column for column in SPECIFICATION["columns"]}
CUSTOM = SPECIFICATION["custom_columns"]
# The data types of the specification.
TYPES = {"String": pa.string()}
VERSIONS = {"focus-1.4": "1.4", "focus-1.5-draft": "1.5"}
guard = scene.named_engine()
USAGE = scene.table(scene.usage(random.Random(3), 3_000), pa.string())


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_every_version_is_checked() -> None:
    assert set(get_args(AnswerColumns)) == {"bailiwick", *VERSIONS}


@pytest.mark.parametrize("by_time", [False, True])
@pytest.mark.parametrize("nulls", [False, True])
@pytest.mark.parametrize("columns", VERSIONS)
def test_columns_are_those_of_the_specification(columns: AnswerColumns, *, nulls: bool, by_time: bool) -> None:
    engine = Timeline.from_snapshot(guard.to_snapshot(issued_at="2026-05-01T00:00:00Z")) if by_time else guard
    answers = engine.attribute_table(USAGE, columns=columns, nulls=nulls, dictionaries=False).to_pyarrow()
    own = [name for name in answers.column_names if name.startswith(CUSTOM["prefix"])]
    standard = [name for name in answers.column_names if name not in own]
    # Each column that the version has, in an order of ours, and before all others.
    assert set(standard) == {name for name, column in COLUMNS.items() if number(column["introduced"]) <= number(VERSIONS[columns])}
    assert answers.column_names == standard + own
    for name in standard:
        field, column, rule = answers.schema.field(name), answers.column(name), COLUMNS[name]
        assert field.type == TYPES[rule["type"]]
        assert rule["allows_nulls"] or not (field.nullable or column.null_count)
        if (id_column := rule.get("null_with")) is not None and nulls:
            assert all(one is None for one, of in zip(column.to_pylist(), answers.column(id_column).to_pylist(), strict=True) if of is None)
    for name in own:
        assert re.fullmatch(f"{CUSTOM['prefix']}([A-Z][a-z]+)+", name)
        assert len(name) <= CUSTOM["most_characters"]
        assert not pa.types.is_nested(answers.schema.field(name).type)
    # No empty texts, and with nulls no placeholder but in the one column that must have a value.
    texts = {name: set(answers.column(name).to_pylist()) for name in answers.column_names if answers.schema.field(name).type == pa.string()}
    assert all("" not in values for values in texts.values())
    placed = {name for name, values in texts.items() if "unattributed" in values}
    assert placed == ({"BillingAccountId"} if nulls else {"BillingAccountId", "SubAccountId"})
    assert answers.schema.field("SubAccountId").nullable is nulls
    assert (answers.column("SubAccountId").null_count > 0) is nulls
