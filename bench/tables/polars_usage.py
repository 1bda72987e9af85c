"""Usage as a Polars frame, before anybody asks."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from tables.names import Names
from tables.numbered import Numbers
from tables.usage import STRINGS


class Frame:
    """Usage with columns of enums or of strings."""

    def __init__(self, names: Names, table: pa.Table, *, enums: bool) -> None:
        self.names = names
        self.enums = enums
        self.numbers = Numbers(names, table if enums else None)
        self.types: dict[str, pl.DataType] = {column: pl.Enum(self.numbers.all[column]) if enums else pl.String() for column in STRINGS}
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        self.usage = frame.with_columns([pl.col(column).cast(pl.String).cast(kind) for column, kind in self.types.items()]).rechunk()
