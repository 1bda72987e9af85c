"""Attributes a file of usage: reads, attributes, writes and counts it batch by batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bailiwick import Bailiwick, BailiwickError
from bailiwick.types import TimeUnit

from ..files.atomic_output import output_file
from ..files.input import STANDARD, display_name, unreadable
from ..files.summary import summarise
from ..terminal.console import error_console
from ..terminal.extras import arrow
from .answer_file import Write, answers_into
from .batches import Selection
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

    def selection(self) -> Selection:
        """The columns that are read."""
        defaults = {name: name for name in (*REQUIRED, *OPTIONAL)}
        if "user" in self.names or "api_key" in self.names:
            del defaults["principal"]
        named = defaults | self.names
        if self.at is not None:
            del named["at"]
        optional = frozenset(name for name in OPTIONAL if name in named and name not in self.names)
        return Selection(frozenset(named.values()), optional, self.keep_input, named.get("at"), self.delimiter)


def attribute_file(guard: Bailiwick, work: Work, *, as_json: bool) -> int:
    """Attributes a file, prints a summary, and returns how many rows could not be attributed."""
    file_format = input_format_of(work.file, work.input_format)
    answer_format = None if work.output is None else output_format_of(work.output, work.output_format)
    if work.delimiter is not None and file_format is not Format.CSV:
        raise typer.BadParameter("--delimiter is for CSV")
    if work.output not in {None, STANDARD} and os.path.realpath(str(work.output)) == os.path.realpath(work.file):
        raise typer.BadParameter("the output would overwrite the usage that is being read")
    usage = open_usage(work.file, file_format, work.selection())
    answers = _answers(guard, usage, work)
    tally = Tally(*(f"{work.prefix}{name}" for name in TALLIED[work.columns]))
    with ExitStack() as stack:
        write: Write | None = None
        if work.output is not None and answer_format is not None:
            file = stack.enter_context(output_file(work.output))
            write = stack.enter_context(answers_into(file, answers.schema, answer_format))
        advance = stack.enter_context(_progress(display_name(work.file), usage.total))
        for batch in _watched(answers, usage, work):
            if write is not None:
                write(batch)
            tally.add(batch)
            advance(usage.done, tally.rows)
    summary = {"input": work.file, "output": work.output, **tally.to_dict()}
    summarise(summary, *tally.rendered(), output=work.output, as_json=as_json)
    return tally.unattributed


# The columns of the answers that the summary counts.
TALLIED = {
    Columns.BAILIWICK: ("organization", "project", "reason"),
    Columns.FOCUS_1_4: ("BillingAccountId", "SubAccountId", "x_Reason"),
    Columns.FOCUS_1_5_DRAFT: ("BillingAccountId", "SubAccountId", "x_Reason"),
}


def _answers(guard: Bailiwick, usage: UsageFile, work: Work) -> Any:
    """The stream of answers, which are made while it is read."""
    names: dict[str, Any] = {**work.names}
    if work.at is not None:
        names["at"] = work.at
    table = guard.attribute_table(
        usage.reader,
        **names,
        time_zone=work.time_zone,
        at_unit=work.at_unit,
        columns=work.columns.value,
        nulls=work.nulls,
        keep_input=work.keep_input,
        prefix=work.prefix,
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
