"""Columns of tables of any library, as they are read for sums: by a name that is there once, and without encodings of their own."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._errors import InvalidInputError

if TYPE_CHECKING:
    import pyarrow as pa


def pointer(name: str) -> str:
    """A JSON pointer to a column."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def check_name(name: Any, argument: str) -> None:
    """Refuse what is not the name of a column. Raises InvalidInputError `wrong_type` at the argument."""
    if not isinstance(name, str):
        raise InvalidInputError("wrong_type", pointer(argument), "expected the name of a column")


def place_of(schema: pa.Schema, name: str, base: str = "") -> int:
    """The number of a column. Raises InvalidInputError `missing_field` or `duplicate_id` with the column below `base`."""
    places = schema.get_all_field_indices(name)
    if not places:
        message = f"there is no column `{name}`; answers have those of the usage with keep_input=True"
        raise InvalidInputError("missing_field", base + pointer(name), message)
    if len(places) > 1:
        raise InvalidInputError("duplicate_id", base + pointer(name), f"there is more than one column `{name}`")
    return int(places[0])


def decoded(column: pa.Array) -> pa.Array:
    """The values themselves, where a column is a dictionary or has runs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_run_end_encoded(column.type):
        return decoded(pc.run_end_decode(column))
    if pa.types.is_dictionary(column.type):
        return _values(column.dictionary).take(column.indices)
    return _values(column)


def texts(column: pa.Array, path: str) -> pa.Array:
    """A column of text to group by. Raises InvalidInputError `wrong_type` for another one."""
    import pyarrow as pa

    kind = column.type
    # Grouping is fast by dictionaries, and knows those of plain text.
    if pa.types.is_dictionary(kind) and _is_plain_text(kind.value_type):
        return column
    column = decoded(column)
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if not _is_plain_text(column.type):
        raise InvalidInputError("wrong_type", path, f"expected a column of text, not {column.type}")
    return column


def _values(column: pa.Array) -> pa.Array:
    """Arrow's functions do not know the views that other libraries make."""
    import pyarrow as pa

    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def _is_plain_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
