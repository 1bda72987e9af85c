"""Rows as JSON, whatever is in them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from bailiwick import InvalidInputError
from bailiwick.cli.tables.json_lines import write_lines
from bailiwick.cli.terminal.extras import arrow

pa = arrow()

AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
COLUMNS = {
    'a%s"': pa.array(["x", None, '"y\u2028']),
    "list": pa.array([["a"], None, []], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    "lists": pa.array([[[1], None], [], None]),
    "at": pa.array([AT, None, AT]),
    "number": pa.array([1.5, None, 2.0]),
    "whole": pa.array([1, None, -(2**62)]),
    "object": pa.array([{"a": [1]}, None, {"a": None}]),
    "word": pa.array(["u", "v", None]).dictionary_encode(),
    "flag": pa.array([True, None, False]),
    "nothing": pa.nulls(3),
    "bytes": pa.array([b"\x00\xff", None, b""]),
}


@pytest.mark.parametrize(("start", "length"), [(0, 3), (1, 2), (2, 1), (0, 0)])
def test_rows_are_what_they_were(start: int, length: int) -> None:
    batch = pa.RecordBatch.from_pydict(COLUMNS).slice(start, length)
    file = io.BytesIO()
    write_lines(file, batch)
    written: dict[type, Callable[[Any], Any]] = {datetime: lambda value: "2026-01-01T12:30:00Z", bytes: bytes.hex}
    wanted = [{name: written.get(type(value), lambda value: value)(value) for name, value in row.items()} for row in batch.to_pylist()]
    assert [json.loads(line) for line in file.getvalue().splitlines()] == wanted


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_has_no_form_for(number: float) -> None:
    with pytest.raises(InvalidInputError) as caught:
        write_lines(io.BytesIO(), pa.RecordBatch.from_pydict({"a/b": [1.0, number]}))
    assert (caught.value.code, caught.value.path) == ("wrong_type", "/a~1b")
