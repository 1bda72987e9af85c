"""A column of answers has one dictionary or none: libraries group by nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
from bailiwick import Bailiwick
from bailiwick.types import ArrowTable

CHUNKS, ROWS = 40, 30
KEYS = [f"key_{number}" for number in range(CHUNKS * ROWS // 2)]
guard = Bailiwick.from_directory(
    {
        "format": "bailiwick/1",
        "organizations": [
            {
                "id": "org",
                "owner": "usr",
                "members": [{"user": "usr", "role": "admin"}],
                "projects": [
                    {"id": "prj_default", "default": True},
                    *({"id": f"prj_{number}", "api_keys": [{"id": key} for key in KEYS[number::50]]} for number in range(50)),
                ],
            }
        ],
    }
)


def chunk(number: int) -> pa.RecordBatch:
    """Usage of a few keys, half of which no chunk before has. The first has none at all."""
    first = number * ROWS // 2
    keys = [f"api_key:{key}" for key in [*KEYS[first : first + ROWS // 2], *KEYS[: ROWS // 2]]] if number else ["user:usr"] * ROWS
    columns = {"principal": pa.array(keys), "kind": pa.array(["serverless_inference"] * ROWS), "action": pa.array(["file.read"] * ROWS)}
    return pa.record_batch({**columns, "resource": [f"project:prj_{number}"] * ROWS, "cost": pa.array([1] * ROWS)})


USAGE = pa.Table.from_batches([chunk(number) for number in range(CHUNKS)])


def stream() -> pa.RecordBatchReader:
    """The same as a stream."""
    return pa.RecordBatchReader.from_batches(USAGE.schema, USAGE.to_batches())


def grouped(table: Any, column: str) -> dict[Any, int]:
    groups = table.group_by(column).aggregate([([], "count_all")])
    return dict(zip(groups.column(column).to_pylist(), groups.column("count_all").to_pylist(), strict=True))


FORMS: list[dict[str, Any]] = [
    {},
    {"keep_input": True, "prefix": "x_"},
    {"columns": "focus-1.5-draft", "prefix": "x_"},
    {"columns": "focus-1.4", "keep_input": True},
]


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_grouped_by_every_column(form: dict[str, Any]) -> None:
    plain = guard.attribute_table(USAGE, resource=None, dictionaries=False, **form).to_pyarrow()
    for usage in (USAGE, stream()):
        answers = guard.attribute_table(usage, resource=None, **form)
        table = answers.to_pyarrow()
        table.validate(full=True)
        assert table.num_rows == CHUNKS * ROWS
        assert table.cast(plain.schema).equals(plain)
        for field in table.schema:
            if not pa.types.is_nested(field.type):
                assert grouped(table, field.name) == Counter(plain.column(field.name).to_pylist())
                assert table.combine_chunks().column(field.name).to_pylist() == plain.column(field.name).to_pylist()


def test_decisions_are_grouped_by_every_column() -> None:
    plain = guard.check_table(USAGE, dictionaries=False).to_pyarrow()
    for usage in (USAGE, stream()):
        table = guard.check_table(usage).to_pyarrow()
        for name in ("allowed", "reason", "role", "organization", "project"):
            assert grouped(table, name) == Counter(plain.column(name).to_pylist())
    assert len(grouped(plain, "project")) == CHUNKS


def test_other_libraries_group_them() -> None:
    wanted = Counter(guard.attribute_table(USAGE, resource=None, dictionaries=False).column("api_key").to_pylist())
    assert len(wanted) > 500
    given: list[Callable[[], ArrowTable]] = [lambda: USAGE, stream]
    for usage in given:
        frame = guard.attribute_table(usage(), resource=None).to_polars()
        assert dict(frame.with_columns(polars.col("api_key").cast(polars.String)).group_by("api_key").len().iter_rows()) == wanted
        assert frame.group_by("api_key").len().height == len(wanted)
        counted: Any = duckdb.from_arrow(guard.attribute_table(usage(), resource=None)).aggregate("api_key, count(*)")
        assert dict(counted.fetchall()) == wanted
        pandas = guard.attribute_table(usage(), resource=None).to_pandas()
        sizes = pandas.groupby("api_key", observed=True).size().to_dict()
        assert sizes == {key: rows for key, rows in wanted.items() if key is not None}


def test_a_dictionary_is_one_array_and_names_what_rows_need() -> None:
    answers = guard.attribute_table(USAGE, resource=None).to_pyarrow()
    chunks = answers.column("api_key").chunks
    assert len(chunks) == CHUNKS
    assert len({one.dictionary.buffers()[2].address for one in chunks}) == 1
    needed = set(answers.column("api_key").to_pylist()) - {None}
    assert set(chunks[0].dictionary.to_pylist()) == needed
    assert chunks[0].to_pylist() == [None] * ROWS


def test_a_stream_has_dictionaries_of_words_that_are_known_beforehand() -> None:
    for answers in (guard.attribute_table(stream(), resource=None), guard.check_table(stream())):
        schema = pa.schema(answers)
        assert schema.field("organization").type == schema.field("project").type == pa.string()
        assert pa.types.is_dictionary(schema.field("reason").type)
    plain = pa.schema(guard.attribute_table(stream(), dictionaries=False))
    assert not any(pa.types.is_dictionary(field.type) for field in plain)
