"""What remedies would bring back, found by trying them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

from .._bailiwick import instants_of
from .._errors import InvalidInputError
from ..cluster import UsageColumns
from .answers import Names
from .sums import Amount, Costs, Group, grouped, plus, pointer

if TYPE_CHECKING:
    import pyarrow as pa

    from .._bailiwick import Bailiwick, Timeline
    from ..types import TimeUnit


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Outcomes:
    """Usage with remedies, by classes: rows of the same usage that are booked alike. Each remedy of a class is tried once."""

    def __init__(
        self,
        booked_by: Bailiwick | Timeline,
        schema: pa.Schema,
        *,
        at: str | datetime,
        time_zone: str | None = None,
        at_unit: TimeUnit | None = None,
        **usage: Unpack[UsageColumns],
    ) -> None:
        self._booked_by = booked_by
        self._when: dict[str, Any] = {"at": at, "time_zone": time_zone, "at_unit": at_unit}
        instants_of(schema.empty_table(), **self._when)
        defaults = {name: name for name in ("principal", "kind", "surface", "project", "resource")}
        named: dict[str, Any] = {**defaults, **usage}
        has_ids = named.get("user") is not None or named.get("api_key") is not None
        if has_ids:
            del named["principal"]
        self._usage: dict[str, str] = {name: column for name, column in named.items() if column is not None}
        needed = {"kind", *(("user", "api_key") if has_ids else ("principal",)), *usage}
        for name, column in self._usage.items():
            if name in needed and column not in schema.names:
                raise InvalidInputError("missing_field", pointer(column), f"there is no column `{column}`: attribute with keep_input=True")
        # For each class its amount, and the instant of its last row.
        self._classes: dict[Group, tuple[Amount, int]] = {}

    def add(self, batch: pa.RecordBatch, names: Names, cost: Costs | None) -> None:
        """Add rows with remedies, and what they cost."""
        import pyarrow as pa

        usage = {name: batch.column(column) for name, column in self._usage.items() if column in batch.schema.names}
        columns = [*usage.values(), *names.place(batch), *(batch.column(name) for name in names.intended)]
        instants = pa.array(instants_of(batch, **self._when), pa.int64())
        for values, amount, last in grouped(columns, cost, instants):
            key = (tuple(usage), *values)
            known = self._classes.get(key)
            self._classes[key] = (amount, last) if known is None else (plus(known[0], amount), max(known[1], last))

    def tried(self, *, has_cost: bool) -> dict[str, tuple[Amount, Amount]]:
        """For each remedy: what it would bring back to the intended organization, and what to the intended project as well."""
        nothing = Amount(0, Decimal(0) if has_cost else None)
        found: dict[str, tuple[Amount, Amount]] = {}
        classes = list(self._classes.items())
        outcomes = self._booked_by._try_remedies([self._document(key, at) for key, (_, at) in classes])
        for (key, (amount, _)), remedies in zip(classes, outcomes, strict=True):
            intended = key[-2]
            for outcome in remedies:
                to_organization, as_intended = found.get(outcome["remedy"], (nothing, nothing))
                if outcome["organization"] == intended:
                    to_organization = plus(to_organization, amount)
                if outcome["matches_intended"]:
                    as_intended = plus(as_intended, amount)
                found[outcome["remedy"]] = (to_organization, as_intended)
        return found

    @staticmethod
    def _document(key: Group, at: int) -> dict[str, Any]:
        """The usage of a class, as attribute takes it."""
        values = dict(zip(key[0], key[1:], strict=False))
        user, api_key = values.pop("user", None), values.pop("api_key", None)
        if api_key is not None:
            values["principal"] = f"api_key:{api_key}"
        elif user is not None:
            values["principal"] = f"user:{user}"
        return {**values, "at": EPOCH + timedelta(milliseconds=at)}
