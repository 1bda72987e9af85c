"""Writing a table of answers, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from bailiwick import InvalidInputError

from ..terminal.errors import UnwritableError
from ..terminal.extras import arrow
from .batches import column_path
from .formats import NAMES, Format
from .json_lines import write_lines

Write = Callable[[Any], None]


@contextmanager
def answers_into(file: IO[bytes], schema: Any, file_format: Format) -> Iterator[Write]:
    """A function that writes a batch. When the block ends without an error, the table is complete.

    Raises UnwritableError if the format cannot hold the type of a column.
    """
    try:
        with _writer(file, schema, file_format) as write:
            yield write
    except arrow().ArrowException as error:
        raise UnwritableError(f"the table cannot be written as {NAMES[file_format]}: it cannot hold a column of the input") from error


@contextmanager
def _writer(file: IO[bytes], schema: Any, file_format: Format) -> Iterator[Write]:
    if file_format is Format.JSONL:
        yield lambda batch: write_lines(file, batch)
        return
    pa = arrow()
    # As text: a file has one dictionary for each column, or libraries do not group by it, but batches may have different ones.
    plain = pa.schema([_plain_field(field) for field in schema])
    if file_format is Format.PARQUET:
        with arrow("pyarrow.parquet").ParquetWriter(file, plain, compression="zstd") as writer:
            yield lambda batch: writer.write_batch(batch.cast(plain))
    elif file_format is Format.ARROW:
        with pa.ipc.new_file(file, plain) as writer:
            yield lambda batch: writer.write_batch(batch.cast(plain))
    else:
        written = pa.schema([(field.name, _csv_type(field)) for field in schema])
        with arrow("pyarrow.csv").CSVWriter(file, written) as writer:
            yield lambda batch: writer.write_batch(_csv_batch(batch, written))


def _plain_type(kind: Any) -> Any:
    """The type without dictionaries."""
    pa = arrow()
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(_plain_field(kind.value_field))
    if pa.types.is_large_list(kind):
        return pa.large_list(_plain_field(kind.value_field))
    if pa.types.is_struct(kind):
        return pa.struct([_plain_field(field) for field in kind])
    return kind


def _plain_field(field: Any) -> Any:
    return field.with_type(_plain_type(field.type))


def _csv_type(field: Any) -> Any:
    """The type in CSV: a list of words becomes text; other nested types cannot be written."""
    pa = arrow()
    kind = _plain_type(field.type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        words = kind.value_type
        if pa.types.is_string(words) or pa.types.is_large_string(words):
            return pa.string()
    if pa.types.is_nested(kind):
        raise InvalidInputError("wrong_type", column_path(field.name), "a CSV file cannot hold this column; Parquet and JSON Lines can")
    return kind


def _csv_batch(batch: Any, schema: Any) -> Any:
    pa, compute = arrow(), arrow("pyarrow.compute")
    columns = []
    for column, field in zip(batch.columns, schema, strict=True):
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            words = column.cast(pa.list_(pa.string()))
            columns.append(compute.binary_join(words, " "))
        else:
            columns.append(column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
