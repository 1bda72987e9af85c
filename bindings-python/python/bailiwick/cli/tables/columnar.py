"""Readers of Parquet and Arrow files.

Their claims are checked before memory is allocated, and their contents are validated before they are used: offsets can point anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import typer

from ..bounded.arrow_messages import CheckedStream
from ..bounded.budget import Budget
from ..bounded.parquet_pages import check_row_group
from ..bounded.sizes import split_rows
from ..files.input import STANDARD, opened
from ..files.limits import FREE_AT_ONCE_BYTES, ROW_BYTES
from ..terminal.extras import arrow
from .batches import Batches, Selection, check_columns

BATCH_ROWS = 65_536


def open_parquet(path: str, selection: Selection) -> Batches:
    """A Parquet file."""
    if path == STANDARD:
        raise typer.BadParameter("a Parquet file is read from its end, so standard input cannot be one")
    parquet = arrow("pyarrow.parquet")
    plain = parquet.ParquetFile(path)
    check_columns(path, plain.schema_arrow)
    names = selection.of(plain.schema_arrow.names)
    # Texts stay dictionary-encoded until their size is known.
    file = parquet.ParquetFile(path, read_dictionary=[plain.schema.column(number).path for number in range(len(plain.schema))])
    schema = _fields(_written(plain.schema_arrow) if selection.keeps_all else file.schema_arrow, names)
    budget = Budget(path)

    def batches() -> Iterator[Any]:
        with file, open(path, "rb") as pages:
            for group in range(file.num_row_groups):
                row = check_row_group(file, group, names, pages, budget)
                budget.grow(file.metadata.row_group(group).num_rows * ROW_BYTES)
                rows = max(1, min(BATCH_ROWS, FREE_AT_ONCE_BYTES // max(row, 1)))
                yield from file.iter_batches(batch_size=rows, row_groups=[group], columns=names)

    return Batches(schema, _checked(batches(), schema, selection, budget), file.metadata.num_rows)


def open_arrow(path: str, selection: Selection) -> Batches:
    """An Arrow file or stream. It is not memory-mapped: a file may be truncated while it is read."""
    budget = Budget(path)
    stream = arrow().ipc.open_stream(CheckedStream(path, opened(path), budget))
    check_columns(path, stream.schema)
    schema = _fields(stream.schema, selection.of(stream.schema.names))
    return Batches(schema, _checked(stream, schema, selection, budget), None)


def _checked(batches: Iterable[Any], schema: Any, selection: Selection, budget: Budget) -> Iterator[Any]:
    """The selected columns of every batch, fully validated."""
    for batch in batches:
        read = batch.select(schema.names)
        read.validate(full=True)
        for part in split_rows(read, budget, is_written=selection.keeps_all):
            columns = zip(part.columns, schema.types, strict=True)
            yield arrow().RecordBatch.from_arrays([_as(kind, column) for column, kind in columns], schema=schema)


def _as(kind: Any, column: Any) -> Any:
    return column if column.type == kind else column.cast(kind)


def _written(schema: Any) -> Any:
    """The columns as they are written. A dictionary cannot be cast to a view, so views become plain text."""
    text = {"string_view": arrow().string(), "binary_view": arrow().binary()}
    return arrow().schema([field.with_type(text.get(str(field.type), field.type)) for field in schema])


def _fields(schema: Any, names: list[str]) -> Any:
    return arrow().schema([schema.field(name) for name in names])
