"""Answers to whole tables, as they are read for sums."""

# pyarrow makes the functions of pyarrow.compute while it is imported.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._errors import BailiwickError, InvalidInputError, UnreadableError
from .sums import pointer

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATOR = ","
"""Between the remedies of one row in a FOCUS column."""
UNATTRIBUTED = "unattributed"
"""What FOCUS columns have where no account is known."""


@dataclass(frozen=True)
class Names:
    """The names of the columns of answers. None: there is no such column."""

    organization: str
    project: str
    reason: str
    api_key: str | None
    remedies: str | None
    intended: tuple[str, str]
    is_focus: bool

    def place(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """Where the rows are booked: organizations and projects. Null where they are not known."""
        columns = [batch.column(self.organization), batch.column(self.project)]
        return [_known(column) for column in columns] if self.is_focus else columns

    def lists_of_remedies(self, batch: pa.RecordBatch) -> pa.Array | None:
        """The remedies of each row; null without any. FOCUS columns have them as text."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.remedies is None:
            return None
        column = batch.column(self.remedies)
        return pc.split_pattern(column.cast(pa.string()), SEPARATOR) if self.is_focus else column


MARKS = {"matches_intended": False, "x_MatchesIntended": True}
"""A column that all answers have, by its own name or as a column beside those of FOCUS."""


def names_of(schema: pa.Schema, path: str) -> Names:
    """The columns of answers of attribute_table, by their own names or by those of FOCUS, and with any prefix.

    Raises InvalidInputError `missing_field` with the column below `path`.
    """
    # Columns of the input come first, and may be answers too.
    found = ((name[: -len(mark)], is_focus) for name in reversed(schema.names) for mark, is_focus in MARKS.items() if name.endswith(mark))
    prefix, is_focus = next(found, ("", False))
    names = (
        ("BillingAccountId", "SubAccountId", "x_Reason", "x_IntendedOrganization", "x_IntendedProject")
        if is_focus
        else ("organization", "project", "reason", "intended_organization", "intended_project")
    )
    organization, project, reason, *intended = (f"{prefix}{name}" for name in names)
    for name in (organization, project, reason, *intended):
        if name not in schema.names:
            raise InvalidInputError(
                "missing_field", path + pointer(name), f"there is no column `{name}`: expected answers of attribute_table"
            )
    optional = [f"{prefix}{name}" for name in (("x_ApiKeyId", "x_Remedies") if is_focus else ("api_key", "remedies"))]
    api_key, remedies = (name if name in schema.names else None for name in optional)
    return Names(organization, project, reason, api_key, remedies, (intended[0], intended[1]), is_focus)


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
        raise UnreadableError("unreadable", path, str(error)) from error


def _known(column: pa.Array) -> pa.Array:
    """A FOCUS column of accounts, with null for what is not known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.if_else(pc.equal(column, UNATTRIBUTED), pa.scalar(None, column.type), column)
