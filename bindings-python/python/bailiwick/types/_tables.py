"""The Arrow PyCapsule interface, as types."""

from __future__ import annotations

from typing import Protocol, TypeAlias


class ArrowStream(Protocol):
    """A table or stream with the Arrow PyCapsule interface, such as those of pyarrow, polars, DuckDB and pandas 3."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule with a stream of batches."""
        ...


class ArrowArray(Protocol):
    """A batch with the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Capsules with a schema and an array."""
        ...


ArrowTable: TypeAlias = ArrowStream | ArrowArray
"""The argument of attribute_table and check_table, and the tables of from_tables."""
