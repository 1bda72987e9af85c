"""Detects the columns of a JSON Lines file from its beginning."""

from __future__ import annotations

from typing import Any

from ..bounded.text_blocks import end_of_lines
from ..files.input import unreadable
from ..terminal.extras import arrow
from .batches import check_columns

STEP_BYTES = 64 << 10
"""How much is read at a time. The table stays small even if each row has a column of its own, which Arrow then adds to all rows."""


def schema_of(path: str, head: bytes) -> Any:
    """The columns of some lines, in order of appearance. Raises UnreadableError, and the exceptions of Arrow."""
    pa, json = arrow(), arrow("pyarrow.json")
    schema = pa.schema([])
    start = 0
    while start < len(head):
        end = end_of_lines(head, start, start + STEP_BYTES)
        if end == start:
            end = head.find(b"\n", start) + 1 or len(head)
        block = head[start:end]
        if block.strip():
            found = json.read_json(pa.BufferReader(block), json.ReadOptions(block_size=len(block) + 1)).schema
            schema = pa.unify_schemas([schema, _mapped(found, pa.types.is_timestamp)], promote_options="permissive")
            check_columns(path, schema)
        start = end
    if not len(schema):
        raise unreadable(path, "it holds no JSON objects with members")
    return _mapped(schema, pa.types.is_null)


def _mapped(schema: Any, is_text: Any) -> Any:
    """Types without Arrow's guesses: text that looks like a time is text, and a column of nulls is text too."""
    return arrow().schema([(field.name, _type(field.type, is_text)) for field in schema])


def _type(kind: Any, is_text: Any) -> Any:
    pa = arrow()
    if is_text(kind):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(_type(kind.value_type, is_text))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _type(field.type, is_text)) for field in kind])
    return kind
