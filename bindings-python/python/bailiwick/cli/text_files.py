"""CSV and JSON Lines. Their columns have no types, so these are settled here, and nothing is guessed that could be guessed wrong."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import IO, Any

from bailiwick import InvalidInputError

from .batches import Batches, Selection
from .inputs import STANDARD
from .table_formats import arrow

BLOCK_BYTES = 4 << 20
"""How much text makes a batch, and how much is looked at beforehand to learn the columns."""
WHOLE_NUMBER = re.compile(r"-?\d+")


class _Rewound(io.RawIOBase):
    """A file whose beginning was looked at, from its beginning again. It counts what is read."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = memoryview(head)
        self._rest = rest
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = memoryview(buffer).cast("B")
        if len(self._head):
            size = min(len(given), len(self._head))
            given[:size] = self._head[:size]
            self._head = self._head[size:]
        else:
            part = self._rest.read(len(given))
            size = len(part)
            given[:size] = part
        self.read_bytes += size
        return size


def _opened(path: str) -> tuple[bytes, _Rewound, int | None]:
    """The whole lines at the beginning of a file, all of it, and its size."""
    file = sys.stdin.buffer if path == STANDARD else open(path, "rb")  # noqa: SIM115  # the stream outlives this function
    start = file.read(BLOCK_BYTES)
    end = start.rfind(b"\n") + 1 if len(start) == BLOCK_BYTES else len(start)
    total = None if path == STANDARD else os.fstat(file.fileno()).st_size
    return start[:end] or start, _Rewound(start, file), total


def open_csv(path: str, selection: Selection) -> Batches:
    """A CSV file with a header. Every column is text as it stands there, but for a time in whole numbers, which are milliseconds."""
    pa, csv = arrow(), arrow("pyarrow.csv")
    head, file, total = _opened(path)
    parsing = csv.ParseOptions(newlines_in_values=True)
    names = csv.open_csv(io.BytesIO(head), parse_options=parsing).schema.names
    read = selection.of(names)
    twice = next((name for name in read if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInputError("duplicate_id", f"/{twice.replace('~', '~0').replace('/', '~1')}", "two columns have this name")
    types = dict.fromkeys(names, pa.string())
    # Only an empty field is absent: `NA` and `null` may be ids.
    absent = {"null_values": [""], "strings_can_be_null": True}
    if selection.instant in read:
        converting = csv.ConvertOptions(column_types=types, include_columns=[selection.instant], **absent)
        values = csv.read_csv(io.BytesIO(head), parse_options=parsing, convert_options=converting).column(0).drop_null()
        if len(values) and WHOLE_NUMBER.fullmatch(values[0].as_py()):
            types[selection.instant] = pa.int64()
    reader = csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=parsing,
        convert_options=csv.ConvertOptions(column_types=types, include_columns=read, **absent),
    )
    return Batches(reader.schema, reader, total, lambda: file.read_bytes)


def open_jsonl(path: str, selection: Selection) -> Batches:
    """A JSON object a line. Which columns there are is learnt from the first block; another one further on is an error where it matters."""
    pa, json = arrow(), arrow("pyarrow.json")
    head, file, total = _opened(path)
    known = {field.name: _as_written(field.type) for field in json.read_json(io.BytesIO(head)).schema}
    fields = {name: known[name] for name in selection.of(known)}
    if not selection.keeps_all:
        # One that comes up later must not be taken for absent.
        fields |= {name: pa.string() for name in selection.optional - fields.keys()}
    parsing = json.ParseOptions(
        explicit_schema=pa.schema(fields.items()), unexpected_field_behavior="error" if selection.keeps_all else "ignore"
    )
    reader = json.open_json(file, read_options=json.ReadOptions(block_size=BLOCK_BYTES), parse_options=parsing)
    return Batches(reader.schema, reader, total, lambda: file.read_bytes)


def _as_written(kind: Any) -> Any:
    """The type of a JSON value as it stands there: text that looks like a time is text, and what is always null could be any text."""
    pa = arrow()
    if pa.types.is_timestamp(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_as_written(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _as_written(field.type)) for field in kind])
    return kind
