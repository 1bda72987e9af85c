"""Tables that break the Arrow format: what can be seen of it is refused with a code and the column, and nothing else is read.

The lies are told in the bytes of a file that pyarrow does not look at, or in the C structures that it hands over.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pytest
from bailiwick import BailiwickError, UnreadableError

from whole_tables import scene

guard = scene.engine()
ROWS = 64
TEXTS = [f"user:of_a_long_reference_{row}" for row in range(ROWS)]


def refuses(table: Any, path: str, **arguments: Any) -> None:
    """The table is unreadable at this path."""
    with pytest.raises(UnreadableError) as raised:
        guard.attribute_table(table, **arguments)
    assert (raised.value.code, raised.value.path) == ("unreadable", path), raised.value.message


def read_with(table: pa.Table, original: bytes, at: int, replaced: bytes) -> pa.Table:
    """The table of a file in which some of these bytes are others."""
    file = io.BytesIO()
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    data = bytearray(file.getvalue())
    start = bytes(data).index(original) + at
    data[start : start + len(replaced)] = replaced
    return pa.ipc.open_file(pa.py_buffer(bytes(data))).read_all()


def forms(table: pa.Table) -> list[Any]:
    """A table, a batch, and a stream in every way that it can be handed over."""
    return [table, table.to_batches()[0]]


LIES = {"no length": -1, "a megabyte": 1 << 20, "a gigabyte": 1 << 30, "far below": -(1 << 30)}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.parametrize(("part", "at"), [("length", 0), ("prefix", 4), ("index", 8), ("offset", 12)])
def test_views_that_lie(part: str, at: int, lie: int) -> None:
    table = pa.table({"principal": pa.array(TEXTS, pa.string_view()), "kind": ["batch"] * ROWS})
    view = table.column(0).chunk(0).buffers()[1].to_pybytes()[80:96]
    spoilt = read_with(table, view, at, struct.pack("<i", lie))
    for form in forms(spoilt):
        refuses(form, "/principal")
    stream = guard.attribute_table(pa.RecordBatchReader.from_batches(spoilt.schema, spoilt.to_batches()))
    with pytest.raises(UnreadableError):
        stream.to_pyarrow()
    # Nobody reads it: then it is handed on as it came.
    assert guard.attribute_table(spoilt, principal="kind", keep_input=True, prefix="b_").num_rows == ROWS, part
    questions = pa.table({"principal": spoilt.column(0), "action": ["file.read"] * ROWS, "resource": ["project:x"] * ROWS})
    with pytest.raises(UnreadableError):
        guard.check_table(questions)


@pytest.mark.parametrize("keys", [pa.int8(), pa.int32()], ids=str)
def test_views_that_lie_in_a_dictionary(keys: pa.DataType) -> None:
    table = pa.table({"words": pa.array(TEXTS, pa.string_view())})
    view = table.column(0).chunk(0).buffers()[1].to_pybytes()[80:96]
    words = read_with(table, view, 12, struct.pack("<i", 1 << 30)).column(0).chunk(0)
    codes = pa.array(range(ROWS), keys)
    refuses(pa.table({"principal": pa.DictionaryArray.from_arrays(codes, words), "kind": ["batch"] * ROWS}), "/principal")
    # Rows that are far fewer than the words are looked up one by one: only what they mean counts.
    for code, refused in ((5, True), (6, False)):
        few = pa.table({"principal": pa.DictionaryArray.from_arrays(pa.array([code], keys), words), "kind": ["batch"]})
        if refused:
            refuses(few, "/principal")
        else:
            assert guard.attribute_table(few).num_rows == 1


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize(("place", "offset"), [(30, 2**31 - 1), (30, -1), (30, 0), (0, -5), (ROWS, -1), (ROWS, 5)])
def test_offsets_that_lie(kind: pa.DataType, place: int, offset: int) -> None:
    table = pa.table({"principal": pa.array(TEXTS, kind), "kind": ["batch"] * ROWS})
    width = 4 if kind == pa.string() else 8
    offsets = table.column(0).chunk(0).buffers()[1].to_pybytes()[: width * (ROWS + 1)]
    spoilt = read_with(table, offsets, place * width, struct.pack("<i" if width == 4 else "<q", offset))
    for form in forms(spoilt):
        refuses(form, "/principal")
    if place in (0, ROWS):
        return  # pyarrow itself looks at the ends
    words = spoilt.column(0).chunk(0)
    codes = pa.DictionaryArray.from_arrays(pa.array(range(ROWS), pa.int8()), words)
    refuses(pa.table({"principal": codes, "kind": ["batch"] * ROWS}), "/principal")


def test_a_view_of_null_is_not_looked_at() -> None:
    views = b"\xff" * 16 + struct.pack("<i12s", 6, b"user:x")
    column = pa.Array.from_buffers(pa.string_view(), 2, [pa.py_buffer(b"\x02"), pa.py_buffer(views)])
    answers = guard.attribute_table(pa.table({"principal": column, "kind": ["batch"] * 2})).to_pyarrow()
    assert answers.column("reason").to_pylist() == ["wrong_type", "unknown_principal"]


def test_sliced_views_and_texts_are_read_from_where_they_begin() -> None:
    for kind in (pa.string_view(), pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string_view())):
        texts = [scene.PRINCIPALS[0], None, "user:nobody", "user:of_a_long_reference_that_is_not_inline", None] * 5
        column = pa.array(texts, kind) if not pa.types.is_dictionary(kind) else pa.array(texts, pa.string_view()).dictionary_encode()
        table = pa.table({"principal": column, "kind": ["batch"] * 25})
        whole = guard.attribute_table(table).to_pyarrow().column("reason").to_pylist()
        for start, length in ((0, 0), (1, 7), (9, 16), (24, 1)):
            part = table.slice(start, length)
            assert guard.attribute_table(part).to_pyarrow().column("reason").to_pylist() == whole[start : start + length]


class Array(ctypes.Structure):
    """`ArrowArray` of the C data interface."""


Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))),
    ("dictionary", ctypes.POINTER(Array)),
]


class Edited:
    """A batch whose C structures are edited after pyarrow has made them."""

    def __init__(self, batch: pa.RecordBatch, edit: Callable[[Any], None]) -> None:
        self._capsules = batch.__arrow_c_array__()
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        edit(Array.from_address(pointer(self._capsules[1], b"arrow_array")))

    def __len__(self) -> int:
        return 1

    def __arrow_c_array__(self, requested_schema: object = None) -> Any:
        return self._capsules


def batch(**columns: pa.Array) -> pa.RecordBatch:
    """A batch with a column of principals and one of kinds, or others."""
    principal = pa.array([*TEXTS[:7], None], pa.string())
    return pa.record_batch({"principal": principal, "kind": pa.array(["batch"] * 8), **columns})


def setting(field: str, value: int, *way: int) -> Callable[[Any], None]:
    """Sets a field of the table's structure, or of one that is below it."""

    def edit(array: Any) -> None:
        for child in way:
            array = array.children[child].contents
        setattr(array, field, value)

    return edit


def unsetting(child: int, buffer: int) -> Callable[[Any], None]:
    """Takes a buffer of a column away."""

    def edit(array: Any) -> None:
        array.children[child].contents.buffers[buffer] = None

    return edit


NUMBERS = (-1, -(2**63), 2**63 - 1, 2**50)
EDITS: list[tuple[str, Callable[[Any], None], str]] = [
    *((f"{field} {value}", setting(field, value), "") for field in ("length", "offset") for value in NUMBERS),
    *((f"column's {field} {value}", setting(field, value, 0), "/principal") for field in ("length", "offset") for value in NUMBERS),
    ("a longer table", setting("length", 9), "/principal"),
    ("a table that begins later", setting("offset", 1), "/principal"),
    ("fewer nulls", setting("null_count", 0, 0), "/principal"),
    ("more nulls", setting("null_count", 2, 0), "/principal"),
    ("nulls without bits", unsetting(0, 0), "/principal"),
    ("no offsets", unsetting(0, 1), "/principal"),
    *((f"{count} buffers", setting("n_buffers", count, 0), "/principal") for count in (-1, 0, 2, 4, 2**63 - 1)),
    # With more than there are, pyarrow itself would release what is not there.
    *((f"{count} columns", setting("n_children", count), "") for count in (-1, 0, 1)),
]


@pytest.mark.parametrize(("edit", "path"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_structures_that_lie(edit: Callable[[Any], None], path: str) -> None:
    refuses(Edited(batch(), edit), path)


def test_structures_of_views_that_lie() -> None:
    views = pa.array(TEXTS[:8], pa.string_view())

    def size(value: int) -> Callable[[Any], None]:
        def edit(array: Any) -> None:
            column = array.children[0].contents
            ctypes.c_int64.from_address(column.buffers[column.n_buffers - 1]).value = value

        return edit

    for edit in (size(-1), size(-(2**63)), size(40), setting("n_buffers", 2, 0), unsetting(0, 1), unsetting(0, 2), unsetting(0, 3)):
        refuses(Edited(batch(principal=views), edit), "/principal")


def setting_of_words(field: str, value: int) -> Callable[[Any], None]:
    """Sets a field of the dictionary of the first column."""

    def edit(array: Any) -> None:
        setattr(array.children[0].contents.dictionary.contents, field, value)

    return edit


def test_structures_of_dictionaries_and_lists_that_lie() -> None:
    words = pa.array(TEXTS[:8]).dictionary_encode()
    refuses(Edited(batch(principal=words), lambda array: setattr(array.children[0].contents, "dictionary", None)), "/principal")
    for field, value in (("length", -1), ("offset", 2**50), ("length", 3), ("null_count", 1)):
        spoilt = Edited(batch(principal=words), setting_of_words(field, value))
        refuses(spoilt, "/principal")
    lists = pa.array([["a", "b"]] * 8)
    for edit in (setting("length", 15, 2, 0), setting("length", -1, 2, 0), setting("n_children", 0, 2)):
        refuses(Edited(batch(unread=lists), edit), "/unread")


def test_a_batch_in_which_whole_rows_are_null() -> None:
    rows = pa.array([{"principal": TEXTS[0], "kind": "batch"}, None])
    refuses(rows, "")


def test_a_stream_whose_structures_lie_ends_in_an_error() -> None:
    good, bad = batch(), batch()

    class Stream:
        """A stream of one good batch and one that lies: by way of pyarrow, which does not look."""

        def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
            spoilt = Edited(bad, setting("null_count", 0, 0))
            imported = pa.RecordBatch._import_from_c_capsule(*spoilt.__arrow_c_array__())
            return pa.RecordBatchReader.from_batches(good.schema, [good, imported]).__arrow_c_stream__()

    answers = guard.attribute_table(Stream())
    with pytest.raises(UnreadableError):
        answers.to_pyarrow()
    assert answers.num_rows == len(good)
    with pytest.raises(BailiwickError):
        answers.to_pyarrow()
