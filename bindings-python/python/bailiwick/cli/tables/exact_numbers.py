"""Numbers of JSON, digit by digit, where floats would round them: costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bailiwick import InvalidInputError
from bailiwick._billing.costs import MOST_IN_TEXT, PLACES, costs

from ..terminal.extras import arrow
from .batches import column_path


def is_number(kind: Any) -> bool:
    """Whether Arrow has found numbers in a column of JSON."""
    types = arrow().types
    return bool(types.is_integer(kind) or types.is_floating(kind))


def exact_type() -> Any:
    """The type that holds the digits of numbers."""
    return arrow().decimal256(76, PLACES)


def exact_lines(block: bytes, column: str, parse: Callable[[bytes, Any], Any], schema: Any, *, before: int) -> Any:
    """Lines of JSON as a table of this schema, in which `column` is exact. `before` is how many rows came before them.

    Raises InvalidInputError for a number that is too large or too fine, as for costs that are text; and the exceptions of Arrow.
    """
    pa, compute = arrow(), arrow("pyarrow.compute")
    try:
        table = parse(block, schema)
        # Arrow makes other decimals of numbers that are too large, without a word. Floats show how large they are.
        sizes = compute.abs(parse(block, pa.schema([(column, pa.float64())])).column(column))
        if not compute.any(compute.greater_equal(sizes, float(MOST_IN_TEXT))).as_py():
            return table
    except pa.ArrowInvalid:
        _check_numbers(block, column, before)
        raise
    _check_numbers(block, column, before)
    return table


class _Digits(str):
    """A number of JSON as it is written."""

    __slots__ = ()


def _check_numbers(block: bytes, column: str, before: int) -> None:
    """Refuse a number in some lines by the rules of text."""
    for row, line in enumerate((line for line in block.splitlines() if line.strip()), before):
        try:
            found = json.loads(line, parse_float=_Digits, parse_int=_Digits)
        except ValueError:
            continue
        value = found.get(column) if isinstance(found, dict) else None
        if isinstance(value, _Digits):
            costs(arrow().record_batch({column: [str(value)]}), column, before=row)


def as_written(schema: Any, types: Mapping[str, Any]) -> Any:
    """The columns of a file that is written, with the types that they have in such a file."""
    return arrow().schema([field.with_type(types.get(field.name, field.type)) for field in schema])


def without_exactness(batch: Any, types: Mapping[str, Any]) -> Any:
    """A batch with these types. Raises InvalidInputError `wrong_type` for a number that its type cannot hold."""
    columns = [_without_exactness(column, types.get(name), name) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    return arrow().RecordBatch.from_arrays(columns, schema=as_written(batch.schema, types)) if types else batch


def _without_exactness(column: Any, kind: Any, name: str) -> Any:
    if kind is None:
        return column
    try:
        # By way of text, a float is the nearest one.
        return column.cast(kind) if arrow().types.is_integer(kind) else column.cast(arrow().string()).cast(kind)
    except arrow().ArrowInvalid as error:
        message = "the column begins with whole numbers, and later there is another one: without --keep-input it can be added up"
        raise InvalidInputError("wrong_type", column_path(name), message) from error
