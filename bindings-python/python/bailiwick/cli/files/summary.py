"""The summary of a command that has written a file."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType

from ..terminal.console import print_json, show
from .input import STANDARD


def summarise(document: dict[str, Any], *drawn: RenderableType, output: str | None, as_json: bool) -> None:
    """Prints the summary to standard output, or to standard error if the file itself is standard output."""
    to_stderr = output == STANDARD
    if as_json:
        print_json(document, to_stderr=to_stderr)
    else:
        show(*drawn, to_stderr=to_stderr)
