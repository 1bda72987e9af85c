"""Rows and their cost, added up exactly by groups.

Money is decimal. A float counts as the shortest decimal that reads as it, which is what people see, so that 0.1 is a tenth and sums add up.
"""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import decimal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError

if TYPE_CHECKING:
    import pyarrow as pa

NANO = 9
"""Floats with so many decimal places are added up as whole numbers."""
PLACES = 30
"""The decimal places of other floats, and of numbers in text."""
LEAST = 1e-13
"""Floats that are nearer to zero count as zero: their digits would not fit."""
MOST = 1e38
"""Amounts below it can be added up by the million."""

# Sums of any number of rows are exact.
EXACT = decimal.Context(prec=200, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow])

Group = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """How many `rows`, and their `cost`: an exact decimal; None if no column of costs was named."""

    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of some rows as decimals to add up, and the power of ten to multiply sums by."""

    column: pa.Array
    exponent: int

    def of(self, rows: pa.Array) -> Costs:
        """Those of some of the rows, by their numbers."""
        return Costs(self.column.take(rows), self.exponent)

    def total(self, of_column: Decimal | None) -> Decimal:
        """A sum of the column as money. The sum of nulls is null."""
        return tidy((of_column or Decimal(0)).scaleb(self.exponent, EXACT))


class Sums:
    """Rows and cost by groups. A group is the values of its columns in a row."""

    def __init__(self, *, has_cost: bool) -> None:
        self._has_cost = has_cost
        self._sums: dict[Group, Amount] = {}

    def add(self, columns: Sequence[pa.Array], cost: Costs | None) -> None:
        """Add the rows of a batch: the columns that make the groups, and the costs."""
        for group, amount, _ in grouped(columns, cost):
            self.put(group, amount)

    def put(self, group: Group, amount: Amount) -> None:
        """Add an amount to a group."""
        known = self._sums.get(group)
        self._sums[group] = amount if known is None else plus(known, amount)

    def __iter__(self) -> Iterator[tuple[Group, Amount]]:
        return iter(self._sums.items())

    def total(self) -> Amount:
        """The sum of all groups."""
        return added_up(self._sums.values(), has_cost=self._has_cost)

    def by(self, *places: int) -> list[tuple[Group, Amount]]:
        """The sums by some of the columns, the most expensive first, or those with the most rows."""
        found = Sums(has_cost=self._has_cost)
        for group, amount in self._sums.items():
            found.put(tuple(group[place] for place in places), amount)
        return sorted(found, key=lambda item: (-abs(item[1].cost or Decimal(0)), -item[1].rows, tuple(str(value) for value in item[0])))


def grouped(columns: Sequence[pa.Array], cost: Costs | None, last: pa.Array | None = None) -> Iterator[tuple[Group, Amount, Any]]:
    """The groups of some rows, with the greatest value of one more column in each."""
    import pyarrow as pa

    names = [str(place) for place in range(len(columns))]
    more = {} if cost is None else {"cost": cost.column}
    if last is not None:
        more["last"] = last
    table = pa.table([*columns, *more.values()], names=[*names, *more])
    aggregations: Any = [([], "count_all"), *((name, {"cost": "sum", "last": "max"}[name]) for name in more)]
    groups = table.group_by(names).aggregate(aggregations).to_pydict()
    for place, rows in enumerate(groups["count_all"]):
        amount = Amount(rows, None if cost is None else cost.total(groups["cost_sum"][place]))
        yield tuple(groups[name][place] for name in names), amount, None if last is None else groups["last_max"][place]


def plus(one: Amount, other: Amount) -> Amount:
    """The sum of two amounts."""
    cost = None if one.cost is None or other.cost is None else tidy(EXACT.add(one.cost, other.cost))
    return Amount(one.rows + other.rows, cost)


def added_up(amounts: Any, *, has_cost: bool) -> Amount:
    """The sum of some amounts."""
    total = Amount(0, Decimal(0) if has_cost else None)
    for amount in amounts:
        total = plus(total, amount)
    return total


def costs(batch: pa.RecordBatch, name: str) -> Costs:
    """A column of costs. Null is nothing.

    Raises InvalidInputError with the column as path: `missing_field`, `duplicate_id`, `wrong_type`, `limit_exceeded`.
    """
    import pyarrow as pa

    path = pointer(name)
    found = batch.schema.get_all_field_indices(name)
    if not found:
        raise InvalidInputError("missing_field", path, f"there is no column `{name}`; answers have those of the usage with keep_input=True")
    if len(found) > 1:
        raise InvalidInputError("duplicate_id", path, f"there is more than one column `{name}`")
    column = batch.column(found[0])
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        return _of_floats(column, path)
    if pa.types.is_integer(column.type):
        return Costs(column.cast(pa.decimal128(38, 0)), 0)
    if pa.types.is_decimal(column.type):
        # A decimal with few digits has room for the sum.
        few = column.type.precision <= 20
        scale = column.type.scale
        return Costs(column.cast(pa.decimal128(38, scale) if few else pa.decimal256(76, scale)), 0)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return _of_texts(column, path)
    raise InvalidInputError("wrong_type", path, f"expected numbers, not {column.type}; decimals are best for money")


def _of_texts(column: pa.Array, path: str) -> Costs:
    import pyarrow as pa

    try:
        return Costs(column.cast(pa.string()).cast(pa.decimal256(76, PLACES)), 0)
    except pa.ArrowInvalid as error:
        # The original message repeats the value.
        message = f"expected numbers such as 12.50, with at most {PLACES} decimal places"
        raise InvalidInputError("wrong_type", path, message) from error


def _of_floats(column: pa.Array, path: str) -> Costs:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.any(pc.invert(pc.is_finite(column))).as_py():
        raise InvalidInputError("wrong_type", path, "expected finite numbers, found NaN or infinity")
    if pa.types.is_float64(column.type):
        whole = pc.round(pc.multiply(column, 10.0**NANO))
        # With that few places the quotient is the same float if, and only if, they are its shortest decimal.
        is_exact = pc.and_(pc.less(pc.abs(whole), 2.0**53 / 10), pc.equal(pc.divide(whole, 10.0**NANO), column))
        if pc.all(is_exact).as_py() is not False:
            return Costs(whole.cast(pa.int64()).cast(pa.decimal128(38, 0)), -NANO)
    if pc.any(pc.greater_equal(pc.abs(column), MOST)).as_py():
        raise InvalidInputError("limit_exceeded", path, f"an amount is {MOST:.0e} or more")
    kept = pc.if_else(pc.less(pc.abs(column), LEAST), pa.scalar(0, column.type), column)
    return Costs(kept.cast(pa.string()).cast(pa.decimal256(76, PLACES)), 0)


def pointer(name: str) -> str:
    """A JSON pointer to a column."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def tidy(cost: Decimal) -> Decimal:
    """The same number without zeros at the end of its fraction."""
    least = cost.normalize(EXACT)
    return least.quantize(Decimal(1), context=EXACT) if int(least.as_tuple().exponent) > 0 else least


def plain(cost: Decimal) -> str:
    """An amount as text: all its digits, no exponent."""
    return f"{cost:f}"
