"""What a command says that has written a file."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType

from ..terminal.console import print_json, show
from .input import STANDARD


def summarise(document: dict[str, Any], *drawn: RenderableType, output: str | None, as_json: bool) -> None:
    """Says what was done: on the output, or beside it if the file itself is there."""
    is_beside = output == STANDARD
    if as_json:
        print_json(document, is_beside=is_beside)
    else:
        show(*drawn, is_beside=is_beside)
