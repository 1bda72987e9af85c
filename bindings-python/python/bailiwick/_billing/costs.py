"""A column of costs as decimals.

Money is decimal. A float counts as the shortest decimal that reads as it, which is what people see, so that 0.1 is a tenth and sums add up.
"""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError
from ..types import ErrorCode
from .columns import decoded, place_of, pointer
from .exact import EXACT, tidy

if TYPE_CHECKING:
    import pyarrow as pa

NANO = 9
"""Floats with so many decimal places are added up as whole numbers."""
PLACES = 30
"""The decimal places of other floats, and of numbers in text."""
LEAST = 1e-13
"""Floats that are nearer to zero count as zero: their digits would not fit."""
MOST = 1e38
"""Floats that are smaller can be added up by the million."""
MOST_IN_TEXT = Decimal("1e46")
"""Numbers in text are smaller, so that they fit with their decimal places."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)
UNSAFE = r"[eE]|.{46}"
"""Texts that Arrow may make another number of without a word, because it has too many digits. Shorter ones have room."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of some rows as decimals to add up, and the power of ten to multiply sums by."""

    column: pa.Array
    exponent: int

    def of(self, rows: pa.Array) -> Costs:
        """Those of some of the rows, by their numbers."""
        return Costs(self.column.take(rows), self.exponent)

    def slice(self, start: int, rows: int) -> Costs:
        """Those of some rows in a row."""
        return Costs(self.column.slice(start, rows), self.exponent)

    def total(self, of_column: Decimal | None) -> Decimal:
        """A sum of the column as money. The sum of nulls is null."""
        return tidy((of_column or Decimal(0)).scaleb(self.exponent, EXACT))

    def has_room(self) -> bool:
        """Whether Arrow can add up the rows, in any groups. Sums that are too large for its decimals wrap without a word."""
        import pyarrow as pa
        import pyarrow.compute as pc

        room = 255 if pa.types.is_decimal256(self.column.type) else 127
        # Not by the precision: it is a promise of whoever made the column.
        ends = [end for end in pc.min_max(self.column).as_py().values() if end is not None]
        most = max((end.copy_abs() for end in ends), default=Decimal(0))
        return bool(len(self.column) * int(most.scaleb(self.column.type.scale, EXACT)) < 2**room)


def costs(batch: pa.RecordBatch, name: str, *, before: int = 0) -> Costs:
    """A column of costs. Null is nothing. `before` is how many rows came before the batch, for the number of the row that is wrong.

    Raises InvalidInputError with the column as path: `missing_field`, `duplicate_id`, `wrong_type`, `limit_exceeded`.
    """
    import pyarrow as pa

    column = decoded(batch.column(place_of(batch.schema, name)))
    types, kind, blame = pa.types, column.type, Blame(pointer(name), before)
    if types.is_float64(kind) or types.is_float32(kind):
        return _of_floats(column, blame)
    if types.is_integer(kind) or types.is_null(kind):
        return Costs(column.cast(pa.decimal128(38, 0)), 0)
    if types.is_decimal(kind):
        return _of_decimals(column, blame)
    if types.is_string(kind) or types.is_large_string(kind):
        return _of_texts(column, blame)
    raise InvalidInputError("wrong_type", blame.path, f"expected numbers, not {kind}; decimals are best for money")


@dataclass(frozen=True, slots=True)
class Blame:
    """What to name if a cost is none: the column, and the row, counted from 1."""

    path: str
    before: int

    def error(self, code: ErrorCode, row: int, message: str) -> InvalidInputError:
        """An error about a row of the batch."""
        return InvalidInputError(code, self.path, f"row {self.before + row + 1}: {message}")


def _of_decimals(column: pa.Array, blame: Blame) -> Costs:
    import pyarrow as pa

    scale = column.type.scale
    if not -PLACES <= scale <= 76:
        raise InvalidInputError("limit_exceeded", blame.path, f"decimals with a scale of {scale} are too large or too small for money")
    # A decimal with few digits has room for the sum.
    few = column.type.precision <= 20 and scale <= 38
    return Costs(column.cast(pa.decimal128(38, scale) if few else pa.decimal256(76, scale)), 0)


def _of_texts(column: pa.Array, blame: Blame) -> Costs:
    import pyarrow as pa
    import pyarrow.compute as pc

    def read(part: pa.Array) -> Any:
        return part.cast(pa.string()).cast(pa.decimal256(76, PLACES))

    for row in pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(column, UNSAFE), False)).to_pylist():
        _check_text(column[row].as_py(), row, blame)
    try:
        return Costs(read(column), 0)
    except pa.ArrowInvalid as error:
        row = _first_that_fails(column, read)
        _check_text(column[row].as_py(), row, blame)
        raise blame.error("wrong_type", row, NO_NUMBER) from error


NO_NUMBER = f"expected a number such as 12.50, with at most {PLACES} decimal places"


def _check_text(text: str, row: int, blame: Blame) -> None:
    """Refuse a text that is no number, or one that does not fit. The message does not repeat it: it may be a secret in the wrong column."""
    value = Decimal(text) if NUMBER.fullmatch(text) else None
    if value is None or int(value.as_tuple().exponent) < -PLACES:
        raise blame.error("wrong_type", row, NO_NUMBER)
    if value.copy_abs() >= MOST_IN_TEXT:
        raise blame.error("limit_exceeded", row, f"the amount is {MOST_IN_TEXT:e} or more")


def _first_that_fails(column: pa.Array, read: Callable[[pa.Array], Any]) -> int:
    """The first row of those that cannot be read: one half after the other is read again."""
    import pyarrow as pa

    start, rows = 0, len(column)
    while rows > 1:
        half = rows // 2
        try:
            read(column.slice(start, half))
        except pa.ArrowInvalid:
            rows = half
        else:
            start, rows = start + half, rows - half
    return start


def _of_floats(column: pa.Array, blame: Blame) -> Costs:
    import pyarrow as pa
    import pyarrow.compute as pc

    row = pc.index(pc.is_finite(column), False).as_py()
    if row >= 0:
        raise blame.error("wrong_type", row, "expected a finite number, found NaN or infinity")
    if pa.types.is_float64(column.type):
        whole = pc.round(pc.multiply(column, 10.0**NANO))
        # With that few places the quotient is the same float if, and only if, they are its shortest decimal.
        is_exact = pc.and_(pc.less(pc.abs(whole), 2.0**53 / 10), pc.equal(pc.divide(whole, 10.0**NANO), column))
        if pc.all(is_exact).as_py() is not False:
            return Costs(whole.cast(pa.int64()).cast(pa.decimal128(38, 0)), -NANO)
    row = pc.index(pc.greater_equal(pc.abs(column), MOST), True).as_py()
    if row >= 0:
        raise blame.error("limit_exceeded", row, f"the amount is {MOST:.0e} or more")
    kept = pc.if_else(pc.less(pc.abs(column), LEAST), pa.scalar(0, column.type), column)
    return Costs(kept.cast(pa.string()).cast(pa.decimal256(76, PLACES)), 0)
