"""Prints errors, and chooses exit codes."""

from __future__ import annotations

import os
import sys
from typing import Any

from rich.text import Text

from bailiwick import BailiwickError, ForbiddenError, UnreadableError

from .console import BAD, print_json, show, visible
from .exits import Exit
from .extras import NotInstalledError
from .redaction import redact_message

FILES = {"unreadable", "unwritable", "unreachable"}


class UnwritableError(BailiwickError, OSError):
    """A file that cannot be written."""

    def __init__(self, message: str) -> None:
        super().__init__("unwritable", None, message)


class UnreachableError(BailiwickError, OSError):
    """An address on which the server cannot listen."""

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", None, message)


def reason(error: OSError) -> str:
    """The message of the system, in the style of all other messages."""
    return (error.strerror or type(error).__name__).lower()


def exit_code(error: Exception) -> Exit:
    """The exit code for an error."""
    if isinstance(error, NotInstalledError):
        return error.exit
    if isinstance(error, ForbiddenError):
        return Exit.NO
    if isinstance(error, BailiwickError):
        return Exit.NO_FILE if error.code in FILES else Exit.BAD_INPUT
    return Exit.NO_FILE


def print_error(error: Exception, *, as_json: bool) -> None:
    """Print an error to standard error."""
    if isinstance(error, MemoryError):
        error = UnreadableError("unreadable", None, "it takes more memory than there is")
    if isinstance(error, OSError) and not isinstance(error, BailiwickError):
        # An error that no command handles, such as a full disk.
        error = UnwritableError(f"{f'`{error.filename}`: ' if error.filename else ''}{reason(error)}")
    if as_json:
        print_json({"error": _document(error)}, to_stderr=True)
        return
    # A message can repeat a word from the input, and that may be a misplaced secret.
    text = visible(redact_message(str(error)))
    show(Text.assemble(("error", f"bold {BAD}"), f": {text}"), to_stderr=True)


def _document(error: Exception) -> dict[str, Any]:
    """An error as JSON."""
    if not isinstance(error, BailiwickError):
        return {"code": "not_installed", "path": None, "message": str(error)}
    decision = {"decision": error.decision.to_dict()} if isinstance(error, ForbiddenError) else {}
    return {"code": error.code, "path": error.path, "message": redact_message(error.message), **decision}


def discard_output() -> None:
    """Redirects standard output to nowhere: the pipe is closed, and Python must not write to it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
