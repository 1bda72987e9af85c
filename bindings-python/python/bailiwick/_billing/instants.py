"""When the usage of some rows was, for remedies that depend on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .._bailiwick import instants_of
from .._errors import InvalidInputError
from .columns import decoded, place_of, pointer

if TYPE_CHECKING:
    import pyarrow as pa

    from ..types import TimeUnit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CYCLE_YEARS = 400
CYCLE = timedelta(days=146_097)
"""After so many years, the calendar is the same."""


class Instants:
    """The instants of rows in milliseconds since 1970, read as attribute_table reads them.

    Usage without an instant is of now, which is one and the same for all rows.
    """

    def __init__(self, schema: pa.Schema, at: str | datetime | None, *, time_zone: str | None, at_unit: TimeUnit | None) -> None:
        """Raises BailiwickError as attribute_table for the column of instants."""
        import pyarrow as pa

        self._when: dict[str, Any] = {"at": at, "time_zone": time_zone, "at_unit": at_unit}
        self._column = at if isinstance(at, str) and at in schema.names else None
        absent = pa.table({"": [None]}).select([])
        if self._column is not None:
            self._place = place_of(schema, self._column)
            absent = pa.table({self._column: decoded(pa.nulls(1, schema.field(self._place).type))})
        self._of_absent = instants_of(absent, **self._when)[0]

    def of(self, batch: pa.RecordBatch, rows: pa.Array, *, before: int) -> pa.Array:
        """Those of some rows of a batch. `before` is how many rows came before the batch.

        Raises InvalidInputError `invalid_timestamp` with the column as path.
        """
        import pyarrow as pa

        if self._column is None:
            return pa.array([self._of_absent] * len(rows), pa.int64())
        column = decoded(batch.column(self._place)).take(rows)
        found = instants_of(pa.table({self._column: column}), **self._when)
        for place, instant in enumerate(found):
            if instant is None:
                message = f"row {before + rows[place].as_py() + 1}: not an instant: pass the time_zone and at_unit of attribute_table"
                raise InvalidInputError("invalid_timestamp", pointer(self._column), message)
        is_there = column.is_valid().to_pylist()
        values = (instant if there else self._of_absent for instant, there in zip(found, is_there, strict=True))
        return pa.array(values, pa.int64())


def rfc3339(milliseconds: int) -> str:
    """An instant as text. The year 0 is one too, which Python has no dates of."""
    # The sum with the year 9999 would be no date either, and the one with the year 0 is only one after the cycle.
    shift = 1 if milliseconds < 0 else 0
    moment = EPOCH + shift * CYCLE + timedelta(milliseconds=milliseconds)
    return f"{moment.year - shift * CYCLE_YEARS:04}-{moment:%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
