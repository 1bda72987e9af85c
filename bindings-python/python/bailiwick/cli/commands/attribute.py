"""`bailiwick attribute`: where usage is booked, for one record or a file of them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from bailiwick import Timeline

from ..files.input import one_standard_input, refuse_overwriting
from ..files.journals import load_source
from ..tables.attribute_file import Columns, Work, attribute_file
from ..tables.formats import Format
from ..terminal.answers import attribution_facts
from ..terminal.console import print_json, show
from ..terminal.exits import Exit
from .instant import instant_of
from .options import AsJson, Policy, PublicKey

ONE, FILE, NAMES = "One record", "A file of usage", "Names of its columns"


class Unit(StrEnum):
    """The unit of numbers."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "us"
    NANOSECONDS = "ns"


def _sign(delimiter: str) -> str:
    sign = "\t" if delimiter == "tab" else delimiter
    if len(sign) != 1 or not sign.isascii() or sign in '"\r\n\0' or sign.isalnum():
        raise typer.BadParameter("--delimiter is one ASCII character, not a letter, a digit or a quote; or the word tab")
    return sign


def _column(name: str, what: str) -> str:
    return f"The column with {what}. Without it: {name}."


def attribute(
    directory: Annotated[
        str,
        typer.Argument(
            metavar="DIRECTORY",
            help="A directory: a JSON document or a snapshot; or a journal, whose directory of its own moment books each row. "
            "- is standard input.",
        ),
    ],
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE", help="Usage: .parquet, .csv, .jsonl, .ndjson or .arrow, text also .gz or .zst; - is standard input."
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file for the answers, one for each row. Without it, only the summary is printed.",
            rich_help_panel=FILE,
        ),
    ] = None,
    keep_input: Annotated[
        bool, typer.Option("--keep-input", help="Put the columns of the file before the answers.", rich_help_panel=FILE)
    ] = False,
    prefix: Annotated[str, typer.Option("--prefix", help="The prefix of the names of the answers.", rich_help_panel=FILE)] = "",
    columns: Annotated[
        Columns, typer.Option("--columns", help="Which columns the answers have.", rich_help_panel=FILE)
    ] = Columns.BAILIWICK,
    nulls: Annotated[
        bool,
        typer.Option("--nulls", help="With the columns of FOCUS: leave SubAccountId null where no project is known.", rich_help_panel=FILE),
    ] = False,
    input_format: Annotated[
        Format | None, typer.Option("--input-format", help="The format of the file, if its name does not show it.", rich_help_panel=FILE)
    ] = None,
    output_format: Annotated[Format | None, typer.Option("--output-format", help="The same for the output.", rich_help_panel=FILE)] = None,
    cost: Annotated[
        str | None,
        typer.Option("--cost", metavar="COLUMN", help="Add up this column in the summary: money, exactly.", rich_help_panel=FILE),
    ] = None,
    tries_remedies: Annotated[
        bool, typer.Option("--remedies", help="Try what each remedy would bring back, for the summary.", rich_help_panel=FILE)
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 if a row cannot be attributed.", rich_help_panel=FILE)] = False,
    principal: Annotated[
        str | None, typer.Option("--principal", help="Whose usage it is, such as user:usr_ada.", rich_help_panel=ONE)
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="The kind of usage, such as file.", rich_help_panel=ONE)] = None,
    surface: Annotated[
        str | None, typer.Option("--surface", help="The surface on which the product was used.", rich_help_panel=ONE)
    ] = None,
    project: Annotated[str | None, typer.Option("--project", help="The intended project.", rich_help_panel=ONE)] = None,
    resource: Annotated[
        str | None, typer.Option("--resource", help="The resource that was used, such as file:f_1.", rich_help_panel=ONE)
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="INSTANT", help="The time, in RFC 3339; of all rows of a FILE. Without it, now.", rich_help_panel=ONE),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="The zone of times without one: UTC, +02:00, Europe/Zurich. Without it, such times are errors.",
            rich_help_panel=FILE,
        ),
    ] = None,
    at_unit: Annotated[
        Unit | None,
        typer.Option(
            "--at-unit", help="The unit of times that are numbers, which count from 1970. Without it, milliseconds.", rich_help_panel=FILE
        ),
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter",
            metavar="CHARACTER",
            help="The delimiter of CSV; tab is a tab. Without it, the header shows which of , ; and tab it is.",
            rich_help_panel=FILE,
        ),
    ] = None,
    principal_column: Annotated[str | None, typer.Option(help=_column("principal", "references"), rich_help_panel=NAMES)] = None,
    user_column: Annotated[
        str | None, typer.Option(help="A column with ids of users, in place of principals.", rich_help_panel=NAMES)
    ] = None,
    api_key_column: Annotated[
        str | None, typer.Option(help="A column with ids of API keys, which take precedence over users.", rich_help_panel=NAMES)
    ] = None,
    kind_column: Annotated[str | None, typer.Option(help=_column("kind", "kinds"), rich_help_panel=NAMES)] = None,
    surface_column: Annotated[str | None, typer.Option(help=_column("surface", "surfaces"), rich_help_panel=NAMES)] = None,
    project_column: Annotated[str | None, typer.Option(help=_column("project", "ids of projects"), rich_help_panel=NAMES)] = None,
    resource_column: Annotated[str | None, typer.Option(help=_column("resource", "references"), rich_help_panel=NAMES)] = None,
    at_column: Annotated[str | None, typer.Option(help=_column("at", "instants"), rich_help_panel=NAMES)] = None,
    policy: Policy = None,
    public_key: PublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Say where usage is booked, and why: for one record, or for every row of a file.

    A row that cannot be attributed stays in the answers, with an error code as its reason. The command still ends with 0, unless --strict
    is given.
    """
    if file is None:
        if principal is None or kind is None:
            raise typer.BadParameter("either a FILE, or --principal and --kind")
        if output is not None:
            raise typer.BadParameter("-o is for a FILE of usage")
        if cost is not None or tries_remedies:
            raise typer.BadParameter("--cost and --remedies are for a FILE of usage; `bailiwick why` says what remedies lead to")
        if any(value is not None for value in (time_zone, at_unit, delimiter)):
            raise typer.BadParameter("--time-zone, --at-unit and --delimiter are for a FILE of usage")
        source = load_source(directory, policy=policy, public_key=public_key)
        guard = source.at(at or datetime.now(UTC)) if isinstance(source, Timeline) else source
        booked = guard.attribute(principal, kind, surface=surface, project=project, resource=resource, at=at)
        print_json(booked.to_dict()) if as_json else show(attribution_facts(booked))
        return
    if any(value is not None for value in (principal, kind, surface, project, resource)):
        raise typer.BadParameter("--principal, --kind, --surface, --project and --resource are for one record; a FILE has columns")
    if at is not None and at_column is not None:
        raise typer.BadParameter("either --at for all rows, or --at-column")
    one_standard_input(directory, file)
    refuse_overwriting(output, directory, file)
    given = {
        "principal": principal_column,
        "user": user_column,
        "api_key": api_key_column,
        "kind": kind_column,
        "surface": surface_column,
        "project": project_column,
        "resource": resource_column,
        "at": at_column,
    }
    work = Work(
        file=file,
        output=output,
        names={name: column for name, column in given.items() if column is not None},
        at=None if at is None else instant_of(at, path="/at"),
        time_zone=time_zone,
        at_unit=None if at_unit is None else at_unit.value,
        delimiter=None if delimiter is None else _sign(delimiter),
        columns=columns,
        nulls=nulls,
        keep_input=keep_input,
        prefix=prefix,
        input_format=input_format,
        output_format=output_format,
        cost=cost,
        tries_remedies=tries_remedies,
    )
    unattributed = attribute_file(load_source(directory, policy=policy, public_key=public_key), work, as_json=as_json)
    if strict and unattributed:
        raise typer.Exit(Exit.NO)
