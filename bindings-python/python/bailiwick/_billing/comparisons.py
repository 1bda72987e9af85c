"""The same usage attributed twice: what moved, from where to where, and for how much."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError
from .._insight import BookedAt
from .answers import names_of, reader, reading
from .columns import check_name
from .costs import Costs, costs
from .summaries import json_values
from .sums import Amount, Sums, added_up, nothing, plus

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Move:
    """Usage that is booked elsewhere: from where (`before`), to where (`after`), how many `rows`, and their `cost`.

    A row that could not be attributed is booked nowhere: both ids are None.
    """

    before: BookedAt
    after: BookedAt
    rows: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What is booked to a `project` of an `organization`, `before` and `after`. Both ids are None for rows that are booked nowhere."""

    organization: str | None
    project: str | None
    before: Amount
    after: Amount


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two attributions of the same usage, the most expensive first. Costs are exact decimals.

    `moves` add up to `moved`. `balances` has a line for each place that anything moved from or to; their `before` and `after` have the same
    sum, since no row is lost. `total` counts all rows.
    """

    total: Amount
    moved: Amount
    moves: list[Move]
    balances: list[Balance]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as a dict of JSON values. Costs are texts, so that no digit is lost."""
        document: dict[str, Any] = json_values(asdict(self))
        return document


def compare_attributions(before: Any, after: Any, *, cost: str | None = None) -> Comparison:
    """What moved between two attributions of the same rows in the same order: by two timelines, or two directories.

    Both are answers of attribute_table. `cost` is a column of the usage, which at least one of them has if it was made with
    `keep_input=True`; see `summary`. If both have it, it must be worth the same in each row, whatever its types. Streams are read side by
    side, a batch of each at a time: memory grows with the pairs of places that usage is booked to, and not with the rows.

    Raises BailiwickError as summary; `wrong_type` at `/after` if these are not the same rows: not as many, or with other costs.

    >>> import copy, pyarrow
    >>> usage = pyarrow.table({"principal": ["user:usr_bob"] * 2, "kind": ["fine_tuning"] * 2, "cost": [12.5, 0.3]})
    >>> today = copy.copy(guard)
    >>> today.apply({"type": "remove_member", "organization": "org_acme", "user": "usr_bob"})
    1
    >>> before = guard.attribute_table(usage, keep_input=True)
    >>> told = compare_attributions(before, today.attribute_table(usage), cost="cost")
    >>> told.moved, told.moves[0].before.organization, told.moves[0].after.organization
    (Amount(rows=2, cost=Decimal('12.8')), 'org_acme', None)
    """
    streams = (reader(before, "/before"), reader(after, "/after"))
    names = [names_of(stream.schema, path) for stream, path in zip(streams, ("/before", "/after"), strict=True)]
    if cost is not None:
        check_name(cost, "cost")
    with_cost = _with_cost(streams, cost)
    sums, rows = Sums(has_cost=cost is not None), 0
    for batches in _side_by_side(*streams):
        amounts = [costs(batches[side], cost, before=rows) for side in with_cost] if cost is not None else []
        if len(amounts) > 1 and not _are_equal(*amounts):
            raise InvalidInputError("wrong_type", "/after", f"`{cost}` is not the same as in `before`: compare answers to the same rows")
        places = [column for batch, of in zip(batches, names, strict=True) for column in of.place(batch)]
        sums.add(places, amounts[0] if amounts else None)
        rows += batches[0].num_rows
    return _comparison(sums, has_cost=cost is not None)


def _with_cost(streams: tuple[pa.RecordBatchReader, pa.RecordBatchReader], cost: str | None) -> list[int]:
    """Which sides have the column of costs; the first if none has it, so that it is the one to blame."""
    return [side for side, stream in enumerate(streams) if cost in stream.schema.names] or [0]


def _side_by_side(before: pa.RecordBatchReader, after: pa.RecordBatchReader) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Batches of the same rows of two streams."""
    left, right = _batches(before, "/before"), _batches(after, "/after")
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        rows = min(one.num_rows, other.num_rows)
        yield one.slice(0, rows), other.slice(0, rows)
        one = one.slice(rows) if one.num_rows > rows else next(left, None)
        other = other.slice(rows) if other.num_rows > rows else next(right, None)
    if one is not None or other is not None:
        message = f"there are {'fewer' if other is None else 'more'} rows than in `before`: compare answers to the same rows"
        raise InvalidInputError("wrong_type", "/after", message)


def _batches(stream: pa.RecordBatchReader, path: str) -> Iterator[pa.RecordBatch]:
    with reading(path):
        for batch in stream:
            if batch.num_rows:
                yield batch


def _are_equal(one: Costs, other: Costs) -> bool:
    import pyarrow.compute as pc

    # Arrow compares decimals of two types only if they have a common one.
    if one.exponent == other.exponent and one.column.type == other.column.type:
        return bool(pc.all(pc.equal(one.column.fill_null(0), other.column.fill_null(0))).as_py())
    pairs = zip(one.column.to_pylist(), other.column.to_pylist(), strict=True)
    return all(one.total(value) == other.total(twin) for value, twin in pairs)


def _comparison(sums: Sums, *, has_cost: bool) -> Comparison:
    moves, places = [], dict[tuple[Any, ...], list[Amount]]()
    for group, amount in sums.by(0, 1, 2, 3):
        for side, place in enumerate((group[:2], group[2:])):
            balance = places.setdefault(place, [nothing(has_cost=has_cost), nothing(has_cost=has_cost)])
            balance[side] = plus(balance[side], amount)
        if group[:2] != group[2:]:
            moves.append(Move(BookedAt(*group[:2]), BookedAt(*group[2:]), amount.rows, amount.cost))
    touched = {place for move in moves for place in ((at.organization, at.project) for at in (move.before, move.after))}
    balances = [Balance(*place, *balance) for place, balance in places.items() if place in touched]
    moved = added_up((Amount(move.rows, move.cost) for move in moves), has_cost=has_cost)
    return Comparison(total=sums.total(), moved=moved, moves=moves, balances=balances)
