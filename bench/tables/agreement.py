"""Whether two tables of answers say the same, column by column and row for row, however each of them holds its strings.

The joins work out neither caveats nor where rows that fail were meant to go: what is compared leaves both out.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tables.numbered import ANSWERS

STEP = 1_000_000
"""How many rows are compared at once: so that comparing needs little memory."""


class DisagreementError(Exception):
    """Two answers to the same usage."""


def plain_column(column: pa.ChunkedArray) -> pa.Array:
    """A column as plain strings or booleans; a list of strings as its strings, joined by spaces."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # what combine_chunks gives for a column without rows
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        lists = pa.ListArray.from_arrays(array.offsets.cast(pa.int32()), array.values.cast(pa.string()), mask=array.is_null())
        return pc.binary_join(lists, " ")
    if pa.types.is_boolean(array.type):
        return array
    return array.cast(pa.string())


def compared(table: pa.Table, column: str) -> pa.Array:
    """A column, as far as all who answer work it out."""
    values = plain_column(table[column])
    if column not in {"intended_organization", "intended_project"}:
        return values
    return pc.if_else(plain_column(table["certainty"]).is_valid(), values, pa.scalar(None, pa.string()))


def require_agreement(names: tuple[str, str], answers: tuple[pa.Table, pa.Table], usage: pa.Table) -> None:
    """Raise a DisagreementError that shows the first row with two answers, if there is one."""
    one, other = answers
    if not one.num_rows == other.num_rows == usage.num_rows:
        raise DisagreementError(f"{names[0]} answers {one.num_rows} rows and {names[1]} {other.num_rows}, of {usage.num_rows}")
    for begin in range(0, usage.num_rows, STEP):
        for column in ANSWERS:
            left, right = (compared(table.slice(begin, STEP), column) for table in answers)
            if left.equals(right):
                continue
            row = next(n for n in range(len(left)) if left[n].as_py() != right[n].as_py())
            raise DisagreementError(
                f"row {begin + row}, {column}: {names[0]} says {left[row].as_py()!r} and {names[1]} {right[row].as_py()!r}"
                f" of {usage.slice(begin + row, 1).to_pylist()[0]}"
            )
