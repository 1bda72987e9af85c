"""Readers of CSV and JSON Lines. Their columns have no types: most are read as text, and types are not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bailiwick import InvalidInputError

from ..bounded.text_blocks import TextFile, csv_header, end_of_csv_records, end_of_lines
from ..bounded.text_source import TextSource
from ..files.input import unreadable
from ..files.limits import CELLS, COLUMNS, DEPTH
from ..files.nesting import has_deep_lines
from ..terminal.extras import arrow
from .batches import Batches, Selection, column_path, leaves
from .exact_numbers import exact_lines, exact_type, is_number
from .json_schema import schema_of

BLOCK_BYTES = 4 << 20
"""The size of a block of text, which becomes a batch. The columns are detected from the first block."""
SHORTEST_ROW = len("{}\n")
WHOLE_NUMBER = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
DELIMITERS = (",", ";", "\t")
# Only an empty field is null: `NA` and `null` may be ids.
ABSENT: dict[str, Any] = {"null_values": [""], "strings_can_be_null": True}


def open_csv(path: str, selection: Selection) -> Batches:
    """A CSV file with a header. Every column is text, except for times that are numbers."""
    pa = arrow()
    source = TextSource(path)
    delimiter = selection.delimiter or _delimiter(source.peek(BLOCK_BYTES), selection)
    file = TextFile(path, source, end_of_csv_records(delimiter))
    head = file.block(BLOCK_BYTES)
    header = csv_header(head, delimiter)
    if header.count(delimiter.encode()) >= COLUMNS:
        raise unreadable(path, f"it has more than {COLUMNS:,} columns")
    rows = head[len(header) :]
    file.unread(rows)
    names = _names(header, delimiter)
    read = selection.of(names)
    twice = next((name for name in read if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidInputError("duplicate_id", column_path(twice), "two columns have this name")
    types = dict.fromkeys(names, pa.string())
    if rows and selection.instant in read:
        values = _parsed_csv(rows, delimiter, names, column_types=types, include_columns=[selection.instant]).column(0)
        types[selection.instant] = _type_of_times(values.drop_null().to_pylist())
    schema = pa.schema([(name, types[name]) for name in read])
    tables = (_parsed_csv(block, delimiter, names, column_types=types, include_columns=read) for block in file.blocks(BLOCK_BYTES))
    batches = (batch for table in tables for batch in table.to_batches())
    return Batches(schema, batches, file.total, lambda: file.read_bytes)


def _delimiter(start: bytes, selection: Selection) -> str:
    """The delimiter with which the header has most of the requested columns."""

    def found(delimiter: str) -> int:
        header = csv_header(start, delimiter)
        if header.count(delimiter.encode()) >= COLUMNS:
            # So many are not a coincidence. They are refused later.
            return COLUMNS
        try:
            return len(selection.named.intersection(_names(header, delimiter)))
        except arrow().ArrowException:
            return 0

    return max(DELIMITERS, key=found)


def _names(header: bytes, delimiter: str) -> list[str]:
    names: list[str] = _parsed_csv(header, delimiter).schema.names
    return names


def _type_of_times(values: list[str]) -> Any:
    """Times are text, unless the first is a number. Then all must be numbers, or the file is refused."""
    pa = arrow()
    if not values or not NUMBER.fullmatch(values[0]):
        return pa.string()
    return pa.int64() if all(map(WHOLE_NUMBER.fullmatch, values)) else pa.float64()


def _parsed_csv(block: bytes, delimiter: str, names: list[str] | None = None, **options: Any) -> Any:
    """Records as a table. Without `names`, the first record is the header."""
    pa, csv = arrow(), arrow("pyarrow.csv")
    return csv.read_csv(
        pa.BufferReader(block),
        read_options=csv.ReadOptions(block_size=len(block) + 1, column_names=names),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(**options, **ABSENT),
    )


def open_jsonl(path: str, selection: Selection) -> Batches:
    """One JSON object on each line. The columns are those of the first block; a later one that matters is an error."""
    pa, json = arrow(), arrow("pyarrow.json")
    file = TextFile(path, TextSource(path), end_of_lines)
    head = file.block(BLOCK_BYTES)
    _check_depth(path, head)
    known = {field.name: field.type for field in schema_of(path, head)}
    fields = {name: known[name] for name in selection.of(known)}
    if not selection.keeps_all:
        # A column that appears later must not be ignored.
        fields |= {name: pa.string() for name in selection.optional - fields.keys()}
    written_as = {name: fields[name] for name in fields if name == selection.cost and is_number(fields[name])}
    # As floats, numbers would lose digits.
    schema = pa.schema((fields | dict.fromkeys(written_as, exact_type())).items())
    file.unread(head)
    # In memory, each row has every column.
    size = min(BLOCK_BYTES, max(SHORTEST_ROW * CELLS // (leaves(schema) + 1), 1))

    def parsed(block: bytes, wanted: Any) -> Any:
        unexpected = "error" if selection.keeps_all and wanted is schema else "ignore"
        parsing = json.ParseOptions(explicit_schema=wanted, unexpected_field_behavior=unexpected)
        return json.read_json(pa.BufferReader(block), json.ReadOptions(block_size=len(block) + 1), parsing)

    def batches() -> Iterator[Any]:
        rows = 0
        for block in file.blocks(size):
            _check_depth(path, block)
            if not block.strip():
                continue
            if written_as:
                table = exact_lines(block, str(selection.cost), parsed, schema, before=rows)
            else:
                table = parsed(block, schema)
            rows += table.num_rows
            yield from table.to_batches()

    return Batches(schema, batches(), file.total, lambda: file.read_bytes, written_as)


def _check_depth(path: str, block: bytes) -> None:
    """Arrow parses JSON recursively without a limit, and would overflow the stack."""
    if has_deep_lines(block):
        raise unreadable(path, f"a line is nested deeper than {DEPTH}")
