"""What remedies would bring back, found by trying them."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from .._bailiwick import Bailiwick, Timeline
from .._errors import InvalidInputError
from ..cluster import UsageColumns
from .answers import SEPARATOR, Names
from .columns import check_name, place_of, pointer, texts
from .costs import Costs
from .instants import Instants, rfc3339
from .sums import Amount, Group, Sums

if TYPE_CHECKING:
    import pyarrow as pa

    from ..types import TimeUnit

ROWS_AT_ONCE = 1 << 16
"""How many rows become values of Python at a time."""
CLASSES_AT_ONCE = 1 << 15
"""How many classes are kept before their remedies are tried."""


class Outcomes:
    """Usage with remedies, by classes: rows of the same usage at the same instant, that are booked alike. Each remedy of a class is tried.

    Where it leads depends on nothing else. The classes are tried whenever there are many, so that memory is bounded.
    """

    def __init__(
        self,
        booked_by: Bailiwick | Timeline,
        schema: pa.Schema,
        *,
        has_cost: bool,
        at: str | datetime | None,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
        **usage: Unpack[UsageColumns],
    ) -> None:
        if not isinstance(booked_by, (Bailiwick, Timeline)):
            raise InvalidInputError("wrong_type", "/booked_by", "expected the engine or the timeline that gave the answers")
        self._booked_by = booked_by
        self._instants = Instants(schema, at, time_zone=time_zone, at_unit=at_unit)
        self._usage = _columns_of_usage(schema, usage)
        self._classes = Sums(has_cost=has_cost)
        self._to_organization = Sums(has_cost=has_cost)
        self._as_intended = Sums(has_cost=has_cost)

    def add(self, batch: pa.RecordBatch, rows: pa.Array, names: Names, remedies: pa.Array, cost: Costs | None, *, before: int) -> None:
        """Add the rows of a batch with these numbers, which have remedies: lists for all rows of the batch, and costs for these.

        `before` is how many rows came before the batch.
        """
        import pyarrow.compute as pc

        usage = [texts(batch.column(place), pointer(column)) for column, place in self._usage.values()]
        booked = [names.place(batch)[0], names.column(batch, names.intended_organization), pc.binary_join(remedies, SEPARATOR)]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows.slice(start, ROWS_AT_ONCE)
            instants = self._instants.of(batch, some, before=before)
            columns = [*(column.take(some) for column in (*usage, *booked)), instants]
            self._classes.add(columns, None if cost is None else cost.slice(start, len(some)))
            if len(self._classes) >= CLASSES_AT_ONCE:
                self._try()

    def tried(self, remedy: str) -> tuple[Amount, Amount]:
        """What a remedy would bring to the intended organization from elsewhere, and what to the intended project."""
        self._try()
        return self._to_organization.of((remedy,)), self._as_intended.of((remedy,))

    def _try(self) -> None:
        """Try the remedies of the classes so far."""
        classes = list(self._classes)
        if not classes:
            return
        self._classes.clear()
        outcomes = self._outcomes_of([group for group, _ in classes])
        for (group, amount), found in zip(classes, outcomes, strict=True):
            organization, intended, remedies, _ = group[len(self._usage) :]
            told = remedies.split(SEPARATOR)
            for outcome in found:
                remedy = outcome["remedy"]
                if remedy not in told:
                    continue
                if outcome["organization"] == intended != organization:
                    self._to_organization.put((remedy,), amount)
                if outcome["matches_intended"]:
                    self._as_intended.put((remedy,), amount)

    def _outcomes_of(self, groups: list[Group]) -> list[list[dict[str, Any]]]:
        """What each remedy of some classes leads to. Raises InvalidInputError for a column that is not the one that was attributed."""
        try:
            return self._booked_by._try_remedies([self._document(group) for group in groups])
        except InvalidInputError as error:
            # Its path begins with the number of a class.
            field = (error.path or "").split("/")[-1]
            column = self._usage[field][0] if field in self._usage else None
            path = "/answers" if column is None else pointer(column)
            raise InvalidInputError(error.code, path, f"{error.message}; expected the columns of attribute_table") from error

    def _document(self, group: Group) -> dict[str, Any]:
        """The usage of a class, as attribute takes it."""
        values: dict[str, Any] = dict(zip(self._usage, group, strict=False))
        user, api_key = values.pop("user", None), values.pop("api_key", None)
        if api_key is not None:
            values["principal"] = f"api_key:{api_key}"
        elif user is not None:
            values["principal"] = f"user:{user}"
        return {**values, "at": rfc3339(group[-1])}


def _columns_of_usage(schema: pa.Schema, usage: UsageColumns) -> dict[str, tuple[str, int]]:
    """The columns of usage that there are, by the names of their arguments: each with its own name and number."""
    unknown = next((name for name in usage if name not in UsageColumns.__annotations__), None)
    if unknown is not None:
        raise TypeError(f"unexpected keyword argument {unknown!r}")
    defaults = {name: name for name in ("principal", "kind", "surface", "project", "resource")}
    named: dict[str, Any] = {**defaults, **usage}
    has_ids = named.get("user") is not None or named.get("api_key") is not None
    if has_ids:
        del named["principal"]
    needed = {"kind", *(("user", "api_key") if has_ids else ("principal",)), *usage}
    found = {}
    for argument, column in named.items():
        if column is None:
            continue
        check_name(column, argument)
        if column in schema.names or argument in needed:
            found[argument] = (column, place_of(schema, column))
    return found
