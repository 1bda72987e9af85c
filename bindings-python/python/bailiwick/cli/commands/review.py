"""`bailiwick review`: who has what, why and since when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bailiwick import Bailiwick, ReviewRow

from ..files.atomic_output import output_file
from ..files.directories import load
from ..files.summary import summarise
from ..reports.review_page import write_page
from ..tables.answer_file import answers_into
from ..tables.formats import Format, output_format_of
from ..terminal.console import SHOWN_ROWS, count, facts, print_json, show, table
from ..terminal.extras import arrow
from ..terminal.progress import counting, working
from .options import AsJson, At, Directory, Policy, PublicKey

PAGE = ".html"

Organization = Annotated[str | None, typer.Option("--organization", metavar="ID", help="Only what is in this organization.")]
OutputFile = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="The file for all rows: .csv, .parquet, .arrow, .jsonl, or .html for a page to file."
    ),
]
Chosen = Annotated[Format | None, typer.Option("--output-format", help="The format of the output, if its name does not show it.")]
IsEffective = Annotated[bool, typer.Option("--effective", help="On the terminal: only rows that allow something.")]


def review(
    directory: Directory,
    organization: Organization = None,
    output: OutputFile = None,
    output_format: Chosen = None,
    is_effective: IsEffective = False,
    at: At = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """List who has what, why and since when: a row for each source of access.

    Somebody may do something in a project exactly if there is an effective row for it.
    """
    guard = load(directory, policy=policy, public_key=public_key)
    # One instant for all rows, and for the page that says so.
    at = at or datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if output is None:
        if output_format is not None:
            raise typer.BadParameter("--output-format is for -o FILE")
        with working("reviewing"):
            rows = guard.review(organization=organization, at=at)
        if is_effective:
            rows = [row for row in rows if row.effective]
        print_json([row.to_dict() for row in rows]) if as_json else _show(rows)
        return
    if is_effective:
        raise typer.BadParameter("--effective is for the terminal: a file has all rows, and a column that tells")
    if output_format is None and output.lower().endswith(PAGE):
        with output_file(output) as file, working("reviewing"):
            written = write_page(file, guard, guard.review(organization=organization, at=at), at)
    else:
        written = _write(guard, output, output_format_of(output, output_format), organization, at)
    summary = {"output": output, "rows": written, "at": at, "revision": guard.revision, "state": guard.state}
    summarise(summary, facts([("output", output), ("rows", f"{written:,}"), ("at", at)]), output=output, as_json=as_json)


def _write(guard: Bailiwick, output: str, file_format: Format, organization: str | None, at: str) -> int:
    """All rows, a batch at a time; how many there are."""
    told = guard.review_table(organization=organization, at=at)
    batches = arrow().RecordBatchReader.from_stream(told)
    with output_file(output) as file, answers_into(file, batches.schema, file_format) as write, counting("reviewing") as advance:
        for batch in batches:
            write(batch)
            advance(told.num_rows)
    return told.num_rows


def _show(rows: list[ReviewRow]) -> None:
    columns = ["principal", "organization", "project", "role", "source", "via", "since", "until", "effective"]
    shown = [
        [row.principal, row.organization, row.project, row.role, row.source, row.via, row.added_at, row.expires_at, row.effective]
        for row in rows[:SHOWN_ROWS]
    ]
    show(table(columns, shown, total=len(rows)), count(len(rows), "row"))
