"""Parquet and Arrow files, which know their columns and how many rows they have."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from .batches import Batches, Selection
from .inputs import STANDARD
from .table_formats import arrow

BATCH_ROWS = 65_536
ARROW_FILE_MAGIC = b"ARROW1"


def open_parquet(path: str, selection: Selection) -> Batches:
    """A Parquet file."""
    if path == STANDARD:
        raise typer.BadParameter("a Parquet file is read from its end, so the input cannot be one")
    file = arrow("pyarrow.parquet").ParquetFile(path)
    names = selection.of(file.schema_arrow.names)
    return Batches(_fields(file.schema_arrow, names), _parquet_batches(file, names), file.metadata.num_rows)


def _parquet_batches(file: Any, names: list[str]) -> Iterator[Any]:
    with file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=names):
            yield batch.select(names)


def open_arrow(path: str, selection: Selection) -> Batches:
    """Arrow's own format: a file, or a stream in a file or in the input."""
    pa = arrow()
    if path != STANDARD:
        with open(path, "rb") as file:
            is_file = file.read(len(ARROW_FILE_MAGIC)) == ARROW_FILE_MAGIC
        if is_file:
            table = pa.ipc.open_file(pa.memory_map(path))
            names = selection.of(table.schema.names)
            # The map is read page by page, as its batches come up.
            parts = (table.get_batch(index).select(names) for index in range(table.num_record_batches))
            return Batches(_fields(table.schema, names), parts, None)
    stream = pa.ipc.open_stream(sys.stdin.buffer if path == STANDARD else pa.memory_map(path))
    names = selection.of(stream.schema.names)
    return Batches(_fields(stream.schema, names), (batch.select(names) for batch in stream), None)


def _fields(schema: Any, names: list[str]) -> Any:
    return arrow().schema([schema.field(name) for name in names])
