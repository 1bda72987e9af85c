"""Writes batches as JSON Lines. Each column is converted as a whole, because most columns repeat a few values."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

from bailiwick import InvalidInputError

from ..terminal.extras import arrow
from .batches import column_path

NULL = "null"


def write_lines(file: IO[bytes], batch: Any) -> None:
    """Writes each row of a batch as an object on its own line."""
    names = (json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in batch.schema.names)
    line = "{" + ",".join(f"{name}:%s" for name in names) + "}\n"
    columns = [_texts(column, name) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    file.write("".join([line % row for row in zip(*columns, strict=True)]).encode())


def _texts(column: Any, name: str) -> list[str]:
    """The values of a column as JSON."""
    types = arrow().types
    kind = column.type
    if types.is_dictionary(kind):
        values = _texts(column.dictionary, name)
        return [NULL if index is None else values[index] for index in column.indices.to_pylist()]
    if types.is_string(kind) or types.is_large_string(kind):
        encoded = column.dictionary_encode()
        values = _one_by_one(encoded.dictionary, name)
        return [NULL if index is None else values[index] for index in encoded.indices.to_pylist()]
    if types.is_boolean(kind) or types.is_integer(kind):
        return [NULL if text is None else text for text in column.cast(arrow().string()).to_pylist()]
    if types.is_list(kind) or types.is_large_list(kind):
        values = _texts(column.values, name)
        ends = column.offsets.to_pylist()
        spans = zip(column.is_valid().to_pylist(), ends, ends[1:], strict=False)
        return [f"[{','.join(values[start:end])}]" if is_there else NULL for is_there, start, end in spans]
    return _one_by_one(column, name)


def _one_by_one(column: Any, name: str) -> list[str]:
    try:
        return [
            json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_text) for value in column.to_pylist()
        ]
    except (ValueError, TypeError, ArithmeticError) as error:
        # The original message could repeat the value.
        raise InvalidInputError("wrong_type", column_path(name), "JSON cannot hold a value of this column") from error


def _as_text(value: Any) -> Any:
    """A value that JSON does not have, as text or a number."""
    if isinstance(value, datetime) and value.tzinfo is not None and not value.utcoffset():
        return value.isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError
