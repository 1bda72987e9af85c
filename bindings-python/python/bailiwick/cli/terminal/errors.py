"""What is told when a command fails, and with which exit code it ends."""

from __future__ import annotations

import os
import sys
from typing import Any

from rich.text import Text

from bailiwick import BailiwickError, ForbiddenError, UnreadableError

from .console import BAD, print_json, show, visible
from .exits import Exit
from .extras import NotInstalledError
from .redaction import covered_message

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


def tell(error: Exception, *, as_json: bool) -> None:
    """Say on the error output what is wrong."""
    if isinstance(error, MemoryError):
        error = UnreadableError("unreadable", None, "it takes more memory than there is")
    if isinstance(error, OSError) and not isinstance(error, BailiwickError):
        # The disk is full, say: something that no part of the command has put into words.
        error = UnwritableError(f"{f'`{error.filename}`: ' if error.filename else ''}{reason(error)}")
    if as_json:
        print_json({"error": _document(error)}, is_beside=True)
        return
    # A message can repeat a word that stands where the engine knows all words; people put secrets everywhere.
    text = visible(covered_message(str(error)))
    show(Text.assemble(("error", f"bold {BAD}"), f": {text}"), is_beside=True)


def _document(error: Exception) -> dict[str, Any]:
    """An error as JSON."""
    if not isinstance(error, BailiwickError):
        return {"code": "not_installed", "path": None, "message": str(error)}
    decision = {"decision": error.decision.to_dict()} if isinstance(error, ForbiddenError) else {}
    return {"code": error.code, "path": error.path, "message": covered_message(error.message), **decision}


def leave_pipe() -> None:
    """Nobody reads the output any more: nothing may be written to it, not even when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
