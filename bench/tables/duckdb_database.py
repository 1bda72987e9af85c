"""A DuckDB database in memory with usage in it, before anybody asks."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from tables.names import Names
from tables.numbered import Numbers
from tables.usage import BATCH, STRINGS


class Database:
    """Usage as a table of enums or of strings, and what joins with it.

    Compressed, DuckDB keeps strings as it keeps them in files: many columns are dictionaries there.
    """

    def __init__(self, names: Names, table: pa.Table, *, enums: bool, compressed: bool = False) -> None:
        self.names = names
        self.enums = enums
        self.compressed = compressed
        self.numbers = Numbers(names, table if enums else None)
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")
        self.connection.execute("SET TimeZone = 'UTC'")
        # Answers come in the order of the usage as long as it is the side that is probed, in every join and as they are written.
        self.connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        for column in STRINGS:
            self.create_enum(f"{column}_name", self.numbers.all[column] if enums else self.numbers.known[column])
        self.usage = "usage"
        if compressed:
            self.usage = "packed.usage"
            self.connection.execute("ATTACH ':memory:' AS packed (COMPRESS)")
        columns = ", ".join(f"{column}::{column}_name AS {column}" if enums else column for column in STRINGS)
        self.create_table(self.usage, table, f'{columns}, "at"')
        if compressed:
            self.connection.execute("FORCE CHECKPOINT packed")

    def create_enum(self, name: str, values: list[str]) -> None:
        """A type of these values, numbered in their order."""
        self.connection.register("arrow", pa.table({"value": pa.array(values, pa.string())}))
        self.connection.execute(f"CREATE TYPE {name} AS ENUM (SELECT value FROM arrow)")
        self.connection.unregister("arrow")

    def create_table(self, name: str, table: pa.Table, columns: str = "*") -> None:
        """A table of these columns of an Arrow table."""
        self.connection.register("arrow", table)
        self.connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM arrow")
        self.connection.unregister("arrow")

    def answer(self, query: str) -> pa.Table:
        """What a query answers, as Arrow: here that takes less time than a new table does.

        A relation hands its rows over as they are; a cursor would copy them once more.
        """
        return self.connection.sql(query).to_arrow_table(BATCH)
