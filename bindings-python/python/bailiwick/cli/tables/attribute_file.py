"""Attributes a file of usage: reads, attributes, writes and counts it batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bailiwick import Bailiwick, BailiwickError, InvalidInputError, Timeline
from bailiwick._billing.remedies import Outcomes
from bailiwick.types import TimeUnit

from ..files.atomic_output import output_file
from ..files.input import display_name, unreadable
from ..files.summary import summarise
from ..terminal.console import error_console
from ..terminal.extras import arrow
from .answer_file import Write, answers_into
from .batches import Selection, column_path
from .exact_numbers import as_written, without_exactness
from .formats import Format, input_format_of, output_format_of
from .tally import Tally
from .usage_file import UsageFile, damage, open_usage

# The default names of the columns of usage: required ones and optional ones.
REQUIRED, OPTIONAL = ("principal", "kind"), ("surface", "project", "resource", "at")


class Columns(StrEnum):
    """The columns of the answers."""

    BAILIWICK = "bailiwick"
    FOCUS_1_4 = "focus-1.4"
    FOCUS_1_5_DRAFT = "focus-1.5-draft"


@dataclass(frozen=True)
class Work:
    """How to attribute a file of usage."""

    file: str
    output: str | None
    names: dict[str, str]
    """The names of columns that differ from the defaults."""
    at: datetime | None
    """The instant of all rows, in place of a column."""
    time_zone: str | None
    at_unit: TimeUnit | None
    delimiter: str | None
    columns: Columns
    nulls: bool
    keep_input: bool
    prefix: str
    input_format: Format | None
    output_format: Format | None
    cost: str | None
    """The column of costs that the summary adds up."""
    tries_remedies: bool
    """Whether the summary says what each remedy would bring back."""

    @property
    def needs_input(self) -> bool:
        """Whether the summary needs the columns of the file beside the answers."""
        return self.cost is not None or self.tries_remedies

    def selection(self) -> Selection:
        """The columns that are read."""
        defaults = {name: name for name in (*REQUIRED, *OPTIONAL)}
        if "user" in self.names or "api_key" in self.names:
            del defaults["principal"]
        named = defaults | self.names
        if self.at is not None:
            del named["at"]
        optional = frozenset(name for name in OPTIONAL if name in named and name not in self.names)
        costs = [] if self.cost is None else [self.cost]
        return Selection(frozenset([*named.values(), *costs]), optional, self.keep_input, named.get("at"), self.delimiter, self.cost)


def attribute_file(source: Bailiwick | Timeline, work: Work, *, as_json: bool) -> int:
    """Attributes a file, prints a summary, and returns how many rows could not be attributed."""
    file_format = input_format_of(work.file, work.input_format)
    answer_format = None if work.output is None else output_format_of(work.output, work.output_format)
    if work.delimiter is not None and file_format is not Format.CSV:
        raise typer.BadParameter("--delimiter is for CSV")
    usage = open_usage(work.file, file_format, work.selection())
    if work.cost is not None and work.cost not in usage.reader.schema.names:
        raise InvalidInputError("missing_field", column_path(work.cost), f"the file has no column `{work.cost}`")
    # The columns of the input come first.
    dropped = len(usage.reader.schema) if work.needs_input and not work.keep_input else 0
    exact = {} if dropped else usage.written_as
    answers = _answers(source, usage, work)
    tally = Tally(answers.schema, cost=work.cost, outcomes=_outcomes(source, answers.schema, work))
    with ExitStack() as stack:
        write: Write | None = None
        if work.output is not None and answer_format is not None:
            file = stack.enter_context(output_file(work.output))
            write = stack.enter_context(answers_into(file, as_written(_written(answers.schema, dropped), exact), answer_format))
        advance = stack.enter_context(_progress(display_name(work.file), usage.total))
        for batch in _watched(answers, usage, work):
            if write is not None:
                kept = arrow().RecordBatch.from_arrays(batch.columns[dropped:], schema=_written(batch.schema, dropped))
                write(without_exactness(kept, exact))
            tally.add(batch)
            advance(usage.done, tally.rows)
    period = {"beginning": source.beginning, "end": source.end} if isinstance(source, Timeline) else {}
    summary = {"input": work.file, "output": work.output, **period, **tally.to_dict()}
    known = [f"known from {period['beginning']} until {period['end']}; later usage is booked as at the end"] if period else []
    summarise(summary, *known, *tally.rendered(), output=work.output, as_json=as_json)
    return tally.unattributed


INTERNAL = "\1"
"""The prefix of the answers beside columns that are not written, whose names then cannot be in the way."""


def _written(schema: Any, dropped: int) -> Any:
    """The columns that are written."""
    if not dropped:
        return schema
    return arrow().schema([field.with_name(field.name.removeprefix(INTERNAL)) for field in list(schema)[dropped:]])


def _outcomes(source: Bailiwick | Timeline, schema: Any, work: Work) -> Outcomes | None:
    if not work.tries_remedies:
        return None
    at = work.at if work.at is not None else work.names.get("at", "at")
    usage: Any = {name: column for name, column in work.names.items() if name != "at"}
    return Outcomes(source, schema, has_cost=work.cost is not None, at=at, time_zone=work.time_zone, at_unit=work.at_unit, **usage)


def _answers(source: Bailiwick | Timeline, usage: UsageFile, work: Work) -> Any:
    """The stream of answers, which are made while it is read."""
    names: dict[str, Any] = {**work.names}
    if work.at is not None:
        names["at"] = work.at
    is_internal = work.needs_input and not work.keep_input
    table = source.attribute_table(
        usage.reader,
        **names,
        time_zone=work.time_zone,
        at_unit=work.at_unit,
        columns=work.columns.value,
        nulls=work.nulls,
        keep_input=work.keep_input or is_internal,
        prefix=(INTERNAL if is_internal else "") + work.prefix,
    )
    return arrow().RecordBatchReader.from_stream(table)


def _watched(answers: Any, usage: UsageFile, work: Work) -> Iterator[Any]:
    """The batches of answers. An error of reading the usage is raised as it was, and not as the stream reports it."""
    try:
        yield from answers
    except damage() as error:
        if usage.failure is not None:
            raise usage.failure from error
        if isinstance(error, BailiwickError):
            raise
        raise unreadable(work.file, "the stream of answers has ended early") from error


@contextmanager
def _progress(file: str, total: int | None) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, if it is a terminal: a function that updates it."""
    console = error_console()
    if not console.is_terminal:
        yield lambda _done, _rows: None
        return
    rows = TextColumn("{task.fields[rows]:,} rows")
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"attributing {file}", total=total, rows=0)
        yield lambda done, rows: progress.update(task, completed=done, rows=rows)
