"""Answers to whole tables, as they are read for sums."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._errors import BailiwickError, InvalidInputError, UnreadableError
from .columns import decoded, place_of, pointer, texts

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATOR = ","
"""Between the remedies of one row in a FOCUS column."""
UNATTRIBUTED = "unattributed"
"""What FOCUS columns have where no account is known."""


@dataclass(frozen=True)
class Names:
    """The names of the columns of answers. None: there is no such column."""

    path: str
    """Of the answers, in errors."""
    organization: str
    project: str
    reason: str
    api_key: str | None
    remedies: str | None
    intended_organization: str
    is_focus: bool

    def column(self, batch: pa.RecordBatch, name: str) -> pa.Array:
        """A column of the answers, to group by."""
        return texts(batch.column(place_of(batch.schema, name)), self.path + pointer(name))

    def place(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """Where the rows are booked: organizations and projects. Null where they are not known."""
        columns = [self.column(batch, name) for name in (self.organization, self.project)]
        return [_known(column) for column in columns] if self.is_focus else columns

    def api_keys(self, batch: pa.RecordBatch) -> pa.Array:
        """The API key of each row; null without one."""
        import pyarrow as pa

        return pa.nulls(batch.num_rows) if self.api_key is None else self.column(batch, self.api_key)

    def lists_of_remedies(self, batch: pa.RecordBatch) -> pa.Array | None:
        """The remedies of each row as lists of text; None without the column. FOCUS columns have them as one text."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.remedies is None:
            return None
        column, path = decoded(batch.column(place_of(batch.schema, self.remedies))), self.path + pointer(self.remedies)
        if self.is_focus or pa.types.is_null(column.type):
            return pc.split_pattern(texts(column, path).cast(pa.string()), SEPARATOR)
        if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
            raise InvalidInputError("wrong_type", path, f"expected lists of text, not {column.type}")
        ends = pc.cumulative_sum(pc.fill_null(pc.list_value_length(column), 0)).cast(pa.int32())
        starts = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        return pa.ListArray.from_arrays(starts, texts(decoded(pc.list_flatten(column)), path).cast(pa.string()))


OWN = ("organization", "project", "reason", "intended_organization", "intended_project", "matches_intended")
FOCUS = ("BillingAccountId", "SubAccountId", "x_Reason", "x_IntendedOrganization", "x_IntendedProject", "x_MatchesIntended")
"""The columns that all answers have, by their own names, and by or beside those of FOCUS. The last shows that there are answers."""


def names_of(schema: pa.Schema, path: str) -> Names:
    """The columns of answers of attribute_table, by their own names or by those of FOCUS, and with any prefix.

    Raises InvalidInputError `missing_field` or `duplicate_id` with the column below `path`.
    """
    there = frozenset(schema.names)
    # Columns of the input come first. They may be answers too, or merely be called so.
    marked = [
        (name.removesuffix(required[-1]), required)
        for name in reversed(schema.names)
        for required in (FOCUS, OWN)
        if name.endswith(required[-1])
    ]
    whole = (found for found in marked if there.issuperset(found[0] + name for name in found[1]))
    prefix, required = next(whole, marked[0] if marked else ("", OWN))
    for name in required:
        if prefix + name not in there:
            message = f"there is no column `{prefix}{name}`: expected answers of attribute_table"
            raise InvalidInputError("missing_field", path + pointer(prefix + name), message)
    is_focus = required is FOCUS
    optional = [f"{prefix}{name}" for name in (("x_ApiKeyId", "x_Remedies") if is_focus else ("api_key", "remedies"))]
    api_key, remedies = (name if name in there else None for name in optional)
    organization, project, reason, intended, *_ = (prefix + name for name in required)
    names = Names(path, organization, project, reason, api_key, remedies, intended, is_focus)
    for column in (organization, project, reason, api_key, remedies, intended):
        if column is not None:
            place_of(schema, column, path)
    return names


def reader(answers: Any, path: str) -> pa.RecordBatchReader:
    """Answers as a stream of batches. Raises InvalidInputError `wrong_type`."""
    import pyarrow as pa

    if not hasattr(answers, "__arrow_c_stream__"):
        if not hasattr(answers, "__arrow_c_array__"):
            raise InvalidInputError("wrong_type", path, "expected answers of attribute_table: anything with the Arrow PyCapsule interface")
        answers = pa.table(answers)
    return pa.RecordBatchReader.from_stream(answers)


@contextmanager
def reading(path: str) -> Iterator[None]:
    """A stream that ends in an error raises UnreadableError."""
    import pyarrow as pa

    try:
        yield
    except BailiwickError:
        raise
    except (pa.ArrowException, OSError) as error:
        # A library adds where in its code a stream of Python has failed.
        message = str(error).partition(" Detail: Python exception:")[0]
        raise UnreadableError("unreadable", path, " ".join(message.split())) from error


def _known(column: pa.Array) -> pa.Array:
    """A FOCUS column of accounts, with null for what is not known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = decoded(column)
    return pc.if_else(pc.equal(column, UNATTRIBUTED), pa.scalar(None, column.type), column)
