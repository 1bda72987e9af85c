"""Rows and their cost, added up exactly by groups."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .costs import Costs
from .exact import EXACT, descending, tidy

if TYPE_CHECKING:
    import pyarrow as pa

Group = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """How many `rows`, and their `cost`: an exact decimal; None if no column of costs was named."""

    rows: int
    cost: Decimal | None


class Sums:
    """Rows and cost by groups. A group is the values of its columns in a row."""

    def __init__(self, *, has_cost: bool) -> None:
        self._has_cost = has_cost
        self._sums: dict[Group, Amount] = {}

    def add(self, columns: Sequence[pa.Array], cost: Costs | None) -> None:
        """Add the rows of a batch: the columns that make the groups, and the costs."""
        for group, amount in grouped(columns, cost):
            self.put(group, amount)

    def put(self, group: Group, amount: Amount) -> None:
        """Add an amount to a group."""
        known = self._sums.get(group)
        self._sums[group] = amount if known is None else plus(known, amount)

    def __iter__(self) -> Iterator[tuple[Group, Amount]]:
        return iter(self._sums.items())

    def __len__(self) -> int:
        return len(self._sums)

    def of(self, group: Group) -> Amount:
        """The sum of one group; nothing if there is none."""
        return self._sums.get(group) or nothing(has_cost=self._has_cost)

    def clear(self) -> None:
        """Forget all groups."""
        self._sums.clear()

    def total(self) -> Amount:
        """The sum of all groups."""
        return added_up(self._sums.values(), has_cost=self._has_cost)

    def by(self, *places: int) -> list[tuple[Group, Amount]]:
        """The sums by some of the columns, the most expensive first, or those with the most rows."""
        found = Sums(has_cost=self._has_cost)
        for group, amount in self._sums.items():
            found.put(tuple(group[place] for place in places), amount)
        return sorted(found, key=lambda item: (descending(item[1].cost), -item[1].rows, tuple(str(value) for value in item[0])))


def grouped(columns: Sequence[pa.Array], cost: Costs | None) -> Iterator[tuple[Group, Amount]]:
    """The groups of some rows. A group can come more than once."""
    import pyarrow as pa

    if cost is not None and not cost.has_room():
        yield from _one_by_one(columns, cost)
        return
    names = [str(place) for place in range(len(columns))]
    costs = {} if cost is None else {"cost": cost.column}
    table = pa.table([*columns, *costs.values()], names=[*names, *costs])
    aggregations: Any = [([], "count_all"), *((name, "sum") for name in costs)]
    groups = table.group_by(names).aggregate(aggregations).to_pydict()
    for place, rows in enumerate(groups["count_all"]):
        amount = Amount(rows, None if cost is None else cost.total(groups["cost_sum"][place]))
        yield tuple(groups[name][place] for name in names), amount


def _one_by_one(columns: Sequence[pa.Array], cost: Costs) -> Iterator[tuple[Group, Amount]]:
    """Each row by itself: slow, but of any size."""
    groups = zip(*(column.to_pylist() for column in columns), strict=True)
    for group, value in zip(groups, cost.column.to_pylist(), strict=True):
        yield group, Amount(1, cost.total(value))


def nothing(*, has_cost: bool) -> Amount:
    """The sum of no rows."""
    return Amount(0, Decimal(0) if has_cost else None)


def plus(one: Amount, other: Amount) -> Amount:
    """The sum of two amounts."""
    cost = None if one.cost is None or other.cost is None else tidy(EXACT.add(one.cost, other.cost))
    return Amount(one.rows + other.rows, cost)


def added_up(amounts: Any, *, has_cost: bool) -> Amount:
    """The sum of some amounts."""
    total = nothing(has_cost=has_cost)
    for amount in amounts:
        total = plus(total, amount)
    return total
