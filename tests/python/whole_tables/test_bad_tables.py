"""What is no proper table: an error with a code and the column's name as path, before any row is answered; and nothing half made."""

from __future__ import annotations

import datetime as dt
import decimal
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import polars
import pyarrow as pa
import pytest
from bailiwick import BailiwickError, UnreadableError
from bailiwick.types import TimeUnit

from whole_tables import scene

guard = scene.engine()
GOOD = pa.table({"principal": [scene.PRINCIPALS[0]], "kind": ["batch"]})


def refuses(call: Callable[[], object], code: str, path: str) -> BailiwickError:
    """The call raises an error with this code and path."""
    with pytest.raises(BailiwickError) as raised:
        call()
    assert (raised.value.code, raised.value.path) == (code, path), raised.value.message
    assert isinstance(raised.value, ValueError)
    return raised.value


def test_a_column_that_is_missing() -> None:
    refuses(lambda: guard.attribute_table(GOOD.select(["kind"])), "missing_field", "/principal")
    refuses(lambda: guard.attribute_table(GOOD.select(["principal"])), "missing_field", "/kind")
    refuses(lambda: guard.attribute_table(GOOD, surface="how"), "missing_field", "/how")
    refuses(lambda: guard.attribute_table(GOOD, at="a/b~c"), "missing_field", "/a~1b~0c")
    refuses(lambda: guard.attribute_table(GOOD, user="who"), "missing_field", "/who")
    refuses(lambda: guard.attribute_table(GOOD, principal=None), "missing_field", "/principal")
    refuses(lambda: guard.check_table(GOOD), "missing_field", "/action")


def test_a_column_that_is_there_twice() -> None:
    doubled = pa.table([GOOD.column(0), GOOD.column(1), GOOD.column(1)], ["principal", "kind", "kind"])
    refuses(lambda: guard.attribute_table(doubled), "duplicate_id", "/kind")
    unused = pa.table([GOOD.column(0), GOOD.column(1), GOOD.column(1), GOOD.column(1)], ["principal", "kind", "x", "x"])
    assert guard.attribute_table(unused).num_rows == 1


def test_answers_that_would_be_called_as_a_column_that_is_kept() -> None:
    table = GOOD.append_column("project", pa.array([None], pa.string()))
    refuses(lambda: guard.attribute_table(table, keep_input=True), "duplicate_id", "/project")
    refuses(lambda: guard.attribute_table(GOOD, prefix="\0"), "wrong_type", "/prefix")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("principal", pa.array([1])),
        ("principal", pa.array([b"user:x"])),
        ("kind", pa.array([["batch"]])),
        ("surface", pa.array([1.5])),
        ("project", pa.array([{"id": "x"}])),
        ("resource", pa.array([1]).dictionary_encode()),
        ("at", pa.array([1.5], pa.float32())),
        ("at", pa.array([dt.date(2026, 1, 1)])),
        ("at", pa.array([dt.datetime(2026, 1, 1)])),
        ("at", pa.array([None], pa.timestamp("ns"))),
        ("at", pa.array([dt.time(1)])),
        ("at", pa.array([True])),
        ("at", pa.array([dt.timedelta(1)])),
    ],
    ids=lambda value: str(getattr(value, "type", value)),
)
def test_a_column_of_the_wrong_type(name: str, values: pa.Array) -> None:
    columns = {**{one: GOOD.column(one) for one in GOOD.column_names}, name: values}
    refuses(lambda: guard.attribute_table(pa.table(columns)), "wrong_type", f"/{name}")


@pytest.mark.parametrize("thing", [None, 1, "x", [], {}, [{"principal": "user:x"}], object(), GOOD.schema])
def test_what_is_no_table(thing: Any) -> None:
    refuses(lambda: guard.attribute_table(thing), "wrong_type", "/table")


def test_arguments_of_the_wrong_type() -> None:
    wrong: Any = 1
    refuses(lambda: guard.attribute_table(GOOD, kind=wrong), "wrong_type", "/kind")
    refuses(lambda: guard.attribute_table(GOOD, kind="\ud800"), "wrong_type", "/kind")
    refuses(lambda: guard.attribute_table(GOOD, columns=cast(Any, "focus-9")), "wrong_type", "/columns")
    refuses(lambda: guard.attribute_table(GOOD, principal="who", user="kind"), "wrong_type", "/principal")


def planned(method: str) -> Any:
    """What a library has planned and not carried out, by the method that does."""
    return type("Planned", (), {method: lambda _self: None})()


@pytest.mark.parametrize(
    ("plan", "call"),
    [
        (polars.LazyFrame({"principal": ["user:x"], "kind": ["batch"]}), ".collect()"),
        (planned("compute"), ".compute()"),
        (planned("toArrow"), ".toArrow()"),
        (planned("to_arrow_table"), ".to_arrow_table()"),
    ],
)
def test_what_is_no_table_yet(plan: Any, call: str) -> None:
    for ask in (guard.attribute_table, guard.check_table):
        told = refuses(lambda ask=ask: ask(plan), "wrong_type", "/table")  # type: ignore[misc]
        assert f"collect it first, with `{call}`" in told.message


def failing(after: int) -> pa.RecordBatchReader:
    """A stream that ends in an error."""

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(after):
            yield GOOD.to_batches()[0]
        raise RuntimeError("the network is down")

    return pa.RecordBatchReader.from_batches(GOOD.schema, batches())


def test_a_stream_that_ends_in_an_error() -> None:
    for after in (0, 3):
        answers = guard.attribute_table(failing(after))
        error = refuses(lambda answers=answers: answers.to_pyarrow(), "unreadable", "")  # type: ignore[misc]
        assert isinstance(error, UnreadableError)
        assert "the network is down" in error.message
        assert answers.num_rows == after
    reader = pa.RecordBatchReader.from_stream(guard.attribute_table(failing(1)))
    reader.read_next_batch()
    with pytest.raises(Exception, match="the network is down"):
        reader.read_next_batch()


def test_a_stream_is_answered_once() -> None:
    stream = pa.RecordBatchReader.from_batches(GOOD.schema, GOOD.to_batches())
    answers = guard.attribute_table(stream)
    assert answers.to_pyarrow().num_rows == 1
    refuses(lambda: answers.to_pyarrow(), "unreadable", "")


class Capsule:
    """An object that says that it is a table, and gives something else."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def __len__(self) -> int:
        return 1

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def test_capsules_that_are_something_else() -> None:
    for given in (None, 1, GOOD.schema.__arrow_c_schema__()):
        with pytest.raises((BailiwickError, TypeError, ValueError)):
            guard.attribute_table(Capsule(given))
    with pytest.raises(ZeroDivisionError):
        guard.attribute_table(Capsule(ZeroDivisionError()))
    used = GOOD.__arrow_c_stream__()
    pa.RecordBatchReader._import_from_c_capsule(used)
    refuses(lambda: guard.attribute_table(Capsule(used)), "unreadable", "")


class Pair:
    """A batch that hands out the same capsules each time."""

    def __init__(self) -> None:
        self.capsules = GOOD.to_batches()[0].__arrow_c_array__()

    def __arrow_c_array__(self, requested_schema: object = None) -> Any:
        return self.capsules


def test_capsules_that_were_used_before() -> None:
    pair = Pair()
    assert guard.attribute_table(pair).to_pyarrow().num_rows == 1
    refuses(lambda: guard.attribute_table(pair), "unreadable", "")
    pair = Pair()
    pa.Schema._import_from_c_capsule(pair.capsules[0])
    refuses(lambda: guard.attribute_table(pair), "unreadable", "")


def test_a_column_of_numbers_is_no_table() -> None:
    refuses(lambda: guard.attribute_table(pa.chunked_array([[1, 2]])), "unreadable", "")
    refuses(lambda: guard.attribute_table(pa.array([1, 2])), "unreadable", "")


def test_dictionary_codes_without_a_value() -> None:
    words = pa.array([scene.PRINCIPALS[0]])
    for codes in ([0, 5], [0, -1]):
        spoilt = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words, safe=False)
        table = pa.table({"principal": spoilt, "kind": ["batch"] * 2})
        refuses(lambda table=table: guard.attribute_table(table), "unreadable", "/principal")  # type: ignore[misc]


def test_types_that_are_nested_too_deeply() -> None:
    for depth, refused in ((40, False), (200, True)):
        deep = pa.int8()
        for _ in range(depth):
            deep = pa.list_(deep)
        table = GOOD.append_column("unused", pa.array([None], deep))
        if refused:
            refuses(lambda table=table: guard.attribute_table(table), "limit_exceeded", "")  # type: ignore[misc]
            refuses(lambda table=table: guard.attribute_table(table.to_batches()[0]), "limit_exceeded", "")  # type: ignore[misc]
        else:
            assert guard.attribute_table(table, keep_input=True, prefix="b_").num_rows == 1


def test_bytes_that_are_no_text() -> None:
    bad = pa.array([b"user:\xff\xfe", b"user:x", b"\xc3"], pa.binary())
    for column in (bad.view(pa.string()), pa.array(bad, pa.large_binary()).view(pa.large_string())):
        answers = guard.attribute_table(pa.table({"principal": column, "kind": ["batch"] * 3})).to_pyarrow()
        assert answers.column("reason").to_pylist() == ["invalid_id", "unknown_principal", "invalid_id"]


def test_null_slots_may_hold_anything() -> None:
    buffers = [pa.py_buffer(b"\x01"), pa.array([0, 2**31 - 1], pa.int32()).buffers()[1]]
    codes = pa.Array.from_buffers(pa.int32(), 2, buffers)
    column = pa.DictionaryArray.from_arrays(codes, pa.array([scene.PRINCIPALS[0]]), safe=False)
    answers = guard.attribute_table(pa.table({"principal": column, "kind": ["batch"] * 2})).to_pyarrow()
    assert answers.column("reason").to_pylist()[1] == "wrong_type"


def test_random_nonsense_is_answered_or_refused() -> None:
    rng = random.Random(9)
    makers: list[Callable[[], pa.Array]] = [
        lambda: pa.array([rng.choice([*scene.STRANGE, None]) for _ in range(5)], pa.string()),
        lambda: pa.array([rng.randrange(-(2**63), 2**63) for _ in range(5)]),
        lambda: pa.array([rng.random() for _ in range(5)]),
        lambda: pa.nulls(5),
        lambda: pa.array([None] * 5, pa.dictionary(pa.int8(), pa.string())),
        lambda: pa.array([[1]] * 5),
        lambda: pa.array([rng.randrange(-(2**63), 2**63) for _ in range(5)], pa.timestamp(rng.choice(["s", "ms", "us", "ns"]))),
        lambda: pa.array([rng.randrange(-(2**31), 2**31) for _ in range(5)], pa.date32()),
        lambda: pa.array([decimal.Decimal(rng.randrange(-(10**38), 10**38)) for _ in range(5)], pa.decimal128(38, 0)),
    ]
    names = ["principal", "kind", "surface", "project", "resource", "at"]
    units: list[TimeUnit | None] = [None, "s", "ms", "us", "ns"]
    answered = 0
    for _ in range(2_000):
        table = pa.table({name: rng.choice([*makers[:1] * 3, *makers])() for name in names if rng.random() < 0.9})
        try:
            answers = guard.attribute_table(table, time_zone=rng.choice([None, "UTC", "America/Havana"]), at_unit=rng.choice(units))
            answered += 1
            assert answers.num_rows == 5
            answers.to_pyarrow().validate(full=True)
        except BailiwickError as error:
            assert error.path is not None
            assert error.path.removeprefix("/") in names
    assert answered > 10


def test_other_threads_run_while_a_table_is_answered() -> None:
    table = pa.concat_tables([scene.table(scene.usage(random.Random(10), 1_000), pa.string())] * 500).combine_chunks()
    done = threading.Event()

    def work() -> None:
        guard.attribute_table(table)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while not done.is_set():
        turns += 1
    thread.join()
    # With the lock of the interpreter held throughout, this loop would have had a turn or two.
    assert turns > 1_000
