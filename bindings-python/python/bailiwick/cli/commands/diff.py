"""`bailiwick diff`: what somebody gains or loses between two states, and what is booked elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from bailiwick import Bailiwick, Impact

from ..files.sides import load_sides
from ..reports.impact_markdown import markdown
from ..reports.impact_rows import access_rows, booking_rows, headline, more
from ..terminal.console import BAD, GOOD, count, print_json, shortened, show, table, visible
from ..terminal.exits import Exit
from ..terminal.progress import working
from ..terminal.standard_output import write
from .options import AsJson, At, PublicKey


class Form(StrEnum):
    """What is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


class Fault(StrEnum):
    """What ends the command with 1."""

    GAINED = "gained"
    LOST = "lost"
    BOOKINGS = "bookings"


WHAT = "a directory or a policy as JSON, a snapshot, the id of a built-in policy, or one of these in git (main:policy.json)"
Before = Annotated[str, typer.Argument(metavar="BEFORE", help=f"The state before: {WHAT}. - is standard input.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="The state afterwards, likewise. A policy replaces that of the directory.")]
On = Annotated[str | None, typer.Option("--on", metavar="DIRECTORY", help="The directory on which two policies are compared.")]
Renames = Annotated[
    str | None,
    typer.Option(
        "--renames",
        metavar="FILE",
        help='What AFTER, a policy, calls differently: JSON such as {"project_roles": {"member": "editor"}}.',
    ),
]


def diff(
    before: Before,
    after: After,
    form: Annotated[Form, typer.Option("--format", help="What to print.")] = Form.TABLE,
    fail_on: Annotated[
        list[Fault] | None, typer.Option("--fail-on", help="End with 1 if there is any of this. It can be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Tell no more rows than this; the counts are of all.")] = None,
    at: At = None,
    on: On = None,
    renames: Renames = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Compare two states: who gains or loses what, exactly and for everybody, and what usage is booked elsewhere.

    A state that is a revision of git is `revision:path`, as for `git show`. The age of the directories makes no difference.
    """
    form = Form.JSON if as_json else form
    with working("comparing"):
        sides = load_sides(before, after, on=on, renames=renames, public_key=public_key)
        impact = sides[0].impact(sides[1], at=at, limit=SHOWN.get(form) if limit is None else limit)
    if form is Form.JSON:
        print_json(impact.to_dict())
    elif form is Form.MARKDOWN:
        write(markdown(impact, *_names(sides, before, after)).encode())
    else:
        show(*_tables(impact, *_names(sides, before, after)))
    counted = {Fault.GAINED: impact.counts.gained, Fault.LOST: impact.counts.lost, Fault.BOOKINGS: impact.counts.bookings}
    if any(counted[fault] > 0 for fault in fail_on or []):
        raise typer.Exit(Exit.NO)


# How many rows are told to people. A pull request has less room.
SHOWN = {Form.TABLE: 1_000, Form.MARKDOWN: 200}


def _names(sides: tuple[Bailiwick, Bailiwick], before: str, after: str) -> tuple[str, str]:
    """What tells the two apart: the policies, or else the arguments."""
    policies = sides[0].policy, sides[1].policy
    return policies if policies[0] != policies[1] else (visible(before), visible(after))


def _tables(impact: Impact, before: str, after: str) -> Iterator[RenderableType]:
    counts = impact.counts
    if counts.principals == 0:
        yield Text(f"✓ nobody gains or loses anything, and all usage is booked as before ({before} → {after})", GOOD)
        return
    if impact.access:
        rows = [[_some(row.principals), _some(row.places), _some(row.after), _some(row.before)] for row in access_rows(impact.access)]
        yield table(["who", "on", "gains", "loses"], rows)
    if impact.bookings:
        rows = [[_some(row.principals), _some(row.places), _some(row.before), _some(row.after)] for row in booking_rows(impact.bookings)]
        yield table(["whose usage", "in", "booked before", "booked afterwards"], rows)
    if impact.next_cursor is not None:
        yield Text(f"and more: only the first {count(len(impact.access) + len(impact.bookings), 'row')} (--limit)")
    yield Text(f"{before} → {after}: {headline(counts)}", BAD if impact.widens else "")


def _some(names: list[str]) -> Text | None:
    hidden = more(names)
    shown = [visible(shortened(name)) for name in names[: len(names) - hidden]]
    return Text("\n".join([*shown, f"and {hidden:,} more"] if hidden else shown)) if names else None
