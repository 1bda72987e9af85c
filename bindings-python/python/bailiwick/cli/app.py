"""All commands, and what they share: printing errors, and ending the process."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bailiwick import BailiwickError, __version__

from .commands.apply import apply
from .commands.attribute import attribute
from .commands.check import check
from .commands.compile import compile_snapshot
from .commands.diff import diff
from .commands.findings import findings
from .commands.follow import follow
from .commands.inspect import inspect
from .commands.keys import keys
from .commands.listing import listings
from .commands.publish import publish
from .commands.reconcile import reconcile
from .commands.review import review
from .commands.serve import serve
from .commands.test import test
from .commands.timeline import timeline
from .commands.validate import validate
from .commands.why import why
from .files.atomic_output import remove_drafts
from .terminal.errors import discard_output, exit_code, print_error
from .terminal.exits import Exit
from .terminal.extras import NotInstalledError
from .terminal.interruption import Interrupted, end_by, watch


class Commands(TyperGroup):
    """Commands whose errors are printed with code, path and message, and decide the exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            discard_output()
            raise typer.Exit(Exit.BROKEN_PIPE) from error
        except (BailiwickError, NotInstalledError, OSError, MemoryError) as error:
            # `--json` is remembered there; see options.py.
            print_error(error, as_json=bool(ctx.obj))
            raise typer.Exit(exit_code(error)) from error


app: typer.Typer = typer.Typer(
    name="bailiwick",
    cls=Commands,
    help="Who may do what in an organization's projects, and where their usage is booked.",
    no_args_is_help=True,
    # A traceback shows the values of variables, which may be secrets.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"bailiwick {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)] = False,
) -> None:
    pass


app.command("check")(check)
app.command("why")(why)
app.command("diff")(diff)
app.command("test")(test)
app.command("review")(review)
app.command("findings")(findings)
app.command("attribute")(attribute)
app.add_typer(timeline, name="timeline")
app.add_typer(listings, name="list")
app.command("validate")(validate)
app.command("apply")(apply)
app.command("reconcile")(reconcile)
app.command("compile")(compile_snapshot)
app.command("inspect")(inspect)
app.add_typer(keys, name="keys")
app.command("publish")(publish)
app.command("follow")(follow)
app.command("serve")(serve)


def run() -> None:
    """Run the command that the arguments name, and end the process."""
    watch(remove_drafts)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal lacks becomes a question mark. JSON is written as bytes, see terminal/console.py.
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="bailiwick")
    except Interrupted as interrupted:
        end_by(interrupted)
