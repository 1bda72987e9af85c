"""attribute_table answers as attribute_many does, in every form of table, and drops and moves no row."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
from bailiwick import AnswerTable, Bailiwick

from whole_tables import scene

COLUMNS = [
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
]
guard = scene.engine()


def expected(rows: list[scene.Row]) -> list[dict[str, Any]]:
    """What attribute_many says of rows, without what is said of the whole table."""
    usages = [{**row, "at": pa.scalar(row["at"], pa.timestamp("ms", "UTC")).as_py()} for row in rows]
    answers = guard.attribute_many(usages)
    return [{name: value for name, value in answer.to_dict().items() if name in COLUMNS} for answer in answers]


@pytest.mark.parametrize("data_type", scene.text_types(), ids=str)
def test_every_row_is_answered_as_by_attribute_many(data_type: pa.DataType) -> None:
    rows = scene.usage(random.Random(str(data_type)), 120)
    answers = guard.attribute_table(scene.table(rows, data_type))
    assert answers.column_names == COLUMNS
    assert answers.to_pyarrow().to_pylist() == expected(rows)
    assert answers.to_pylist() == expected(rows)
    assert answers.column("reason").to_pylist() == [answer["reason"] for answer in expected(rows)]


def test_the_result_tells_how_many_rows_there_are_for_each_reason() -> None:
    rows = scene.usage(random.Random(1), 5_000)
    answers = guard.attribute_table(scene.table(rows, pa.string()))
    wanted = guard.attribute_many([{**row, "at": None} for row in rows])
    assert answers.num_rows == len(rows)
    assert answers.counts == Counter(answer["reason"] for answer in expected(rows))
    assert answers.unattributed == sum(answer["certainty"] is None for answer in expected(rows))
    assert len(wanted) == len(rows)
    assert (answers.policy, answers.revision) == (guard.policy, guard.revision)


def test_strings_come_as_dictionaries_or_plain() -> None:
    rows = scene.usage(random.Random(2), 3_000)
    table = scene.table(rows, pa.string())
    coded, plain = (guard.attribute_table(table, dictionaries=choice).to_pyarrow() for choice in (True, False))
    assert coded.to_pylist() == plain.to_pylist()
    assert all(pa.types.is_dictionary(coded.schema.field(name).type) for name in ("organization", "project", "reason", "api_key"))
    assert plain.schema.field("reason").type == pa.string()
    assert plain.schema.field("remedies").type.value_type == pa.string()
    for chunk in coded.column("project").chunks:
        assert len(set(chunk.dictionary.to_pylist())) == len(chunk.dictionary)
    coded.validate(full=True)
    plain.validate(full=True)


def test_a_dictionary_names_nothing_that_no_row_needs() -> None:
    project = scene.NAMES["project"][0]
    answers = guard.attribute_table(pa.table({"principal": [scene.PRINCIPALS[0]], "kind": ["batch"], "project": [project]}))
    for name in ("organization", "project", "intended_project"):
        words = answers.to_pyarrow().column(name).chunk(0).dictionary
        assert len(words) <= 2, words


def test_many_rows_in_odd_slices_keep_their_order() -> None:
    rows = scene.usage(random.Random(3), 300)
    small = scene.table(rows, pa.dictionary(pa.int32(), pa.string()))
    repeated = pa.concat_tables([small] * 1_000).combine_chunks().slice(7, 290_001)
    answers = guard.attribute_table(repeated).to_pyarrow()
    wanted = pa.concat_tables([guard.attribute_table(small, dictionaries=False).to_pyarrow()] * 1_000).combine_chunks().slice(7, 290_001)
    assert answers.cast(wanted.schema).equals(wanted)
    assert answers.num_rows == 290_001


def test_a_dictionary_that_is_far_larger_than_its_batch() -> None:
    words = pa.array([*scene.PRINCIPALS, *(f"user:nobody_{k}" for k in range(50_000))])
    codes = pa.array([0, 3, None, 49_999, 1], pa.int32())
    table = pa.table({"principal": pa.DictionaryArray.from_arrays(codes, words), "kind": ["batch"] * 5})
    plain = pa.table({"principal": table.column("principal").cast(pa.string()), "kind": ["batch"] * 5})
    assert guard.attribute_table(table).to_pyarrow().to_pylist() == guard.attribute_table(plain).to_pyarrow().to_pylist()


def test_batches_with_dictionaries_of_their_own() -> None:
    rows = scene.usage(random.Random(4), 900)
    pieces = [scene.table(rows[start : start + 100], pa.dictionary(pa.int16(), pa.string())) for start in range(0, 900, 100)]
    answers = guard.attribute_table(pa.concat_tables(pieces)).to_pyarrow()
    assert answers.to_pylist() == expected(rows)


def test_users_and_keys_in_columns_of_their_own() -> None:
    user, key = scene.NAMES["user"][0], scene.NAMES["api_key"][0]
    table = pa.table({"who": [user, user, None, None, "", user], "by": [None, key, key, None, None, ""], "kind": ["file"] * 6})
    answers = guard.attribute_table(table, user="who", api_key="by").to_pyarrow().to_pylist()
    same = [f"user:{user}", f"api_key:{key}", f"api_key:{key}"]
    wanted = [answer.to_dict() for answer in guard.attribute_many([{"principal": one, "kind": "file"} for one in same])]
    assert [row["reason"] for row in answers[:3]] == [row["reason"] for row in wanted]
    assert [row["project"] for row in answers[:3]] == [row["project"] for row in wanted]
    assert [row["reason"] for row in answers[3:]] == ["missing_field", "invalid_id", "invalid_id"]
    only = guard.attribute_table(table.select(["by", "kind"]), api_key="by").to_pyarrow().to_pylist()
    assert [row["reason"] for row in only][1:3] == [wanted[1]["reason"], wanted[2]["reason"]]


@pytest.mark.parametrize(
    "instants",
    [
        pa.array([1_600_000_000, None, 1_775_000_000], pa.timestamp("s", "UTC")),
        pa.array([1_600_000_000_000, None, 1_775_000_000_000], pa.timestamp("ms", "Europe/Zurich")),
        pa.array([1_600_000_000_000_999, None, 1_775_000_000_000_000], pa.timestamp("us", "UTC")),
        pa.array([1_600_000_000_000_999_999, None, 1_775_000_000_000_000_000], pa.timestamp("ns", "+02:00")),
        pa.array([1_600_000_000_000, None, 1_775_000_000_000], pa.int64()),
        pa.array([1_600_000_000_000, None, 1_775_000_000_000], pa.uint64()),
        pa.array(["2020-09-13T14:26:40+02:00", None, "2026-03-31T23:33:20Z"]),
        pa.array(["2020-09-13T12:26:40Z", None, "2026-03-31T23:33:20Z"]).dictionary_encode(),
    ],
    ids=lambda array: str(array.type),
)
def test_instants_of_every_sort(instants: pa.Array) -> None:
    late = next(one for one in scene.DOCUMENT["organizations"] if one.get("projects_since"))
    usage = {"principal": [f"user:{late['owner']}"] * 3, "kind": ["batch"] * 3, "project": [late["projects"][0]["id"]] * 3}
    answers = guard.attribute_table(pa.table({**usage, "at": instants})).to_pyarrow()
    reasons = answers.column("reason").to_pylist()
    assert reasons[0] == "predates_projects"
    assert "predates_projects" not in reasons[1:]


def test_instants_that_cannot_be_written_are_told_in_their_row() -> None:
    usage = {"principal": [scene.PRINCIPALS[0]] * 4, "kind": ["batch"] * 4}
    for wrong in (
        pa.array([2**62, -(2**62), 0, None], pa.timestamp("s", "UTC")),
        pa.array([2**63 - 1, -(2**63), 10**11, None], pa.int64()),
        pa.array([1_777_636_800, 0, -(10**11), None], pa.int64()),
        pa.array([99_999_999_999, -99_999_999_999, 1_777_636_800_000, None], pa.int64()),
        pa.array([2**64 - 1, 2**63, 10**11, None], pa.uint64()),
        pa.array([1_777_636_800, 0, 10**11, None], pa.uint64()),
        pa.array(["2026-02-30T00:00:00Z", "", "1970-01-01T00:00:00Z", None]),
    ):
        answers = guard.attribute_table(pa.table({**usage, "at": wrong}))
        reasons = answers.to_pyarrow().column("reason").to_pylist()
        assert reasons[:2] == ["invalid_timestamp"] * 2
        assert "invalid_timestamp" not in reasons[2:]
        assert answers.counts["invalid_timestamp"] == 2


def test_numbers_of_seconds_revive_no_key() -> None:
    seconds = pa.array([1_777_636_800], pa.int64())
    questions = pa.table({"principal": ["api_key:key_ci"], "action": ["file.read"], "resource": ["project:prj_a"], "at": seconds})
    assert guard.check_table(questions).to_pylist()[0]["reason"] == "invalid_timestamp"
    for kind in (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16(), pa.uint32()):
        usage = pa.table({"principal": [scene.PRINCIPALS[0]], "kind": ["batch"], "at": pa.array([100], kind)})
        assert guard.attribute_table(usage).counts == {"invalid_timestamp": 1}


def test_columns_that_may_be_absent() -> None:
    bare = pa.table({"principal": [scene.PRINCIPALS[0]], "kind": ["batch"]})
    nothing = pa.nulls(1).dictionary_encode()
    assert guard.attribute_table(bare.append_column("project", nothing)).to_pylist() == guard.attribute_table(bare).to_pylist()
    empty = pa.table(
        {**{name: bare.column(name) for name in bare.column_names}, "surface": pa.nulls(1), "resource": pa.nulls(1), "at": pa.nulls(1)}
    )
    assert guard.attribute_table(bare).to_pyarrow().to_pylist() == guard.attribute_table(empty).to_pyarrow().to_pylist()
    named = bare.append_column("project", pa.array([["a list"]]))
    assert guard.attribute_table(named, project=None).to_pyarrow().to_pylist() == guard.attribute_table(bare).to_pyarrow().to_pylist()


def test_the_input_can_be_kept() -> None:
    table = pa.table(
        {"principal": [scene.PRINCIPALS[0]], "kind": ["batch"], "cost": [1.5], "at": pa.array([None], pa.timestamp("ns", "UTC"))}
    )
    answers = guard.attribute_table(table, keep_input=True, prefix="booked_").to_pyarrow()
    assert answers.column_names == [*table.column_names, *(f"booked_{name}" for name in COLUMNS)]
    assert answers.select(table.column_names).equals(table)


def test_an_empty_table_has_the_columns_and_no_rows() -> None:
    table = pa.table({"principal": pa.array([], pa.string()), "kind": pa.array([], pa.string())})
    answers = guard.attribute_table(table)
    assert (answers.num_rows, answers.counts, answers.to_pyarrow().column_names) == (0, {}, COLUMNS)
    assert guard.attribute_table(pa.table(table.schema.empty_table())).to_pyarrow().num_rows == 0


def test_a_batch_and_a_stream_are_answered_as_the_table_is() -> None:
    rows = scene.usage(random.Random(5), 2_000)
    table = scene.table(rows, pa.string())
    wanted = guard.attribute_table(table).to_pyarrow().to_pylist()
    assert guard.attribute_table(table.combine_chunks().to_batches()[0]).to_pyarrow().to_pylist() == wanted
    stream = guard.attribute_table(pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=300)))
    assert stream.num_rows == 0
    assert stream.to_pyarrow().to_pylist() == wanted
    assert (stream.num_rows, sum(stream.counts.values())) == (2_000, 2_000)


def test_a_stream_is_answered_batch_by_batch_while_it_is_read() -> None:
    table = scene.table(scene.usage(random.Random(6), 100), pa.string())
    taken: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(50):
            taken.append(number)
            yield table.combine_chunks().to_batches()[0]

    answers = guard.attribute_table(pa.RecordBatchReader.from_batches(table.schema, batches()))
    assert taken == []
    reader = pa.RecordBatchReader.from_stream(answers)
    for read in range(1, 51):
        assert reader.read_next_batch().num_rows == 100
        assert len(taken) <= read + 1
        assert answers.num_rows == read * 100
    with pytest.raises(StopIteration):
        reader.read_next_batch()


def test_answers_to_a_stream_can_be_asked_about_and_stay_a_stream() -> None:
    table = scene.table(scene.usage(random.Random(11), 100), pa.string())
    taken: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(20):
            taken.append(number)
            yield table.combine_chunks().to_batches()[0]

    stream = pa.RecordBatchReader.from_batches(table.schema, batches())
    first = guard.attribute_table(stream, keep_input=True, prefix="a_")
    second = guard.attribute_table(first, keep_input=True, prefix="b_")
    assert taken == []
    assert second.to_pyarrow().num_rows == 2_000


def test_a_table_is_answered_by_one_revision() -> None:
    changing = Bailiwick.from_directory(scene.DOCUMENT)
    gone = next(resource for resource in scene.RESOURCES if not resource.startswith("api_key:"))
    usage = {"principal": scene.PRINCIPALS[0], "kind": gone.split(":")[0], "surface": None, "project": None, "resource": gone, "at": 0}
    table = scene.table([usage] * 100, pa.string())
    before = changing.attribute_table(table).to_pyarrow().to_pylist()
    stream = changing.attribute_table(pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=10)))
    changing.apply({"type": "remove_resource", "resource": gone})
    assert stream.revision + 1 == changing.revision
    assert stream.to_pyarrow().to_pylist() == before
    assert {row["reason"] for row in changing.attribute_table(table).to_pyarrow().to_pylist()} == {"unknown_resource"}


def test_other_libraries_read_the_answers() -> None:
    rows = scene.usage(random.Random(8), 500)
    table = scene.table(rows, pa.string())
    wanted = expected(rows)
    answers: AnswerTable = guard.attribute_table(table)
    assert answers.to_polars().to_dicts() == wanted
    assert len(answers.to_pandas()) == 500
    counting: Any = duckdb.sql("select reason, count(*) from answers group by all")
    counted = dict(counting.fetchall())
    assert counted == answers.counts
    frame: Any = polars.from_arrow(table)
    for other in (
        frame,
        frame.with_columns(polars.col("kind").cast(polars.Categorical)),
        duckdb.from_arrow(table),
    ):
        assert guard.attribute_table(other).to_pyarrow().to_pylist() == wanted
    assert guard.attribute_table(table.to_pandas()).to_pyarrow().to_pylist() == wanted
