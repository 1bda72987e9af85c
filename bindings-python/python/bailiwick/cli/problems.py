"""What is told when a command fails, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import typer
from rich.text import Text

from bailiwick import BailiwickError, ForbiddenError

from .exits import Exit
from .extras import NotInstalledError
from .output import error_console, visible

FILES = {"unreadable", "unwritable", "unreachable"}


class UnwritableError(BailiwickError, OSError):
    """A file that cannot be written."""

    def __init__(self, message: str) -> None:
        super().__init__("unwritable", None, message)


class UnreachableError(BailiwickError, OSError):
    """An address that cannot be listened to."""

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", None, message)


def reason(error: OSError) -> str:
    """What the system says, in the style of all other messages."""
    return (error.strerror or type(error).__name__).lower()


def exit_code(error: Exception) -> Exit:
    """With which code a command ends that fails like this."""
    if isinstance(error, NotInstalledError):
        return error.exit
    if isinstance(error, ForbiddenError):
        return Exit.NO
    if isinstance(error, BailiwickError):
        return Exit.NO_FILE if error.code in FILES else Exit.BAD_INPUT
    return Exit.NO_FILE


def error_document(error: BailiwickError) -> dict[str, Any]:
    """An error as JSON."""
    decision = {"decision": error.decision.to_dict()} if isinstance(error, ForbiddenError) else {}
    return {"error": {"code": error.code, "path": error.path, "message": error.message, **decision}}


def tell(error: Exception, *, as_json: bool) -> None:
    """Say on the error output what is wrong."""
    if isinstance(error, OSError) and not isinstance(error, BailiwickError):
        # The disk is full, say: something that no part of the command has put into words.
        error = UnwritableError(f"{f'`{error.filename}`: ' if error.filename else ''}{reason(error)}")
    if as_json and isinstance(error, BailiwickError):
        typer.echo(json.dumps(error_document(error), ensure_ascii=False), err=True)
    elif as_json:
        typer.echo(json.dumps({"error": {"code": "not_installed", "path": None, "message": str(error)}}), err=True)
    else:
        error_console().print(Text("error", "bold red"), Text(visible(error)), sep=": ", soft_wrap=True)


def leave_pipe() -> None:
    """Nobody reads the output any more: nothing may be written to it, not even when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
